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

    /// <summary>Loads libtorch, with the spinning of its idle threads bounded.</summary>
    /// <exception cref="DllNotFoundException">It is not there or cannot be loaded; the message says which package to
    /// add, or what this system lacks.</exception>
    public static void Require()
    {
        BoundSpinning();
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

    /// <summary>What to do about a library that the system's loader refuses with a message, empty where it has none.</summary>
    internal static string Sentence(string loaderMessage)
    {
        Match version = MissingVersion().Match(loaderMessage);
        return version.Success
            ? $"libtorch cannot be loaded: TorchSharp's lib{Name}.so requires {version.Value} of libstdc++, which this system lacks; "
                + "it is part of gcc 13 (Debian 13, Ubuntu 24.04). "
                + "The tool CrossModalVae.Cli packed on this system carries a copy that loads here."
            : "libtorch cannot be loaded: add the package TorchSharp-cpu (or TorchSharp-cuda-linux, TorchSharp-cuda-windows) "
                + "to the application, in the version of TorchSharp.";
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

    [GeneratedRegex(@"GLIBCXX_[0-9.]*[0-9]")]
    private static partial Regex MissingVersion();
}
