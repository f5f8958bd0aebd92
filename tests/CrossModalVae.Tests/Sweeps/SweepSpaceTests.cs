using System.Text.Json.Nodes;
using CrossModalVae.Sweeps;

namespace CrossModalVae.Tests.Sweeps;

public sealed class SweepSpaceTests : IDisposable
{
    private const string Rate = "\"training.learning_rate\": { \"from\": 0.0001, \"to\": 0.01, \"scale\": \"log\", \"steps\": 3 }";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Grid_ListsAndRanges_AreAllCombinationsInOrder()
    {
        SweepSpace space = Read($"{Rate}, \"a.b\": {{ \"values\": [\"x\", [1, 2], null] }}");

        SweepTrial[] trials = [.. space.Grid()];

        Assert.Equal(Enumerable.Range(1, 9), trials.Select(trial => trial.Number));
        Assert.Equal("training.learning_rate 0.0001, a.b x", trials[0].Text);
        Assert.Equal("training.learning_rate 0.0001, a.b [1,2]", trials[1].Text);
        Assert.Equal("training.learning_rate 0.0001, a.b null", trials[2].Text);
        Assert.Equal("training.learning_rate 0.001, a.b x", trials[3].Text);
        Assert.Equal("""{"training.learning_rate":0.01,"a.b":null}""", trials[8].ToJson().ToJsonString());
    }

    [Fact]
    public void Grid_IntegersOfANarrowRange_AreEachOnce()
    {
        SweepSpace space = Read("\"n\": { \"from\": 1, \"to\": 3, \"integer\": true, \"steps\": 9 }");

        Assert.Equal(["n 1", "n 2", "n 3"], space.Grid().Select(trial => trial.Text));
    }

    [Fact]
    public void Draw_ManyTrials_AreDifferentWithinTheRangeAndEvenInTheLogarithm()
    {
        SweepSpace space = Read(Rate);

        double[] rates = [.. space.Draw(400, 3).Select(trial => trial.Values[0]!.GetValue<double>())];

        Assert.Equal(400, rates.Distinct().Count());
        Assert.All(rates, rate => Assert.InRange(rate, 0.0001, 0.01));
        Assert.InRange(rates.Count(rate => rate < 0.001), 160, 240); // half of the decades; 4 standard deviations
    }

    [Fact]
    public void Draw_Seed_DecidesAndMoreTrialsBeginWithTheSameOnes()
    {
        SweepSpace space = Read($"{Rate}, \"n\": {{ \"values\": [1, 2, 3] }}");

        string[] Texts(int count, long seed) => [.. space.Draw(count, seed).Select(trial => trial.Text)];

        Assert.Equal(Texts(5, 1), Texts(20, 1)[..5]);
        Assert.NotEqual(Texts(5, 1), Texts(5, 2));
    }

    [Fact]
    public void Draw_ListsOnly_FindsEveryCombinationAndRefusesMore()
    {
        SweepSpace space = Read("\"n\": { \"values\": [1, 2, 3] }, \"m\": { \"values\": [true, false] }");

        Assert.Equal(6, space.Draw(6, 1).Select(trial => trial.Text).Distinct().Count());
        var e = Assert.Throws<InvalidDataException>(() => space.Draw(7, 1));
        Assert.Equal($"{space.FilePath}: has 6 combinations, and 7 different trials are asked for.", e.Message);
    }

    [Fact]
    public void Apply_Paths_GoThroughSectionsListsAndWhatIsAbsent()
    {
        SweepSpace space = Read(
            "\"o.terms[1].weight\": { \"values\": [5] }, \"new.section.x\": { \"values\": [true] }, \"o.list[0]\": { \"values\": [7] }");
        JsonObject recipe = JsonNode.Parse("""{"o":{"terms":[{"weight":1},{"weight":2}],"list":[1,2]}}""")!.AsObject();

        JsonObject applied = space.Grid().Single().Apply(recipe);

        Assert.Equal(
            """{"o":{"terms":[{"weight":1},{"weight":5}],"list":[7,2]},"new":{"section":{"x":true}}}""", applied.ToJsonString());
        Assert.Equal("""{"o":{"terms":[{"weight":1},{"weight":2}],"list":[1,2]}}""", recipe.ToJsonString());
    }

