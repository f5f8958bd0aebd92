using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>
/// Session options for a CUDA device. The genuine GPU package builds the provider in; here it is a library beside the application (put there
/// by -p:Accelerator=cuda) that is registered at run time. Without that library both fail alike, for want of the entry point.
/// </summary>
internal static class CudaProvider
{
    private const string Name = "CUDAExecutionProvider";
    private const string Library = "libonnxruntime_providers_cuda.so";

    public static SessionOptions Options(int device)
    {
        string library = Path.Combine(AppContext.BaseDirectory, Library);
        if (!File.Exists(library))
            return SessionOptions.MakeSessionOptionWithCudaProvider(device);
        var environment = OrtEnv.Instance();
        if (Devices(environment).Length == 0)
            environment.RegisterExecutionProviderLibrary(Name, library);
        var devices = Devices(environment);
        Checks.Param(device >= 0 && device < devices.Length, "gpuDeviceId",
            $"CUDA device {device} was asked for, but ONNX Runtime's {Name} offers {devices.Length} device(s).");
        var options = new SessionOptions();
        options.AppendExecutionProvider(environment, [devices[device]], new Dictionary<string, string>());
        return options;
    }

    private static OrtEpDevice[] Devices(OrtEnv environment) => [.. environment.GetEpDevices().Where(device => device.EpName == Name)];
}
