using System.Diagnostics;
using System.Runtime.InteropServices;
using CrossModalVae.Audio;

namespace CrossModalVae.Media.Tests.Audio;

/// <summary>ffmpeg as an oracle, and as a maker of files.</summary>
internal static class Decoded
{
    public static void Require() => Tool.Require(AudioFile.FfmpegPath is not null, "ffmpeg on the PATH");

    /// <summary>Runs ffmpeg, which must succeed.</summary>
    public static void Ffmpeg(params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("ffmpeg", ["-nostdin", "-loglevel", "error", "-y", .. arguments]))!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>What ffmpeg decodes: the mean of the channels.</summary>
    public static float[] ByFfmpeg(string path, int channels)
    {
        string raw = path + ".raw";
        Ffmpeg("-i", path, "-map", "0:a:0", "-c:a", "pcm_f64le", "-f", "f64le", raw);
        double[] all = MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(raw)).ToArray();
        return [.. all.Chunk(channels).Select(block => (float)(block.Sum() / channels))];
    }

    /// <summary>A second of a chirp with a little noise, 16 kHz.</summary>
    public static short[] Sound(int count = 16_000)
    {
        var random = new CrossModalVae.Numerics.SeededRandom(7);
        return
        [
            .. Enumerable.Range(0, count).Select(n =>
                (short)((9_000 * Math.Sin(n * (0.02 + (n * 2e-5)))) + (200 * random.NextDouble(-1, 1)))),
        ];
    }
}
