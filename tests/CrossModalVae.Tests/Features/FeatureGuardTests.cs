using CrossModalVae.Audio;
using CrossModalVae.Features;

namespace CrossModalVae.Tests.Features;

public class FeatureGuardTests
{
    [Theory]
    [InlineData(TimePooling.Mean)]
    [InlineData(TimePooling.MeanAndDeviation)]
    public void RequireInformativeOrder_ReportsLiteralOrder_Refused(TimePooling pooling)
    {
        var options = new VoiceOptions { Normalisation = FeatureNormalisation.ClipOverTime, Pooling = pooling };

        var error = Assert.Throws<InvalidDataException>(() => FeatureGuard.RequireInformativeOrder(options));

        Assert.Equal(
            "The voice front end normalises each frequency bin over the time of its own clip and then pools "
            + "over time: every clip becomes the same numbers "
            + "(mean 0, deviation 1), and nothing of the voice is left; normalise over the corpus after pooling, or do not pool.",
            error.Message);
    }

    [Fact]
    public void RequireInformativeOrder_OtherOrders_Pass()
    {
        FeatureGuard.RequireInformativeOrder(new VoiceOptions());
        FeatureGuard.RequireInformativeOrder(
            new VoiceOptions { Normalisation = FeatureNormalisation.ClipOverTime, Pooling = TimePooling.None });
    }

    [Fact]
    public void RequireInformative_ConstantVoice_Refused()
    {
        FeatureTable table = FeatureTables.Of(("a", [7, 8], [1]), ("b", [7, 8], [2]), ("c", null, [3]));

        var error = Assert.Throws<InvalidDataException>(() => FeatureGuard.RequireInformative(table));

        Assert.Equal(
            "The voice features are the same in all 2 clips: a constant input teaches nothing; "
            + "check the voice files and the voice front end.",
            error.Message);
    }

    [Fact]
    public void RequireInformative_SameFeaturesUnderTwoIdentitiesAcrossTables_Refused()
    {
        FeatureTable train = FeatureTables.Of(("a", [1], [1]), ("b", [2], [2]));
        FeatureTable test = FeatureTables.Of(("c", [3], [3]), ("d", [4], [2]));

        var error = Assert.Throws<InvalidDataException>(() => FeatureGuard.RequireInformative(train, test));

        Assert.Equal(
            "Clips 'b/c1' and 'd/c1' have the same face features but different identities: "
            + "one file is listed under two names; remove one of them.",
            error.Message);
    }

    [Fact]
    public void RequireInformative_OnePhotographForManyRecordingsOfOnePerson_Passes()
    {
        FeatureGuard.RequireInformative(FeatureTables.Of(("a", [1], [1]), ("a", [2], [1]), ("b", [3], [2])));
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    public void RequireInformative_NotFinite_NamesClipAndFeature(float value, string shown)
    {
        FeatureTable table = FeatureTables.Of(("a", [1, 2], [1]), ("b", [3, value], [2]));

        var error = Assert.Throws<InvalidDataException>(() => FeatureGuard.RequireInformative(table));

        Assert.Equal($"Clip 'b/c1': voice feature 1 is {shown}; must be a finite number.", error.Message);
    }

    [Theory]
    [InlineData(FeatureNormalisation.ClipOverTime)]
    [InlineData(FeatureNormalisation.ClipOverTimeUnbiased)]
    public void RequireInformativeOrder_ClipNormalisedThenPooled_Refuses(FeatureNormalisation normalisation)
    {
        foreach (string name in VoicePresets.Names)
        {
            VoiceOptions options = VoicePresets.Get(name) with { Normalisation = normalisation };

            Assert.Throws<InvalidDataException>(() => FeatureGuard.RequireInformativeOrder(options));
        }
    }
}
