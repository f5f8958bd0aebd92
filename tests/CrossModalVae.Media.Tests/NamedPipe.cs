using System.Diagnostics;

namespace CrossModalVae.Media.Tests;

/// <summary>A named pipe that nobody writes into: opening it waits for ever.</summary>
internal static class NamedPipe
{
    /// <summary>Far more than a refusal takes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static void Make(string path)
    {
        using Process process = Process.Start("mkfifo", [path]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
