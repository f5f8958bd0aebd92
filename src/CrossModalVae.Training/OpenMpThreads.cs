using System.Runtime.InteropServices;

namespace CrossModalVae.Training;

/// <summary>
/// How long idle threads of libtorch's OpenMP (GNU libgomp) spin before they sleep. By default they spin for milliseconds, on
/// cores that the program's other threads need; with OMP_WAIT_POLICY=passive they sleep at once and are woken too late for
/// small layers. A bounded spin lies between.
/// </summary>
internal static partial class OpenMpThreads
{
    private const string SpinCount = "GOMP_SPINCOUNT";
    private const string WaitPolicy = "OMP_WAIT_POLICY";
    private const string BoundedSpin = "10000";

    /// <summary>
    /// Bounds the spinning of a process that has not loaded libtorch yet; later it has no effect, since libgomp reads its
    /// settings when it is loaded. <see cref="TorchLibrary"/> calls it first. Does nothing where OMP_WAIT_POLICY or
    /// GOMP_SPINCOUNT is set, or on systems other than Linux.
    /// </summary>
    public static void BoundSpinning()
    {
        if (OperatingSystem.IsLinux()
            && Environment.GetEnvironmentVariable(SpinCount) is null
            && Environment.GetEnvironmentVariable(WaitPolicy) is null)
        {
            // .NET keeps a copy of the environment on Linux; libraries see what the C library holds.
            _ = SetEnvironmentVariable(SpinCount, BoundedSpin, 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int SetEnvironmentVariable(string name, string value, int overwrite);
}
