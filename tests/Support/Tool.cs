using System.Diagnostics;

namespace CrossModalVae.TestSupport;

/// <summary>Programs that tests compare with or read through: Python's modules, ffmpeg.</summary>
internal static class Tool
{
    private const string BuildServer = "CI";

    /// <summary>Skips a test where a machine lacks a tool; fails it where CI=true, since build.sh installs what tests need.</summary>
    /// <param name="isThere">Whether it is there.</param>
    /// <param name="what">What it is, for the reason: "Python with numpy".</param>
    internal static void Require(bool isThere, string what) => Require(isThere, what, Environment.GetEnvironmentVariable(BuildServer));

    /// <summary>The same for a value of the variable CI.</summary>
    internal static void Require(bool isThere, string what, string? buildServer)
    {
        Assert.True(
            isThere || buildServer != "true",
            $"{what} is not here; must be where {BuildServer}=true: ./build.sh installs what tests need.");
        Skip.IfNot(isThere, $"{what} is not here.");
    }

    /// <summary>Runs a program to its end; false where it fails or there is none.</summary>
    internal static bool Succeeds(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            errors.Wait();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
