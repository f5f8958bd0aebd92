using System.Runtime.InteropServices;
using CrossModalVae.Audio;
using Xunit.Abstractions;

namespace CrossModalVae.Media.Tests.Audio;

/// <summary>
/// The largest error of every preset on real voices: every number of the first clip of every LibriSpeech speaker in
/// ../shared/data against the published tool in double precision (Golden/Audio/make_presets_golden.py). Prints what the
/// documentation of <see cref="VoicePresets"/> states.
/// </summary>
public sealed class VoiceErrorTests(ITestOutputHelper output) : IDisposable
{
    // The documented bound for real clips, in units of each bin's standard deviation over time; VoicePresets states each preset's error.
    private const double Promised = 2e-4;

    private const string Program = """
        import sys
        sys.path.insert(0, sys.argv[1])
        import numpy as np
        import make_presets_golden as golden
        features = golden.PRESETS.get(sys.argv[2], golden.report)
        with open(sys.argv[3], "wb") as out:
            for clip in sys.argv[4:]:
                s = features(clip)
                s = s - s.mean(0)
                out.write((s / s.std(0)).astype("<f8").tobytes())
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [Trait("Category", "Slow")]
    [InlineData("report")]
    [InlineData("voxceleb-scipy")]
    [InlineData("vgg-matlab")]
    [InlineData("log-mel-64")]
    [InlineData("log-mel-80")]
    [InlineData("kaldi-fbank")]
    public void Extract_RealVoices_ErrsNoMoreThanPromised(string name)
    {
        string corpus = Path.Combine(Fixtures.Shared, "librispeech");
        Skip.IfNot(Directory.Exists(corpus), "../shared/data/librispeech is not here.");
        Tool.Require(Python.Has("scipy", "torchaudio"), "Python with scipy and torchaudio");
        string[] clips = [.. Directory.EnumerateDirectories(corpus).Order(StringComparer.Ordinal).Select(FirstLongClip).OfType<string>()];
        string file = _folder["expected.f64"];
        Python.Run(Program, [Path.Combine(AppContext.BaseDirectory, "Golden", "Audio"), name, file, .. clips]);
        double[] expected = MemoryMarshal.Cast<byte, double>(File.ReadAllBytes(file)).ToArray(); // [clips, frames, bins]
        var frontEnd = new VoiceFrontEnd(VoicePresets.Get(name) with
        {
            TwoSided = false,
            Pooling = TimePooling.None,
            Normalisation = FeatureNormalisation.ClipOverTime,
        });

        float[] actual = [.. clips.SelectMany(clip => frontEnd.Extract(clip))];

        Assert.True(clips.Length > 40);
        Assert.Equal(expected.Length, actual.Length);
        double[] errors = [.. expected.Zip(actual, (e, a) => Math.Abs(e - a)).Order()];
        output.WriteLine(
            $"{name}: {clips.Length} clips, largest error {errors[^1]:E1}, "
            + $"99.99 percent within {errors[(int)(0.9999 * errors.Length)]:E1}");
        Assert.InRange(errors[^1], 0, Promised);
    }

    /// <summary>A speaker's first clip that no preset has to lengthen.</summary>
    private static string? FirstLongClip(string speaker) =>
        Directory.EnumerateFiles(speaker, "*.wav")
            .Order(StringComparer.Ordinal)
            .FirstOrDefault(file => WavFile.Read(file).Samples.Length >= 48_240);
}
