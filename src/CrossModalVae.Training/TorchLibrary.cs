using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using TorchSharp;

namespace CrossModalVae.Training;

/// <summary>TorchSharp's native library, which the application brings.</summary>
internal static partial class TorchLibrary
{
    private const string Name = "LibTorchSharp";

    private const string SpinCount = "GOMP_SPINCOUNT";
    private const string WaitPolicy = "OMP_WAIT_POLICY";
    private const string BoundedSpin = "10000";

    // Parameters of mallopt (malloc.h) and their values: 2 GiB is more than a step frees at once. Blocks of 16 MiB and more go back all the
    // same: kept, they split, and the peak of large batches grows by a tenth.
    private const int TrimThreshold = -1;
    private const int MapThreshold = -3;
    private const int LargestMapThreshold = 16 << 20;

    /// <summary>Loads libtorch, with the spinning of its idle threads bounded and the memory of a step kept for the next.</summary>
    /// <exception cref="DllNotFoundException">It is not there or cannot be loaded; the message says which package to
    /// add, or what this system, or the libtorch of <see cref="ExternalLibtorch"/>, lacks.</exception>
    public static void Require()
    {
        BoundSpinning();
        KeepFreedMemory();
        ExternalLibtorch.Load();
        NativeEngine.Require(() => _ = torch.get_num_threads(), () => Sentence(LoaderMessage()));
    }

    /// <summary>
    /// Bounds how long idle threads of libtorch's OpenMP (GNU libgomp) spin before they sleep, in a process that has not loaded libtorch
    /// yet: libgomp reads its settings when it is loaded. By default they spin for milliseconds, on cores that the program's other threads
    /// need; with OMP_WAIT_POLICY=passive they sleep at once and are woken too late for small layers. Does nothing where OMP_WAIT_POLICY or
    /// GOMP_SPINCOUNT is set, or on systems other than Linux.
    /// </summary>
    internal static void BoundSpinning()
    {
        if (OperatingSystem.IsLinux()
            && Environment.GetEnvironmentVariable(SpinCount) is null
            && Environment.GetEnvironmentVariable(WaitPolicy) is null)
        {
            // .NET keeps a copy of the environment on Linux; libraries see what the C library holds.
            _ = SetEnvironmentVariable(SpinCount, BoundedSpin, 0);
        }
    }

    /// <summary>
    /// Lets the C library keep what a training step frees: by default glibc gives large blocks back to the system, which has to clear their
    /// pages again in the next step (for convolutional towers a fifth of the time). Does nothing where the environment sets glibc's
    /// thresholds, or where there is no glibc.
    /// </summary>
    private static void KeepFreedMemory()
    {
        string[] settings = ["MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_", "GLIBC_TUNABLES"];
        if (!OperatingSystem.IsLinux() || settings.Any(name => Environment.GetEnvironmentVariable(name) is not null))
        {
            return;
        }

        try
        {
            _ = SetAllocator(TrimThreshold, int.MaxValue);
            _ = SetAllocator(MapThreshold, LargestMapThreshold);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library, as musl, has no such settings.
        }
    }

    /// <summary>What to do about a library that the system's loader refuses with a message, empty where it has none.</summary>
    internal static string Sentence(string loaderMessage)
    {
        Match version = MissingVersion().Match(loaderMessage);
        return version.Success
            ? $"libtorch cannot be loaded: TorchSharp's lib{Name}.so requires {version.Value} of libstdc++, which this system lacks; "
                + "it is part of gcc 13 (Debian 13, Ubuntu 24.04). "
                + "The tool CrossModalVae.Cli packed on this system carries a copy that loads here."
            : "libtorch cannot be loaded: add the package TorchSharp-cpu (or TorchSharp-cuda-linux, TorchSharp-cuda-windows) "
                + "to the application, in the version of TorchSharp, or name the folder of such a libtorch in "
                + $"{ExternalLibtorch.Variable}.";
    }

    private static string LoaderMessage()
    {
        try
        {
            NativeLibrary.Free(NativeLibrary.Load(Name, typeof(torch).Assembly, searchPath: null));
            return "";
        }
        catch (DllNotFoundException e)
        {
            return e.Message;
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int SetEnvironmentVariable(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int SetAllocator(int parameter, int value);

    [GeneratedRegex(@"GLIBCXX_[0-9.]*[0-9]")]
    private static partial Regex MissingVersion();
}
