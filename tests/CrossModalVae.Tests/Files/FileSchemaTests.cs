using CrossModalVae.Files;

namespace CrossModalVae.Tests.Files;

public class FileSchemaTests
{
    public static TheoryData<string> Names => [.. FileSchema.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Get_EverySchema_UsesOnlyKeywordsTheValidatorKnows(string name)
    {
        JsonSchema schema = FileSchema.Get(name);

        StrictJson nothing = StrictJsonParser.Parse("{}"u8, "x", 1);
        Assert.NotNull(schema.Validate(nothing));
    }

    [Fact]
    public void Names_HaveAConstantEach()
    {
        string[] constants =
        [
            FileSchema.CheckpointState, FileSchema.Clusters, FileSchema.DemoSummary, FileSchema.EmbeddingRow, FileSchema.ManifestLine, FileSchema.Metrics,
            FileSchema.ModelCard, FileSchema.Ranking, FileSchema.Recipe, FileSchema.RunLogLine, FileSchema.RunMetrics, FileSchema.SyntheticCard, FileSchema.SyntheticTraitsLine,
            FileSchema.TrialLine,
        ];

        Assert.Equal(constants, FileSchema.Names);
    }

    [Fact]
    public void Text_UnknownName_ListsTheKnownOnes()
    {
        var e = Assert.Throws<ArgumentException>(() => FileSchema.Text("recipes"));

        Assert.StartsWith("There is no schema 'recipes'; must be one of checkpoint-state, clusters, ", e.Message, StringComparison.Ordinal);
    }
}
