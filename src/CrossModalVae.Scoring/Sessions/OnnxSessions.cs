using Microsoft.ML.OnnxRuntime;

namespace CrossModalVae.Scoring.Sessions;

/// <summary>Opens ONNX Runtime sessions on a device; what is missing is named, and nothing falls back to the CPU.</summary>
internal static class OnnxSessions
{
    private const string CudaProvider = "CUDAExecutionProvider";

    /// <summary>
    /// Options of a session; on a CUDA device a graph that is not ours may leave nodes, such as those of shapes, to the CPU.
    /// </summary>
    public static SessionOptions CreateOptions(ExecutionDevice device, bool allowsCpuNodes = false)
    {
        NativeEngine.Require(() => _ = OrtEnv.Instance(), () => NativeEngine.OnnxRuntimeMissing);
        if (device.CudaIndex is not int index)
        {
            // One thread a run, several runs at a time: batches side by side fill the cores without waiting for one another inside each
            // layer, and no idle thread of ONNX Runtime's spins on a core that gathers rows.
            return new SessionOptions { IntraOpNumThreads = 1 };
        }

        string[] providers = OrtEnv.Instance().GetAvailableProviders();
        if (!providers.Contains(CudaProvider))
        {
            throw UserError.Mark(new InvalidOperationException(
                $"Device '{device}' was asked for, but this ONNX Runtime has no {CudaProvider}, only {string.Join(", ", providers)}; "
                + "build with -p:Accelerator=cuda (package Microsoft.ML.OnnxRuntime.Gpu) or choose cpu. Nothing falls back."));
        }

        var options = new SessionOptions();
        try
        {
            options.AppendExecutionProvider_CUDA(index);
            if (!allowsCpuNodes)
            {
                options.AddSessionConfigEntry("session.disable_cpu_ep_fallback", "1");
            }

            return options;
        }
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
        {
            options.Dispose();
            throw UserError.Mark(new InvalidOperationException(
                $"Device '{device}' was asked for, but ONNX Runtime's {CudaProvider} does not start: {e.Message}", e));
        }
    }

    public static InferenceSession Load(string modelFile, SessionOptions options, ExecutionDevice device) =>
        Load(modelFile, () => new InferenceSession(modelFile, options), device);

    /// <summary>The same of a file that is in memory; its weights are there too.</summary>
    public static InferenceSession Load(string modelFile, byte[] content, SessionOptions options, ExecutionDevice device) =>
        Load(modelFile, () => new InferenceSession(content, options), device);

    private static InferenceSession Load(string modelFile, Func<InferenceSession> open, ExecutionDevice device)
    {
        try
        {
            return open();
        }
        catch (OnnxRuntimeException e)
        {
            throw device.CudaIndex is null
                ? new InvalidDataException($"{modelFile}: not a model that ONNX Runtime can load: {e.Message}", e)
                : UserError.Mark(new InvalidOperationException(
                    $"{modelFile}: ONNX Runtime cannot run the model on device '{device}': {e.Message}", e));
        }
    }
}
