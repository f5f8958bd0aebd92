using CrossModalVae.Features;
using CrossModalVae.Recipes;
using CrossModalVae.Tests.Features;

namespace CrossModalVae.Tests.Recipes;

public class FeatureMomentsTests
{
    [Fact]
    public void Compute_ThreeClips_PopulationMeanAndDeviationOverClipsWithTheModality()
    {
        FeatureTable table = FeatureTables.Of(("a", [1, 10], [0]), ("b", [3, 10], [1]), ("c", null, [2]));

        FeatureStatistics voice = table.ComputeStatistics(Modality.Voice, out int constantCount);

        Assert.Equal([2f, 10f], voice.Mean);
        Assert.Equal([1f, 1f], voice.StandardDeviation);
        Assert.Equal(2, voice.ClipCount);
        Assert.Equal(1, constantCount);
    }

    [Fact]
    public void Compute_SpreadOfRoundingOnly_CountsAsConstant()
    {
        FeatureTable table = FeatureTables.Of(("a", [1e-16f, 1], [0]), ("b", [-1e-16f, 2], [1]));

        FeatureStatistics voice = table.ComputeStatistics(Modality.Voice, out int constantCount);

        Assert.Equal(1, constantCount);
        Assert.Equal(1f, voice.StandardDeviation[0]);
    }

    [Fact]
    public void Compute_EveryFeatureConstant_Refused()
    {
        FeatureTable table = FeatureTables.Of(("a", [1], [5]), ("b", [2], [5]));

        var error = Assert.Throws<InvalidDataException>(() => table.ComputeStatistics(Modality.Face, out _));

        Assert.Equal(
            "The face features are the same in all 2 clips: a constant input teaches nothing; "
            + "check the face files and the face front end.",
            error.Message);
    }

    [Fact]
    public void Compute_NoClipHasTheModality_Refused()
    {
        FeatureTable table = FeatureTables.Of(("a", null, [1]), ("b", null, [2]));

        var error = Assert.Throws<InvalidDataException>(() => table.ComputeStatistics(Modality.Voice, out _));

        Assert.Equal("No clip of the training split has a voice; at least 2 are needed.", error.Message);
    }

    [Fact]
    public void Standardise_TrainingRows_HaveZeroMeanAndUnitDeviation()
    {
        FeatureTable table = FeatureTables.Of(("a", [1], [0]), ("b", [3], [1]));
        FeatureStatistics voice = table.ComputeStatistics(Modality.Voice, out _);
        var row = new float[1];

        voice.Standardise(table.VoiceRow(0), row);

        Assert.Equal(-1f, row[0]);
    }
}
