using System.Diagnostics;

namespace CrossModalVae.TestSupport;

/// <summary>Debian's Python as an oracle where a machine has it; tests skip elsewhere.</summary>
internal static class Python
{
    private const string Interpreter = "/usr/bin/python3";

    /// <summary>Whether the interpreter can import all of these modules.</summary>
    public static bool Has(params string[] modules) =>
        File.Exists(Interpreter) && Start($"import {string.Join(", ", modules)}", []).ExitCode == 0;

    /// <summary>What a program prints; fails the test where the program fails.</summary>
    public static string Run(string program, params string[] arguments)
    {
        (int exitCode, string output, string errors) = Start(program, arguments);
        Assert.True(exitCode == 0, errors);
        return output.Trim();
    }

    private static (int ExitCode, string Output, string Errors) Start(string program, string[] arguments)
    {
        var info = new ProcessStartInfo(Interpreter, ["-c", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(info)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors.Result);
    }
}
