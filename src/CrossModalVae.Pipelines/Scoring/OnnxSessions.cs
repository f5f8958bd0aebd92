using Microsoft.ML.OnnxRuntime;

namespace CrossModalVae.Pipelines.Scoring;

/// <summary>Opens ONNX Runtime sessions on a device, loudly: what is missing is named, and nothing falls back to the CPU.</summary>
internal static class OnnxSessions
{
    private const string CudaProvider = "CUDAExecutionProvider";

    /// <summary>ONNX Runtime builds without the provider inside (the system stack's) take it from this library beside the application.</summary>
    private const string CudaLibrary = "libonnxruntime_providers_cuda.so";

    public static SessionOptions CreateOptions(ExecutionDevice device)
    {
        if (device.CudaIndex is not int index)
        {
            // One thread a run, several runs at a time: batches side by side fill the cores without waiting for one another inside each layer,
            // and no idle thread of ONNX Runtime's spins on a core that gathers rows.
            return new SessionOptions { IntraOpNumThreads = 1 };
        }

        string[] providers = OrtEnv.Instance().GetAvailableProviders();
        string library = Path.Combine(AppContext.BaseDirectory, CudaLibrary);
        bool isBuiltIn = providers.Contains(CudaProvider);
        if (!isBuiltIn && !File.Exists(library))
        {
            throw new InvalidOperationException(
                $"Device '{device}' was asked for, but this ONNX Runtime has no {CudaProvider}, only {string.Join(", ", providers)}; "
                + "build with -p:Accelerator=cuda (package Microsoft.ML.OnnxRuntime.Gpu) or choose cpu. Nothing falls back.");
        }

        var options = new SessionOptions();
        try
        {
            if (isBuiltIn)
            {
                options.AppendExecutionProvider_CUDA(index);
            }
            else
            {
                AppendRegistered(options, library, index);
            }

            options.AddSessionConfigEntry("session.disable_cpu_ep_fallback", "1");
            return options;
        }
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
        {
            options.Dispose();
            throw new InvalidOperationException($"Device '{device}' was asked for, but ONNX Runtime's {CudaProvider} does not start: {e.Message}", e);
        }
    }

    private static void AppendRegistered(SessionOptions options, string library, int index)
    {
        OrtEnv environment = OrtEnv.Instance();
        if (CudaDevices(environment).Length == 0)
        {
            environment.RegisterExecutionProviderLibrary(CudaProvider, library);
        }

        OrtEpDevice[] devices = CudaDevices(environment);
        if (index >= devices.Length)
        {
            options.Dispose();
            throw new InvalidOperationException($"Device 'cuda:{index}' was asked for, but ONNX Runtime's {CudaProvider} finds {devices.Length} devices. Nothing falls back.");
        }

        options.AppendExecutionProvider(environment, [devices[index]], new Dictionary<string, string>());
    }

    private static OrtEpDevice[] CudaDevices(OrtEnv environment) => [.. environment.GetEpDevices().Where(device => device.EpName == CudaProvider)];

    public static InferenceSession Load(string modelFile, SessionOptions options, ExecutionDevice device)
    {
        try
        {
            return new InferenceSession(modelFile, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw device.CudaIndex is null
                ? new InvalidDataException($"{modelFile}: not a model that ONNX Runtime can load: {e.Message}", e)
                : new InvalidOperationException($"{modelFile}: ONNX Runtime cannot run the model on device '{device}': {e.Message}", e);
        }
    }
}
