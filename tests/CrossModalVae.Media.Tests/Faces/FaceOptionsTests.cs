using CrossModalVae.Faces;

namespace CrossModalVae.Media.Tests.Faces;

public class FaceOptionsTests
{
    [Fact]
    public void Validate_Defaults_AreTheReports()
    {
        var options = new FaceOptions();

        options.Validate();

        Assert.Equal(529, new FaceFrontEnd(options).FeatureCount);
    }

    [Fact]
    public void Validate_SeveralFaults_ReportsAll()
    {
        var options = new FaceOptions
        {
            Width = 0,
            Height = 4097,
            Colour = (FaceColour)7,
            Frames = (FramePooling)(-1),
            FrameCount = 0,
            Decoding = (FaceDecoding)2,
            Normalisation = (FaceNormalisation)3,
        };

        ArgumentException e = Assert.Throws<ArgumentException>(options.Validate);

        Assert.Equal(
            "'Width' is 0; must be 1 to 4096. 'Height' is 4097; must be 1 to 4096. 'Colour' is 7; must be Grey or Rgb. "
            + "'Frames' is -1; must be Mean, First, Sampled or Separate. "
            + "'FrameCount' is 0; must be 1 to 4096. 'Decoding' is 2; must be Exact or Fast. "
            + "'Normalisation' is 3; must be Corpus, Clip or None.",
            e.Message);
    }

    [Fact]
    public void Constructor_FaultyOptions_Refuses() =>
        Assert.Throws<ArgumentException>(() => new FaceFrontEnd(new FaceOptions { Width = -1 }));
}
