using System.Diagnostics;

namespace CrossModalVae.Bench;

/// <summary>One run of the command line as a process of its own: how long it took, how much memory, and when a certain line came.</summary>
internal sealed record CommandRun(double Seconds, long PeakBytes, double SecondsToLine)
{
    /// <summary>Processor time of all threads, as it was at most 20 ms before the end.</summary>
    public required double ProcessorSeconds { get; init; }

    public static string DefaultProgram =>
        Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "CrossModalVae.Cli", "release", "cmvae.dll"));

    /// <summary>
    /// Runs to the end; <see cref="SecondsToLine"/> is when a line on the error stream began as given, NaN where none did.
    /// </summary>
    /// <exception cref="InvalidOperationException">The command failed.</exception>
    public static CommandRun Of(string cmvae, string line, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [cmvae, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        var watch = Stopwatch.StartNew();
        using var process = Process.Start(start)!;
        string lastError = "";
        double secondsToLine = double.NaN;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, e) =>
        {
            lastError = e.Data ?? lastError;
            if (double.IsNaN(secondsToLine) && e.Data?.StartsWith(line, StringComparison.Ordinal) == true)
            {
                secondsToLine = watch.Elapsed.TotalSeconds;
            }
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        long peak = 0;
        double processor = 0;
        while (!process.WaitForExit(20))
        {
            process.Refresh();
            (long bytes, double busy) = Used(process);
            (peak, processor) = (Math.Max(peak, bytes), Math.Max(processor, busy));
        }

        double seconds = watch.Elapsed.TotalSeconds;
        process.WaitForExit();
        return process.ExitCode == 0
            ? new CommandRun(seconds, peak, secondsToLine) { ProcessorSeconds = processor }
            : throw new InvalidOperationException(
                $"cmvae {string.Join(' ', arguments)} ended with exit code {process.ExitCode}: {lastError}");
    }

    private static (long Bytes, double Seconds) Used(Process process)
    {
        try
        {
            // The kernel's high-water mark: nothing between two looks is missed.
            return (process.PeakWorkingSet64, process.TotalProcessorTime.TotalSeconds);
        }
        catch (InvalidOperationException)
        {
            return default; // ended between the wait and the look
        }
    }
}
