using System.Diagnostics;

namespace CrossModalVae.Audio.Ffmpeg;

/// <summary>Finds ffmpeg on the PATH and starts it: without a shell, without network access; it may open files only.</summary>
internal static class FfmpegProgram
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static string Name => OperatingSystem.IsWindows() ? "ffmpeg.exe" : "ffmpeg";

    /// <summary>Path of ffmpeg; where there is none, the message names the file that needs it.</summary>
    public static string Find(string mediaPath, string? searchPath = null) =>
        TryFind(searchPath) ?? throw new FileNotFoundException(
            $"{mediaPath}: {Path.GetExtension(mediaPath)} files are read through the program 'ffmpeg', which is not on the PATH; "
            + "install it, or convert the file to wav.",
            Name);

    /// <summary>Path of ffmpeg, or null. <paramref name="searchPath"/> has folders as in PATH; null is the process's PATH.</summary>
    public static string? TryFind(string? searchPath = null) =>
        (searchPath ?? Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, Name))
            .FirstOrDefault(candidate =>
                File.Exists(candidate) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(candidate) & Executable) != 0));

    /// <summary>Starts decoding a file's first sound track to the pipe, as a Sun .au file of 32-bit floats at its own rate.</summary>
    public static Process Start(string program, string mediaPath, double startSeconds, double? durationSeconds)
    {
        // "file:" and a full path: no name is taken for an option or a protocol. -xerror: a damaged file is refused, not read in part.
        var info = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] start = startSeconds > 0 ? ["-ss", Text(startSeconds)] : [];
        string[] length = durationSeconds is double duration ? ["-t", Text(duration)] : [];
        string[] arguments =
        [
            "-nostdin", "-hide_banner", "-loglevel", "error", "-xerror", "-threads", "1", "-protocol_whitelist", "file,pipe",
            .. start, .. length, "-i", $"file:{Path.GetFullPath(mediaPath)}", "-map", "0:a:0", "-c:a", "pcm_f32be", "-f", "au", "pipe:1",
        ];
        foreach (string argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        Process process = Process.Start(info)!;
        process.StandardInput.Close();
        return process;
    }

    private static string Text(double seconds) => seconds.ToString("0.######", CultureInfo.InvariantCulture);
}
