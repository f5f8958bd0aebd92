using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CrossModalVae.Cli.Tests;

/// <summary>Runs the command line: in this process, or as a process of its own where signals are wanted.</summary>
internal static class Cmvae
{
    internal static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = await CommandLine.RunAsync(args, TextWriter.Synchronized(output), TextWriter.Synchronized(error));
        return (exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Starts the program and hands over its lines on the error stream as they come.</summary>
    internal static Process Start(Action<string> onErrorLine, params string[] args) => Start(onErrorLine, _ => { }, args);

    /// <summary>The same with the lines on the output stream.</summary>
    internal static Process Start(Action<string> onErrorLine, Action<string> onOutputLine, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, .. args])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, e) =>
        {
            if (e.Data is string line)
            {
                onOutputLine(line);
            }
        };
        process.ErrorDataReceived += (_, e) =>
        {
            if (e.Data is string line)
            {
                onErrorLine(line);
            }
        };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return process;
    }

    /// <summary>Makes a folder for PATH, whose cmvae is this program.</summary>
    internal static string OnPath(TemporaryFolder folder)
    {
        string program = folder.Write("bin/cmvae", $"#!/usr/bin/env bash\nexec dotnet '{typeof(CommandLine).Assembly.Location}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return Path.GetDirectoryName(program)!;
    }

    private const int InterruptSignal = 2;

    /// <summary>Sends what Ctrl-C sends.</summary>
    internal static void Interrupt(Process process) => Signal(process, InterruptSignal);

    /// <summary>Sends a signal.</summary>
    internal static void Signal(Process process, int signal) => Assert.Equal(0, Kill(process.Id, signal));

    // By the system call: slim container images carry no program of the name.
    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);

    /// <summary>Starts the program, and kills it when it writes the n-th line that begins so.</summary>
    public static async Task KillAtAsync(TimeSpan patience, string line, int number, string[] args)
    {
        var lines = new List<string>();
        int seen = 0;
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using Process process = Start(
            text =>
            {
                lines.Add(text);
                if (text.StartsWith(line, StringComparison.Ordinal) && ++seen == number)
                {
                    reached.TrySetResult();
                }
            },
            args);
        await Task.WhenAny(reached.Task, process.WaitForExitAsync()).WaitAsync(patience);
        Assert.True(reached.Task.IsCompleted, string.Join('\n', lines));
        process.Kill();
        await process.WaitForExitAsync().WaitAsync(patience);
    }
}
