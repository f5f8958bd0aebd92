using CrossModalVae.Audio;

namespace CrossModalVae.Media.Tests.Audio;

/// <summary>On real recordings: the GRID clips in tests/fixtures, and ../shared/data where it lies beside the checkout.</summary>
public class RealVoiceTests
{
    // The mean of 297 numbers of unit deviation in single precision.
    private const double Zero = 1e-6;

    [SkippableFact]
    public void LiteralOrderOfTheReport_RealClips_IsZeroForEverybody()
    {
        string[] files = Wavs("tests", "fixtures", "grid");
        var frontEnd = new VoiceFrontEnd(
            new VoiceOptions { Normalisation = FeatureNormalisation.ClipOverTime, Pooling = TimePooling.None });

        // Normalise each bin over time, then average over time: what VoiceOptions refuses to do.
        foreach (string file in files)
        {
            float[] frames = frontEnd.Extract(file); // [297, 512]
            for (int k = 0; k < 512; k++)
            {
                double mean = Enumerable.Range(0, 297).Average(frame => (double)frames[(frame * 512) + k]);
                Assert.InRange(mean, -Zero, Zero);
            }
        }
    }

    [SkippableFact]
    public void CorpusOrder_RealClips_TellsSpeakersApart()
    {
        string[] files = Wavs("tests", "fixtures", "grid");
        var frontEnd = new VoiceFrontEnd(new VoiceOptions());

        // Average over time, normalise over the clips: every feature varies, and no two clips are alike.
        float[][] rows = [.. files.Select(file => frontEnd.Extract(file))];

        for (int k = 0; k < frontEnd.FeatureCount; k++)
        {
            double mean = rows.Average(row => (double)row[k]);
            double deviation = Math.Sqrt(rows.Average(row => Math.Pow(row[k] - mean, 2)));
            Assert.InRange(deviation / mean, 0.1, 10);
        }
    }

    [SkippableTheory]
    [InlineData("fsdd")] // 8 kHz, most of them shorter than a second
    [InlineData("librispeech")]
    public void Extract_SharedRecordings_AreReadWhole(string corpus)
    {
        string[] files = Wavs("..", "shared", "data", corpus);
        var frontEnd = new VoiceFrontEnd(
            new VoiceOptions { Pooling = TimePooling.MeanAndDeviation, Compression = SpectrumCompression.Log });

        Assert.All(files, file => Assert.All(frontEnd.Extract(file), x => Assert.InRange(x, 0, 20)));
    }

    private static string[] Wavs(params string[] parts)
    {
        for (DirectoryInfo? root = new(AppContext.BaseDirectory); root is not null; root = root.Parent)
        {
            // In a git worktree ../shared lies one level further up.
            string folder = Path.Combine([root.FullName, .. parts]);
            if (Directory.Exists(folder))
            {
                string[] files = Directory.GetFiles(folder, "*.wav", SearchOption.AllDirectories);
                Assert.NotEmpty(files);
                return files;
            }
        }

        throw new SkipException($"{Path.Combine(parts)} is not beside this checkout.");
    }
}
