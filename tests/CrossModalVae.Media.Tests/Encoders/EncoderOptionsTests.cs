using CrossModalVae.Audio;
using CrossModalVae.Encoders;
using CrossModalVae.Faces;

namespace CrossModalVae.Media.Tests.Encoders;

public sealed class EncoderOptionsTests
{
    [Fact]
    public void FaceOptions_WithAnEncoder_RefuseWhatItDecidesItself()
    {
        var options = new FaceOptions
        {
            Width = 32,
            Frames = FramePooling.Separate,
            Normalisation = FaceNormalisation.Clip,
            Encoder = new FaceEncoderOptions { Size = 112, Mean = [1, 2], Deviation = [1, 0, 1], BoxMargin = 5, Sha256 = "x" },
        };

        ArgumentException error = Assert.Throws<ArgumentException>(options.Validate);

        Assert.Equal(
            "Section 'encoder': 'Mean' is [1, 2]; must be three numbers, red, green and blue, and each be finite, or none. "
            + "'Deviation' is [1, 0, 1]; must be three numbers, red, green and blue, and each be above 0, or none. "
            + "'BoxMargin' is 5; must be -0.5 to 4. 'Sha256' is x; must be 64 lower-case hexadecimal digits, or empty. "
            + "'Width' is 32 and 'Height' 23, and there is an encoder of 112 x 112 pixels; leave both out. "
            + "'Frames' is Separate and there is an encoder, whose vectors are averaged; must be Mean, First or Sampled. "
            + "'Normalisation' is Clip and there is an encoder, whose vectors it would be of; must be Corpus or None.",
            error.Message);
    }

    [Fact]
    public void VoiceOptions_WithAnEncoder_RefuseWhatItDecidesItself()
    {
        var options = new VoiceOptions
        {
            Encoder = new VoiceEncoderOptions { Takes = VoiceEncoderInput.Samples, Frames = FrameNormalisation.Mean },
        };

        ArgumentException error = Assert.Throws<ArgumentException>(options.Validate);

        Assert.Equal(
            "Section 'encoder': 'Takes' is Samples, and 'Layout' or 'Frames' is given; samples have no frames, so neither may be. "
            + "'Pooling' is Mean and there is an encoder, which pools the frames itself; 'Pooling' must be None.",
            error.Message);
    }

    [Theory]
    [InlineData(VoiceEncoderPreset.WespeakerResnet34, 298, 80)]
    [InlineData(VoiceEncoderPreset.EcapaTdnn, 298, 80)]
    [InlineData(VoiceEncoderPreset.Titanet, 301, 80)]
    public void ForEncoder_Preset_MakesItsFrames(VoiceEncoderPreset preset, int frames, int bins)
    {
        var frontEnd = new VoiceFrontEnd(VoicePresets.ForEncoder(preset));

        Assert.Equal((frames, bins), (frontEnd.FrameCount, frontEnd.BinCount));
    }

    [Theory]
    [InlineData(FaceEncoderPreset.Arcface, 112)]
    [InlineData(FaceEncoderPreset.ArcfaceBgr, 112)]
    [InlineData(FaceEncoderPreset.Facenet, 160)]
    [InlineData(FaceEncoderPreset.Dlib, 150)]
    [InlineData(FaceEncoderPreset.FaceApi, 150)]
    public void Of_FacePreset_SaysEverything(FaceEncoderPreset preset, int size)
    {
        FaceEncoderOptions options = FaceEncoderOptions.Of(preset);

        options.Validate();
        Assert.True(options.IsResolved);
        Assert.Equal(size, options.Size);
    }

    [Fact]
    public void FrontEnd_WithoutItsNetwork_IsRefused()
    {
        var options = new FaceOptions { Encoder = FaceEncoderOptions.Of(FaceEncoderPreset.Dlib) };

        ArgumentException error = Assert.Throws<ArgumentException>(() => new FaceFrontEnd(options));

        Assert.StartsWith("'options' have an encoder and 'encoder' is null; must be a pair", error.Message, StringComparison.Ordinal);
    }
}
