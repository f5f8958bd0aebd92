using System.Runtime.InteropServices;

namespace CrossModalVae.Training;

/// <summary>
/// A libtorch that the machine has, for example in a Python installation of PyTorch (site-packages/torch/lib), in place of one that the
/// application carries: TorchSharp's documented way (dotnet/TorchSharp issue 169). The environment variable names its folder.
/// </summary>
public static partial class ExternalLibtorch
{
    /// <summary>The environment variable that names the folder.</summary>
    public const string Variable = "CMVAE_LIBTORCH";

    private const string Binding = "libLibTorchSharp.so";
    private const int ResolveNow = 2; // RTLD_NOW of dlfcn.h

    // In the order of their needs; a libtorch without CUDA lacks two of them.
    private static readonly (string File, bool Needed)[] Files =
    [
        ("libc10.so", true), ("libtorch_cpu.so", true), ("libc10_cuda.so", false), ("libtorch_cuda.so", false), ("libtorch.so", true),
    ];

    /// <summary>The folder that the environment names, or null.</summary>
    public static string? Folder => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } folder ? folder : null;

    /// <summary>Loads the libtorch of the folder, where the environment names one. Its libraries stay loaded.</summary>
    /// <exception cref="DllNotFoundException">
    /// The folder holds no libtorch, one that does not load or lacks a symbol that TorchSharp needs, or the application carries a libtorch
    /// of its own; marked as a user's error.
    /// </exception>
    internal static void Load()
    {
        if (Folder is string folder)
        {
            Load(
                folder,
                [
                    AppContext.BaseDirectory,
                    .. (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "")
                        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
                ]);
        }
    }

    /// <summary>Loads a folder's libtorch for the TorchSharp in one of the folders that the runtime searches.</summary>
    internal static void Load(string folder, IReadOnlyList<string> searched)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw Refusal($"{Variable} is set; another libtorch can be loaded on Linux only.");
        }

        if (searched.Select(own => Path.Combine(own, "libtorch_cpu.so")).FirstOrDefault(File.Exists) is string carried)
        {
            throw Refusal(
                $"{Variable} is set, but this application carries a libtorch of its own, {carried}: unset it, "
                + "or build the application without one (LIBTORCH=external ./build.sh build).");
        }

        foreach ((string name, bool needed) in Files)
        {
            string path = Path.GetFullPath(Path.Combine(folder, name));
            if (File.Exists(path))
            {
                Load(path);
            }
            else if (needed)
            {
                throw Refusal($"{Variable} is '{folder}': {name} is not there; expected the folder of a libtorch.");
            }
        }

        // Symbols are else resolved at their first call, where a missing one ends the process.
        string? binding = searched.Select(own => Path.Combine(own, Binding)).FirstOrDefault(File.Exists);
        if (binding is not null && Open(binding, ResolveNow) == 0)
        {
            string reason = Marshal.PtrToStringUTF8(Error()) ?? "";
            throw Refusal($"The libtorch in '{folder}' does not fit the TorchSharp of this application: {reason}.");
        }
    }

    private static void Load(string path)
    {
        try
        {
            _ = NativeLibrary.Load(path);
        }
        catch (DllNotFoundException e)
        {
            throw Refusal($"{path}: cannot be loaded: {e.Message.ReplaceLineEndings(" ").Trim()}");
        }
    }

    private static DllNotFoundException Refusal(string message) => UserError.Mark(new DllNotFoundException(message));

    [LibraryImport("libc", EntryPoint = "dlopen", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial nint Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "dlerror")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial nint Error();
}
