namespace CrossModalVae.Cli.Workflows;

/// <summary>What a GPU's provider of ONNX Runtime needs: the library's file, where it was found, and how to get it.</summary>
/// <param name="Name">What it is.</param>
/// <param name="File">The file that is loaded.</param>
/// <param name="Path">Where it is, links resolved; null where it is not.</param>
/// <param name="How">How to get it.</param>
internal sealed record CudaPart(string Name, string File, string? Path, string How);

/// <summary>
/// Looks for the libraries that scoring on a GPU loads, by the loader's rules: beside the program, in LD_LIBRARY_PATH, where
/// /etc/ld.so.conf says, and in the system's folders.
/// </summary>
internal sealed class CudaParts(IReadOnlyList<string> folders)
{
    /// <summary>The environment variable that the loader takes folders from.</summary>
    internal const string PathVariable = "LD_LIBRARY_PATH";

    private const string Pip = "pip install {0}, and its folder lib in " + PathVariable;
    private const string Ours = "build with ACCELERATOR=cuda (package Microsoft.ML.OnnxRuntime.Gpu), which puts it beside the program";

    // What the providers of ONNX Runtime 1.31 ask the loader for; cuDNN they load when a graph needs it.
    private static readonly (string Name, string File, string How)[] Cuda =
    [
        ("NVIDIA driver", "libcuda.so.1",
            "install NVIDIA's driver, 580 or later (Debian and Ubuntu: nvidia-driver-580; "
            + "containers: nvidia-container-toolkit and --gpus all)"),
        ("CUDA 13 runtime", "libcudart.so.13", Get("nvidia-cuda-runtime", "cuda-cudart-13-0")),
        ("cuBLAS 13", "libcublas.so.13", Get("nvidia-cublas", "libcublas-13-0")),
        ("cuBLASLt 13", "libcublasLt.so.13", Get("nvidia-cublas", "libcublas-13-0")),
        ("cuRAND 10", "libcurand.so.10", Get("nvidia-curand", "libcurand-13-0")),
        ("cuDNN 9", "libcudnn.so.9", Get("nvidia-cudnn-cu13", "cudnn9-cuda-13")),
        ("shared provider", "libonnxruntime_providers_shared.so", Ours),
        ("CUDA provider", "libonnxruntime_providers_cuda.so", Ours),
    ];

    private static readonly (string Name, string File, string How)[] TensorRt =
    [
        ("TensorRT provider", "libonnxruntime_providers_tensorrt.so", Ours),
        ("TensorRT 10", "libnvinfer.so.10", Get("tensorrt-cu13-libs", "libnvinfer10")),
        ("TensorRT parser", "libnvonnxparser.so.10", Get("tensorrt-cu13-libs", "libnvonnxparsers10")),
    ];

    /// <summary>The folders that this process's loader searches.</summary>
    internal static CudaParts OfThisProcess() => new(
    [
        AppContext.BaseDirectory,
        Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native"),
        .. (Environment.GetEnvironmentVariable(PathVariable) ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries),
        .. Configured("/etc/ld.so.conf.d"),
        "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/lib", "/usr/lib",
    ]);

    /// <summary>What device cuda needs, in the order in which to get it.</summary>
    internal IReadOnlyList<CudaPart> OfCuda() => [.. Cuda.Select(Find)];

    /// <summary>What device tensorrt needs besides.</summary>
    internal IReadOnlyList<CudaPart> OfTensorRt() => [.. TensorRt.Select(Find)];

    /// <summary>What is said of a part: where it is, or that it lacks and how to get it.</summary>
    internal static string Finding(CudaPart part) => part.Path ?? $"lacks {part.File}: {part.How}";

    /// <summary>What a device needs, in a line.</summary>
    internal static string InShort(IEnumerable<CudaPart> parts)
    {
        string[] missing = [.. parts.Where(part => part.Path is null).Select(part => part.File)];
        return missing.Length == 0 ? "all parts are here" : $"cannot start: lacks {string.Join(", ", missing)}";
    }

    private static string Get(string wheel, string package) =>
        $"{string.Format(CultureInfo.InvariantCulture, Pip, wheel)}; or from NVIDIA's apt repository {package}";

    // The folders that distributions and CUDA's packages register.
    private static IEnumerable<string> Configured(string folder) => !Directory.Exists(folder) ? [] :
        Directory.GetFiles(folder, "*.conf").Order(StringComparer.Ordinal)
            .SelectMany(File.ReadLines)
            .Select(line => line.Trim())
            .Where(line => line.StartsWith('/'));

    private CudaPart Find((string Name, string File, string How) part)
    {
        string? path = folders.Select(folder => Path.Combine(folder, part.File)).FirstOrDefault(File.Exists);
        string? target = path is null ? null : File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        return new CudaPart(part.Name, part.File, target, part.How);
    }
}
