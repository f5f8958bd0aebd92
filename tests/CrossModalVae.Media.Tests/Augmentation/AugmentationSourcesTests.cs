using CrossModalVae.Audio;
using CrossModalVae.Augmentation;
using CrossModalVae.Numerics;

namespace CrossModalVae.Media.Tests.Augmentation;

public sealed class AugmentationSourcesTests : IDisposable
{
    private static readonly VoiceAugmentationOptions All = new();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_MusanLayout_ListsEachKindInOrderWhateverTheFileSystems()
    {
        Wav("musan", "noise", "free-sound", "b.wav");
        Wav("musan", "noise", "free-sound", "a.WAV");
        Wav("musan", "noise", "sound-bible", "c.wav");
        Wav("musan", "music", "fma", "m.wav");
        Wav("musan", "speech", "librivox", "s.wav");
        _folder.Write("musan/noise/README", "text");

        AugmentationSources sources = AugmentationSources.Open(All, _folder["musan"], null);

        Assert.Equal(
            [
                _folder["musan", "noise", "free-sound", "a.WAV"],
                _folder["musan", "noise", "free-sound", "b.wav"],
                _folder["musan", "noise", "sound-bible", "c.wav"],
            ],
            sources.NoiseFiles);
        Assert.Equal([_folder["musan", "music", "fma", "m.wav"]], sources.MusicFiles);
        Assert.Equal([_folder["musan", "speech", "librivox", "s.wav"]], sources.SpeechFiles);
        Assert.Empty(sources.ResponseFiles);
        Assert.NotEqual(AugmentationSources.Generated.Fingerprint, sources.Fingerprint);
        Wav("musan", "noise", "more.wav");
        Assert.NotEqual(sources.Fingerprint, AugmentationSources.Open(All, _folder["musan"], null).Fingerprint);
    }

    [Fact]
    public void Open_RirsNoisesLayout_LeavesItsNoisesOut()
    {
        Wav("RIRS_NOISES", "simulated_rirs", "smallroom", "Room001", "Room001-00001.wav");
        Wav("RIRS_NOISES", "real_rirs_isotropic_noises", "RVB2014_type1_rir_largeroom1_far_anglb.wav");
        Wav("RIRS_NOISES", "real_rirs_isotropic_noises", "RVB2014_type1_noise_largeroom1_1.wav");
        Wav("RIRS_NOISES", "pointsource_noises", "noise-free-sound-0000.wav");

        AugmentationSources sources = AugmentationSources.Open(All, null, _folder["RIRS_NOISES"]);

        Assert.Equal(["RVB2014_type1_rir_largeroom1_far_anglb.wav", "Room001-00001.wav"], sources.ResponseFiles.Select(Path.GetFileName));
    }

    [Fact]
    public void Open_MissingOrEmptyFolder_IsOneSentence()
    {
        string absent = _folder["nowhere"];
        Directory.CreateDirectory(_folder["empty"]);
        Wav("noises", "noise", "a.wav");

        Assert.Equal(
            $"{absent}: there is no such folder; expected noise/, music/ and speech/ of wav files (MUSAN's layout).",
            Assert.Throws<DirectoryNotFoundException>(() => AugmentationSources.Open(All, absent, null)).Message);
        Assert.Equal(
            $"{absent}: there is no such folder; expected wav files of room impulse responses (the layout of RIRS_NOISES, or any other).",
            Assert.Throws<DirectoryNotFoundException>(() => AugmentationSources.Open(All, null, absent)).Message);
        Assert.Equal(
            $"{_folder["noises"]}: has no wav file under 'music', which the recipe's augmentation uses; "
            + "expected noise/, music/ and speech/ of wav files (MUSAN's layout).",
            Assert.Throws<InvalidDataException>(() => AugmentationSources.Open(All, _folder["noises"], null)).Message);
        Assert.Equal(
            $"{_folder["empty"]}: has no wav file that is a room impulse response; expected wav files of room impulse responses "
            + "(the layout of RIRS_NOISES, or any other).",
            Assert.Throws<InvalidDataException>(() => AugmentationSources.Open(All, null, _folder["empty"])).Message);
        Assert.Single(
            AugmentationSources.Open(All with { MusicProbability = 0, BabbleProbability = 0 }, _folder["noises"], null).NoiseFiles);
    }

    [Fact]
    public void RandomCrop_LongShortAndOtherRates_GivesAPartOrRepeats()
    {
        float[] ramp = [.. Enumerable.Range(0, 4_000).Select(n => n / 8_000f)];
        WavFile.Write(_folder["long.wav"], ramp, Signals.Rate);
        WavFile.Write(_folder["short.wav"], ramp.AsSpan(0, 300), Signals.Rate);
        WavFile.Write(_folder["other.wav"], Signals.Tone(1_000, 4_000), 8_000); // at its own rate a tone of 500 Hz
        var reader = new RecordingReader(Signals.Rate);
        var random = new SeededRandom(1);

        int[] starts = [.. Enumerable.Range(0, 50).Select(_ =>
        {
            float[] crop = reader.RandomCrop(new VoiceSegment(_folder["long.wav"]), 1_000, random);
            int start = (int)Math.Round(crop[0] * 8_000);
            Assert.Equal(ramp[start..(start + 1_000)], crop, (a, b) => Math.Abs(a - b) < 1e-4);
            return start;
        })];
        float[] repeated = reader.RandomCrop(new VoiceSegment(_folder["short.wav"]), 1_000, random);
        float[] resampled = reader.RandomCrop(new VoiceSegment(_folder["other.wav"]), 4_000, random);

        Assert.InRange(starts.Max() - starts.Min(), 2_000, 3_000);
        Assert.All(Enumerable.Range(0, 1_000), n => Assert.Equal(ramp[n % 300], repeated[n], 1e-4f));
        Assert.Equal(500, Signals.Frequency(resampled.AsSpan(200, 3_600), 500), 0.5);
    }

    private void Wav(params string[] parts) => WavFile.Write(_folder[parts], new float[] { 0.1f, 0.2f }, Signals.Rate);
}
