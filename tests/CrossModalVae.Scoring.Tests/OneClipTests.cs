using CrossModalVae.Audio;
using CrossModalVae.Corpora;
using CrossModalVae.Faces;

namespace CrossModalVae.Scoring.Tests;

/// <summary>One clip without a manifest: paths, bytes, streams, samples and pixels give the same embedding.</summary>
public sealed class OneClipTests : IDisposable
{
    // The same network on one row and on many: a matrix product of one row may add in another order.
    private const float OneRowTolerance = 1e-4f;

    private readonly TemporaryFolder _folder = new();
    private readonly Manifest _grid = ManifestReader.Read(TestFiles.GridManifest);
    private readonly ScoringModel _model;

    public OneClipTests()
    {
        ModelFolders.Write(_folder["model"], ModelFolders.Recipe());
        _model = ScoringModel.Load(_folder["model"]);
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void EmbedVoice_PathBytesStreamAndSamples_GiveEmbedsRow()
    {
        Clip clip = _grid.Clips[0];
        string path = _grid.VoicePath(clip)!;
        byte[] bytes = File.ReadAllBytes(path);

        ClipPosterior ofPath = _model.EmbedVoice(path);
        using var stream = new MemoryStream(bytes);

        Assert.Equal(ofPath.Mean, _model.EmbedVoice(bytes).Mean);
        Assert.Equal(ofPath.LogVariance, _model.EmbedVoice(stream).LogVariance);
        Assert.Equal(ofPath.Mean, _model.EmbedVoice(WavFile.Read(path)).Mean);
        AssertClose(_model.Embed(_grid, Modality.Voice)[0], ofPath.Mean);
    }

    [Fact]
    public void EmbedFace_BytesStreamAndPixels_GiveEmbedsRow()
    {
        Clip clip = _grid.Clips[0] with { Faces = [_grid.Clips[0].Faces[0]] };
        string path = _grid.FacePaths(clip)[0];
        byte[] bytes = File.ReadAllBytes(path);
        using var stream = new MemoryStream(bytes);

        ClipPosterior ofBytes = _model.EmbedFace(bytes);

        Assert.Equal(ofBytes.Mean, _model.EmbedFace(stream).Mean);
        AssertClose(_model.Embed(_grid.With([clip]), Modality.Face)[0], ofBytes.Mean);
        AssertClose(ofBytes.Mean, _model.EmbedFace(FaceImage.Load(path)).Mean);
    }

    [Fact]
    public void EmbedVoice_ManyThreads_GiveTheSameNumbers()
    {
        byte[][] sounds = [.. _grid.Clips.Select(clip => File.ReadAllBytes(_grid.VoicePath(clip)!))];
        float[][] expected = [.. sounds.Select(sound => _model.EmbedVoice(sound).Mean)];

        Parallel.For(0, 8 * sounds.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
            Assert.Equal(expected[i % sounds.Length], _model.EmbedVoice(sounds[i % sounds.Length]).Mean));
    }

    [Fact]
    public void ScoreVoices_RowsTogether_AreTheRowsAlone()
    {
        float[][] rows = [.. _grid.Clips.Take(9).Select(clip => _model.VoiceFeatures(File.ReadAllBytes(_grid.VoicePath(clip)!)))];

        PosteriorRows together = _model.ScoreVoices(rows.SelectMany(row => row).ToArray(), rows.Length);

        Assert.Equal(9, together.Count);
        for (int i = 0; i < rows.Length; i++)
        {
            ClipPosterior alone = _model.ScoreVoices(rows[i], 1)[0];
            AssertClose(alone.Mean, together.Mean(i));
            AssertClose(alone.LogVariance, together.LogVariance(i));
        }
    }

    [Theory]
    [InlineData("", "the sound: is empty; expected the bytes of a sound file.")]
    [InlineData("4F676753000200000000000000000000", "the sound: is a file of the kind Ogg; expected the bytes of an uncompressed wav or "
        + "NIST SPHERE file: others are decoded from files only.")]
    public void EmbedVoice_BytesThatAreNoSound_AreRefusedInOneSentence(string hex, string expected)
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => _model.EmbedVoice(Convert.FromHexString(hex)));

        Assert.Equal(expected, error.Message);
    }

    [Fact]
    public void EmbedVoice_TruncatedWav_SaysWhere()
    {
        byte[] bytes = File.ReadAllBytes(_grid.VoicePath(_grid.Clips[0])!);

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => _model.EmbedVoice(bytes.AsMemory(0, 1000), "upload 7"));

        Assert.StartsWith("upload 7: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EmbedFace_BytesThatAreNoPicture_AreRefusedInOneSentence()
    {
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => _model.EmbedFace("no picture"u8.ToArray(), "upload 8"));

        Assert.Equal(
            "upload 8: begins with the bytes 6E6F2070; expected a complete JPEG or PNG image (FFD8 or 89504E47).", error.Message);
    }

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual) =>
        Near.AssertEqual(expected, actual, OneRowTolerance);
}
