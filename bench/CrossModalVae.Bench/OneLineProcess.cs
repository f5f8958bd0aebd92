using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace CrossModalVae.Bench;

/// <summary>A process that measures for itself and says what it found in one line, "key=value key=value".</summary>
internal sealed class OneLineProcess
{
    private readonly Dictionary<string, string> _values;

    private OneLineProcess(string line) =>
        _values = line.Split(' ').Select(part => part.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);

    /// <summary>The path of a script under rivals/.</summary>
    public static string Rival(string script) => Path.Combine(AppContext.BaseDirectory, "rivals", script);

    /// <summary>Whether there is such a Python and it imports a module.</summary>
    public static bool CanImport(string python, string module)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(python, ["-c", $"import {module}"]) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false; // no such program
        }
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static OneLineProcess Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments);

        // What ours sets for itself; without it libgomp's threads spin beside OpenBLAS's, and PyTorch
        // is several times slower on a busy machine.
        start.Environment.TryAdd("OMP_WAIT_POLICY", "passive");
        return Run(start);
    }

    /// <summary>Runs this program once more, with other arguments.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static OneLineProcess RunSelf(params string[] arguments)
    {
        string program = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(program) == "dotnet"; // else this program published with its own runtime
        return Run(new ProcessStartInfo(program, isHost ? [typeof(OneLineProcess).Assembly.Location, .. arguments] : arguments));
    }

    private static OneLineProcess Run(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        string line = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return process.ExitCode == 0
            ? new OneLineProcess(line)
            : throw new InvalidOperationException(
                $"{start.FileName} {string.Join(' ', start.ArgumentList)} ended with exit code {process.ExitCode}; expected 0.");
    }

    public string Text(string key) => _values[key];

    public double Number(string key) => double.Parse(_values[key], CultureInfo.InvariantCulture);
}
