using System.Diagnostics;
using System.Globalization;

namespace CrossModalVae.Bench;

/// <summary>
/// A way in Python (a server under rivals/) that has started up, warmed up, and waits for the word to run over all files.
/// </summary>
internal sealed class PythonRival : IDisposable
{
    private readonly Process _process;
    private readonly string _script;

    /// <param name="python">The interpreter.</param>
    /// <param name="script">A file of rivals/.</param>
    /// <param name="way">One of its ways.</param>
    /// <param name="choice">The script's own option and its value.</param>
    /// <param name="list">A file that lists the files, one a line.</param>
    /// <param name="processes">Processes or threads.</param>
    public PythonRival(string python, string script, string way, (string Name, string Value) choice, string list, int processes)
    {
        (Way, _script) = (way, script);
        _process = Start(
            python, script, "--way", way, choice.Name, choice.Value, "--list", list,
            "--processes", processes.ToString(CultureInfo.InvariantCulture));
    }

    public string Way { get; }

    /// <summary>The version of what a way is built on, or null where it cannot be imported.</summary>
    public static string? Version(string python, string script, string way)
    {
        try
        {
            using Process process = Start(python, script, "--way", way, "--probe");
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

    private static Process Start(string python, string script, params string[] arguments)
    {
        var start = new ProcessStartInfo(python, [Path.Combine(AppContext.BaseDirectory, "rivals", script), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = arguments.Contains("--probe"),
        };

        // In the rivals' favour: glibc keeps their arrays instead of giving them back to the kernel after each clip;
        // numpy and torch are up to three times faster.
        start.Environment.TryAdd("MALLOC_MMAP_THRESHOLD_", "1073741824");
        start.Environment.TryAdd("MALLOC_TRIM_THRESHOLD_", "1073741824");
        start.Environment.TryAdd("MALLOC_TOP_PAD_", "67108864");
        return Process.Start(start)!;
    }

    private string Ask(string question)
    {
        _process.StandardInput.WriteLine(question);
        _process.StandardInput.Flush();
        return _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException($"{_script} --way {Way} ended before it answered '{question}'.");
    }
}
