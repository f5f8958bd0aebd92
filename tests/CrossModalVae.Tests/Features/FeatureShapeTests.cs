using CrossModalVae.Audio;
using CrossModalVae.Faces;
using CrossModalVae.Features;
using CrossModalVae.Recipes;

namespace CrossModalVae.Tests.Features;

public class FeatureShapeTests
{
    public static TheoryData<string, TimePooling> Voices
    {
        get
        {
            var data = new TheoryData<string, TimePooling>();
            foreach (string preset in VoicePresets.Names)
            {
                foreach (TimePooling pooling in Enum.GetValues<TimePooling>())
                {
                    data.Add(preset, pooling);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Voices))]
    public void VoiceShape_EveryPreset_HoldsItsFeatures(string preset, TimePooling pooling)
    {
        var extractor = new FeatureExtractor(new Recipe { Name = "shape", Voice = VoicePresets.Get(preset) with { Pooling = pooling } });

        Assert.Equal(pooling == TimePooling.None ? 2 : 1, extractor.VoiceShape.Count);
        Assert.Equal(extractor.VoiceLength, extractor.VoiceShape.Aggregate(1, (product, size) => product * size));
    }

    [Theory]
    [InlineData(FaceColour.Grey, new[] { 9, 7 })]
    [InlineData(FaceColour.Rgb, new[] { 3, 9, 7 })]
    public void FaceShape_GreyAndColour_HoldsItsFeatures(FaceColour colour, int[] expected)
    {
        foreach (FramePooling frames in Enum.GetValues<FramePooling>())
        {
            var extractor = new FeatureExtractor(
                new Recipe { Name = "shape", Face = new FaceOptions { Width = 7, Height = 9, Colour = colour, Frames = frames } });
            int[] picture = frames == FramePooling.Separate ? [8, colour == FaceColour.Grey ? 1 : 3, 9, 7] : expected;

            Assert.Equal(picture, extractor.FaceShape);
            Assert.Equal(extractor.FaceLength, picture.Aggregate(1, (product, size) => product * size));
        }
    }
}
