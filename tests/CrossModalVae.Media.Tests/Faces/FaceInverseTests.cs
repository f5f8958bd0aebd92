using CrossModalVae.Encoders;
using CrossModalVae.Faces;
using CrossModalVae.Numerics;

namespace CrossModalVae.Media.Tests.Faces;

public class FaceInverseTests
{
    [Theory]
    [InlineData(FaceColour.Grey)]
    [InlineData(FaceColour.Rgb)]
    public void ToImage_FeaturesOfAPicture_IsThePicture(FaceColour colour)
    {
        const int Side = 12;
        var random = new SeededRandom(1);
        var pixels = new byte[3 * Side * Side];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = colour == FaceColour.Grey && i % 3 > 0 ? pixels[i - 1] : (byte)random.NextInt32(256);
        }

        var options = new FaceOptions { Width = Side, Height = Side, Colour = colour };
        var frontEnd = new FaceFrontEnd(options);
        var features = new float[frontEnd.FeatureCount];
        frontEnd.Extract([new FaceImage(pixels, Side, Side)], features);

        FaceImage restored = new FaceInverse(options).ToImage(features);

        Assert.Equal((Side, Side), (restored.Width, restored.Height));
        Assert.Equal(pixels, restored.Pixels.ToArray());
    }

    [Fact]
    public void ToImage_ValuesBeyondBlackAndWhite_AreClipped()
    {
        var options = new FaceOptions { Width = 3, Height = 1 };

        FaceImage image = new FaceInverse(options).ToImage([-0.4f, 0.5f, 1.7f]);

        Assert.Equal<byte>([0, 0, 0, 128, 128, 128, 255, 255, 255], image.Pixels.ToArray());
    }

    [Fact]
    public void ToImage_NormalisedFaces_AreDrawnWithUsualContrast()
    {
        var inverse = new FaceInverse(new FaceOptions { Width = 3, Height = 1, Normalisation = FaceNormalisation.Clip });

        FaceImage image = inverse.ToImage([-1, 0, 1]);

        Assert.Equal<byte>([71, 128, 184], [image.Pixels[0], image.Pixels[3], image.Pixels[6]]);
        Assert.Contains("brightness and contrast", inverse.Note, StringComparison.Ordinal);
    }

    [Fact]
    public void ToImage_VectorsOrAnotherLength_AreRefused()
    {
        var vectors = new FaceInverse(new FaceOptions { Encoder = new FaceEncoderOptions { Path = "e.onnx" } });

        Assert.Equal(
            "The recipe's face features are vectors of a pretrained encoder, from which no picture can be drawn.",
            Assert.Throws<InvalidOperationException>(() => vectors.ToImage(new float[128])).Message);
        Assert.Equal(
            "There are 5 features; must be 529. (Parameter 'features')",
            Assert.Throws<ArgumentException>(() => new FaceInverse(new FaceOptions()).ToImage(new float[5])).Message);
    }
}
