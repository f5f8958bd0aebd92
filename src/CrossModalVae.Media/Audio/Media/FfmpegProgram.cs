using System.Diagnostics;

namespace CrossModalVae.Audio.Media;

/// <summary>The ffmpeg on the PATH and how it is asked for sound. No shell takes part, and no network: only files may be opened.</summary>
internal static class FfmpegProgram
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static string Name => OperatingSystem.IsWindows() ? "ffmpeg.exe" : "ffmpeg";

    /// <summary>Where ffmpeg is.</summary>
    /// <param name="mediaPath">The file that needs it, for the message.</param>
    /// <param name="searchPath">Folders as in PATH; null is the process's.</param>
    public static string Find(string mediaPath, string? searchPath = null) =>
        TryFind(searchPath) ?? throw new FileNotFoundException(
            $"{mediaPath}: {Path.GetExtension(mediaPath)} files are read through the program 'ffmpeg', which is not on the PATH; "
            + "install it, or convert the file to wav.",
            Name);

    /// <summary>Where ffmpeg is, or null.</summary>
    /// <param name="searchPath">Folders as in PATH; null is the process's.</param>
    public static string? TryFind(string? searchPath = null) =>
        (searchPath ?? Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, Name))
            .FirstOrDefault(candidate =>
                File.Exists(candidate) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(candidate) & Executable) != 0));

    /// <summary>
    /// Starts decoding the first sound track of a file to the pipe as 32-bit floats at its own rate and channels,
    /// after a header (Sun's .au) that names both.
    /// </summary>
    public static Process Start(string program, string mediaPath, double startSeconds, double? durationSeconds)
    {
        // "file:" and a whole path: no name is taken for an option or a protocol. -xerror: a damaged
        // file is refused, not read as far as it goes.
        var info = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Add("-nostdin", "-hide_banner", "-loglevel", "error", "-xerror", "-threads", "1", "-protocol_whitelist", "file,pipe");
        if (startSeconds > 0)
        {
            Add("-ss", Text(startSeconds));
        }

        if (durationSeconds is double duration)
        {
            Add("-t", Text(duration));
        }

        Add("-i", $"file:{Path.GetFullPath(mediaPath)}", "-map", "0:a:0", "-c:a", "pcm_f32be", "-f", "au", "pipe:1");
        Process process = Process.Start(info)!;
        process.StandardInput.Close();
        return process;

        void Add(params string[] arguments)
        {
            foreach (string argument in arguments)
            {
                info.ArgumentList.Add(argument);
            }
        }
    }

    private static string Text(double seconds) => seconds.ToString("0.######", CultureInfo.InvariantCulture);
}
