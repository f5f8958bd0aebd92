using System.Diagnostics;

namespace CrossModalVae.Audio.Ffmpeg;

/// <summary>Finds ffmpeg on the PATH and starts it: without a shell, without network access; it may open files only.</summary>
internal static class FfmpegProgram
{
    private const UnixFileMode Executable = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private static string Name => OperatingSystem.IsWindows() ? "ffmpeg.exe" : "ffmpeg";

    /// <summary>
    /// Path of ffmpeg; where there is none, the message names the file that needs it, and what it is ("a file of the kind FLAC") where that
    /// is not in its name.
    /// </summary>
    public static string Find(string mediaPath, string? kind = null, string? searchPath = null) =>
        TryFind(searchPath) ?? throw Missing(mediaPath, kind);

    public static FileNotFoundException Missing(string mediaPath, string? kind)
    {
        string what = kind is null ? $"{Path.GetExtension(mediaPath)} files are" : $"is {kind}, which is";
        return new FileNotFoundException(
            $"{mediaPath}: {what} read through the program 'ffmpeg', which is not on the PATH; "
            + "install it, or convert the file to wav.",
            Name);
    }

    /// <summary>Path of ffmpeg, or null. <paramref name="searchPath"/> has folders as in PATH; null is the process's PATH.</summary>
    public static string? TryFind(string? searchPath = null) =>
        (searchPath ?? Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, Name))
            .FirstOrDefault(candidate =>
                File.Exists(candidate) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(candidate) & Executable) != 0));

    /// <summary>
    /// Starts decoding a file's first sound track to the pipe, as a Sun .au file of 32-bit floats at its own rate. A damaged file is
    /// refused, not read in part, but where <paramref name="decodesDamaged"/>.
    /// </summary>
    public static Process Start(string program, string mediaPath, double startSeconds, double? durationSeconds, bool decodesDamaged)
    {
        string[] strict = decodesDamaged ? [] : ["-xerror"];
        string[] start = startSeconds > 0 ? ["-ss", Text(startSeconds)] : [];
        string[] length = durationSeconds is double duration ? ["-t", Text(duration)] : [];
        return Start(program, mediaPath, [.. strict, .. start, .. length], ["-c:a", "pcm_f32be", "-f", "au", "pipe:1"]);
    }

    /// <summary>Starts decoding a file to nowhere, for the messages.</summary>
    public static Process StartForMessages(string program, string mediaPath) => Start(program, mediaPath, [], ["-f", "null", "-"]);

    private static Process Start(string program, string mediaPath, string[] before, string[] after)
    {
        // "file:" and a full path: no name is taken for an option or a protocol.
        var info = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments =
        [
            "-nostdin", "-hide_banner", "-loglevel", "error", "-threads", "1", "-protocol_whitelist", "file,pipe", .. before,
            "-i", $"file:{Path.GetFullPath(mediaPath)}", "-map", "0:a:0", .. after,
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
