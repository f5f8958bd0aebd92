using System.Text;
using CrossModalVae.Audio;
using CrossModalVae.Augmentation;
using CrossModalVae.Clusters;
using CrossModalVae.Files;
using CrossModalVae.Recipes;

namespace CrossModalVae.Tests.Files;

public class JsonRecordTests
{
    [Fact]
    public void Read_AbsentAndNullFields_AreAsInTheDefaultsGiven()
    {
        VoiceOptions defaults = VoicePresets.KaldiFbank with { HopSeconds = 0.02 };

        VoiceOptions read = JsonRecord.Read(Parse("""{"mel_bins":40,"window":null}"""), defaults, RecipeJson.Default.VoiceOptions);

        Assert.Equal(defaults with { MelBins = 40 }, read);
    }

    [Fact]
    public void Read_PartOfASection_LeavesItsOtherOptions()
    {
        AugmentationOptions defaults = new() { Voice = new VoiceAugmentationOptions { TimeMasks = 7 } };

        AugmentationOptions read = JsonRecord.Read(
            Parse("""{"voice":{"speed_min":0.7}}"""), defaults, RecipeJson.Default.AugmentationOptions);

        Assert.Equal(defaults with { Voice = defaults.Voice with { SpeedMin = 0.7 } }, read);
    }

    [Fact]
    public void Read_FieldThatIsNoMember_IsADefectOfTheSchema()
    {
        StrictJson json = Parse("""{"preset":"report","hop":1}""");

        var e = Assert.Throws<InvalidOperationException>(
            () => JsonRecord.Read(json, new VoiceOptions(), RecipeJson.Default.VoiceOptions, others: "preset"));

        Assert.Equal("The schema knows 'hop', which is no member of VoiceOptions.", e.Message);
    }

    [Fact]
    public void Write_MembersThatCameLater_StandLastAndOnlyAwayFromTheirDefaults()
    {
        VoiceOptions options = new() { MelBins = 3, Spectrum = SpectrumKind.Power, MelLowHz = -0.0 };

        var written = JsonRecord.Write(options, new VoiceOptions(), RecipeJson.Default.VoiceOptions);

        Assert.Equal(["pooling", "normalisation", "spectrum", "mel_bins"], written.Select(field => field.Key).TakeLast(4));
        Assert.Equal(16, written.Count);
    }

    [Theory]
    [InlineData(null, "\"auto\"")]
    [InlineData(0.25, "0.25")]
    public void WriteAndRead_NumberLeftToTheProgram_IsAuto(double? eps, string text)
    {
        ClusteringOptions options = new() { Eps = eps };

        string written = JsonText.Compact(JsonRecord.Write(options, new ClusteringOptions(), RecipeJson.Default.ClusteringOptions));
        ClusteringOptions read = JsonRecord.Read(Parse(written), new ClusteringOptions { Eps = 9 }, RecipeJson.Default.ClusteringOptions);

        Assert.Contains($"\"eps\":{text}", written, StringComparison.Ordinal);
        Assert.Equal(options, read);
    }

    [Fact]
    public void Write_EnumWithoutSuchAMember_NamesThoseThereAre()
    {
        ObjectiveOptions options = new() { Alignment = (AlignmentKind)9 };

        var e = Assert.Throws<ArgumentOutOfRangeException>(
            () => JsonRecord.Write(options, new ObjectiveOptions(), RecipeJson.Default.ObjectiveOptions));

        Assert.StartsWith(
            "AlignmentKind has no member 9; must be one of none, sample-l2, gaussian-wasserstein.", e.Message, StringComparison.Ordinal);
    }

    private static StrictJson Parse(string json) => StrictJsonParser.Parse(Encoding.UTF8.GetBytes(json), "f.json", 1);
}
