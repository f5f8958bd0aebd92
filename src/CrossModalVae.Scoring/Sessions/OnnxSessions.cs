using Microsoft.ML.OnnxRuntime;

namespace CrossModalVae.Scoring.Sessions;

/// <summary>Opens ONNX Runtime sessions on a device; what is missing is named, and nothing falls back to the CPU.</summary>
internal static class OnnxSessions
{
    private const string CudaProvider = "CUDAExecutionProvider";
    private const string TensorRtProvider = "TensorrtExecutionProvider";

    // y = Relu(x) of [1, 4], operator set 17, as ONNX writes it.
    private const string TrialGraph =
        "CAg6PwoMCgF4EgF5IgRSZWx1EgV0cmlhbFoTCgF4Eg4KDAgBEggKAggBCgIIBGITCgF5Eg4KDAgBEggKAggBCgIIBEIECgAQEQ==";

    /// <summary>
    /// Options of a session; on a CUDA device a graph that is not ours may leave nodes, such as those of shapes, to the CPU.
    /// </summary>
    /// <exception cref="OnnxRuntimeException">A library of the device's is missing.</exception>
    public static SessionOptions CreateOptions(ExecutionDevice device, bool allowsCpuNodes = false)
    {
        NativeEngine.Require(() => _ = OrtEnv.Instance(), () => NativeEngine.OnnxRuntimeMissing);
        if (device.CudaIndex is not int index)
        {
            // One thread a run, several runs at a time: batches side by side fill the cores without waiting for one another inside each
            // layer, and no idle thread of ONNX Runtime's spins on a core that gathers rows.
            return new SessionOptions { IntraOpNumThreads = 1 };
        }

        var options = new SessionOptions();
        try
        {
            AppendProviders(options, device.UsesTensorRt, index.ToString(CultureInfo.InvariantCulture));
            if (!allowsCpuNodes)
            {
                options.AddSessionConfigEntry("session.disable_cpu_ep_fallback", "1");
            }

            return options;
        }
        catch
        {
            options.Dispose();
            throw;
        }
    }

    /// <summary>Why a device does not run a graph of one node; null where it does.</summary>
    public static string? WhyNot(ExecutionDevice device)
    {
        NativeEngine.Require(() => _ = OrtEnv.Instance(), () => NativeEngine.OnnxRuntimeMissing);
        if (device == ExecutionDevice.Cpu)
        {
            return null;
        }

        string needed = device.UsesTensorRt ? TensorRtProvider : CudaProvider;
        string[] providers = OrtEnv.Instance().GetAvailableProviders();
        if (!providers.Contains(needed))
        {
            return $"this ONNX Runtime has no {needed}, only {string.Join(", ", providers)}: "
                + "build with -p:Accelerator=cuda (package Microsoft.ML.OnnxRuntime.Gpu)";
        }

        try
        {
            using SessionOptions options = CreateOptions(device);
            using var session = new InferenceSession(Convert.FromBase64String(TrialGraph), options);
            using var run = new RunOptions();
            using OrtValue input = OrtValue.CreateTensorValueFromMemory(new float[4], [1, 4]);
            session.Run(run, ["x"], [input], ["y"]).Dispose();
            return null;
        }
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
        {
            return $"ONNX Runtime's {needed} does not start: {string.Join(' ', e.Message.Split('\n', StringSplitOptions.TrimEntries))}"
                + " ('cmvae doctor' says what is missing)";
        }
    }

    public static InferenceSession Load(string modelFile, SessionOptions options, ExecutionDevice device) =>
        Load(modelFile, () => new InferenceSession(modelFile, options), device);

    /// <summary>The same of a file that is in memory; its weights are there too.</summary>
    public static InferenceSession Load(string modelFile, byte[] content, SessionOptions options, ExecutionDevice device) =>
        Load(modelFile, () => new InferenceSession(content, options), device);

    // ONNX Runtime gives each provider, in the order they are appended, the nodes that it knows and none before it took.
    private static void AppendProviders(SessionOptions options, bool usesTensorRt, string index)
    {
        if (usesTensorRt)
        {
            using var tensorRt = new OrtTensorRTProviderOptions();
            tensorRt.UpdateOptions(new Dictionary<string, string> { ["device_id"] = index });
            options.AppendExecutionProvider_Tensorrt(tensorRt);
        }

        // float32 is float32: TF32 would keep 10 bits of each factor. Who wants less precision exports it.
        using var cuda = new OrtCUDAProviderOptions();
        cuda.UpdateOptions(new Dictionary<string, string> { ["device_id"] = index, ["use_tf32"] = "0" });
        options.AppendExecutionProvider_CUDA(cuda);
    }

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