    [Theory]
    [InlineData("o.terms[2].weight", "'o.terms[2].weight' is no item of a list of 2 items, counted from 0.")]
    [InlineData("o.terms.weight.x", "'o.terms.weight.x' is no item of a list of 2 items, counted from 0.")]
    [InlineData("name.x", "'name.x' goes through 'name', which is no section.")]
    public void Apply_PathThatLeadsNowhere_IsRefused(string path, string message)
    {
        SweepSpace space = Read($"\"{path}\": {{ \"values\": [5] }}");
        JsonObject recipe = JsonNode.Parse("""{"name":"a","o":{"terms":[{"weight":1},{"weight":2}]}}""")!.AsObject();

        Assert.Equal(message, Assert.Throws<InvalidDataException>(() => space.Grid().Single().Apply(recipe)).Message);
    }

    [Theory]
    [InlineData("", "'options' is an object; expected at least one option of the recipe, as \"training.learning_rate\".")]
    [InlineData("\"a\": { }", "'options.a' is an object; expected either 'values', or 'from' and 'to'.")]
    [InlineData("\"a\": { \"from\": 1 }", "'options.a' is an object; expected either 'values', or 'from' and 'to'.")]
    [InlineData("\"a\": { \"values\": [1], \"to\": 2 }", "'options.a' is an object; expected either 'values', or 'from' and 'to'.")]
    [InlineData("\"a\": { \"values\": [1], \"scale\": \"log\" }",
        "'options.a.scale' is \"log\"; expected nothing here: it is of ranges, and this option has 'values'.")]
    [InlineData("\"a\": { \"from\": 2, \"to\": 1 }", "'options.a.from' is 2; expected a number below 'to', which is 1.")]
    [InlineData("\"a\": { \"from\": 0, \"to\": 1, \"scale\": \"log\" }",
        "'options.a.from' is 0; expected a number above 0, where the scale is log.")]
    [InlineData("\"a\": { \"from\": 1, \"to\": 2.5, \"integer\": true }",
        "'options.a.to' is 2.5; expected a whole number, as the range is of integers.")]
    public void Read_ListOrRangeThatIsNone_IsRefused(string options, string message)
    {
        var e = Assert.Throws<InvalidDataException>(() => Read(options));

        Assert.Equal($"{_folder["space.json"]}: line 1: {message}", e.Message);
    }

    [Fact]
    public void Grid_RangeWithoutSteps_IsRefused()
    {
        SweepSpace space = Read("\"a\": { \"from\": 1, \"to\": 2 }");

        var e = Assert.Throws<InvalidDataException>(() => space.Grid().Count());
        Assert.Equal($"{space.FilePath}: 'a' is a range without 'steps', which a grid needs.", e.Message);
    }

    [Fact]
    public void Rounds_OfHalving_ByHand()
    {
        SweepPlan plan = new(SweepMethod.Halving, 27, 30, 3, 3, null, 1);

        Assert.Equal([(3, 27), (9, 9), (27, 3), (30, 1)], plan.Rounds());
        Assert.Equal([(4, 5), (16, 1), (30, 1)], (plan with { Trials = 5, FewestEpochs = 4, Eta = 4 }).Rounds());
        Assert.Equal([(30, 27)], (plan with { Method = SweepMethod.Random }).Rounds());
    }

    private SweepSpace Read(string options) => SweepSpace.Read(_folder.Write(
        "space.json", $"{{ \"schema\": \"crossmodalvae/sweep-space/1\", \"recipe\": \"demo\", \"options\": {{ {options} }} }}"));
}
