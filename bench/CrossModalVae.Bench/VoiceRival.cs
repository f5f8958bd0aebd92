using System.Diagnostics;
using System.Globalization;

namespace CrossModalVae.Bench;

/// <summary>A way in Python (rivals/voice_features.py) that has started up, warmed up, and waits for the word to run over all files.</summary>
internal sealed class VoiceRival : IDisposable
{
    private const string Script = "voice_features.py";
    private readonly Process _process;

    public VoiceRival(string python, string way, string chain, string list, int processes)
    {
        Way = way;
        _process = Start(python, "--way", way, "--chain", chain, "--list", list, "--processes", processes.ToString(CultureInfo.InvariantCulture));
    }

    public string Way { get; }

    /// <summary>The version of what a way is built on, or null where it cannot be imported.</summary>
    public static string? Version(string python, string way)
    {
        try
        {
            using Process process = Start(python, "--way", way, "--probe");
            string version = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 ? version : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // no such program
        }
    }

    /// <summary>Runs over all files; the seconds are the rival's own, without start-up.</summary>
    public double Run() => double.Parse(Ask("run"), CultureInfo.InvariantCulture);

    /// <summary>Writes the features of the first files to an npy file.</summary>
    public void Save(string path) => Ask($"save {path}");

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static Process Start(string python, params string[] arguments)
    {
        var start = new ProcessStartInfo(python, [Path.Combine(AppContext.BaseDirectory, "rivals", Script), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = arguments.Contains("--probe"),
        };

        // In the rivals' favour: glibc keeps their arrays instead of giving them back to the kernel after each clip; numpy and torch are up to three times faster.
        start.Environment.TryAdd("MALLOC_MMAP_THRESHOLD_", "1073741824");
        start.Environment.TryAdd("MALLOC_TRIM_THRESHOLD_", "1073741824");
        start.Environment.TryAdd("MALLOC_TOP_PAD_", "67108864");
        return Process.Start(start)!;
    }

    private string Ask(string question)
    {
        _process.StandardInput.WriteLine(question);
        _process.StandardInput.Flush();
        return _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{Script} --way {Way} ended before it answered '{question}'.");
    }
}
