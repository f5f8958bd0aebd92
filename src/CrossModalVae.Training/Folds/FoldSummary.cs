using System.Text.Json.Nodes;
using CrossModalVae.Evaluation;

namespace CrossModalVae.Training.Folds;

/// <summary>A figure over folds.</summary>
/// <param name="Mean">The mean over the folds that have it.</param>
/// <param name="StandardDeviation">Over them, with n - 1; null of fewer than two.</param>
public sealed record FoldFigure(double Mean, double? StandardDeviation)
{
    /// <summary>The figure of some folds; null where none has it.</summary>
    /// <param name="values">Each fold's; null where it has none.</param>
    public static FoldFigure? Of(IEnumerable<double?> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        double[] own = [.. values.OfType<double>()];
        if (own.Length == 0)
        {
            return null;
        }

        double mean = own.Average();
        return new FoldFigure(
            mean, own.Length < 2 ? null : Math.Sqrt(own.Sum(value => (value - mean) * (value - mean)) / (own.Length - 1)));
    }
}

/// <summary>A figure over the people of all folds, each person weighing the same.</summary>
/// <param name="People">How many have it.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Low">Lower end of its 95 % interval, a bootstrap over the people (1,000 draws); null below 5 people.</param>
/// <param name="High">Upper end.</param>
public sealed record PooledFigure(int People, double Mean, double? Low, double? High)
{
    private const int Draws = 1000;
    private const double Confidence = 0.95;

    internal static PooledFigure? Of(IEnumerable<double?> values, long seed)
    {
        double[] own = [.. values.OfType<double>()];
        if (own.Length == 0)
        {
            return null;
        }

        Interval? interval = own.Length < PopulationScores.FewestIdentitiesOfMetric ? null : Bootstrap(own, seed);
        return new PooledFigure(own.Length, own.Average(), interval?.Low, interval?.High);
    }

    private static Interval? Bootstrap(double[] own, long seed)
    {
        var bootstrap = new IdentityBootstrap(own.Length, Draws, seed);
        return Interval.Of(
            [.. Enumerable.Range(0, Draws).Select(draw =>
            {
                double sum = 0.0;
                ReadOnlySpan<int> drawn = bootstrap.Draw(draw);
                for (int i = 0; i < own.Length; i++)
                {
                    sum += drawn[i] * own[i];
                }

                return sum / own.Length;
            })],
            Confidence);
    }
}

/// <summary>One fold in a summary.</summary>
/// <param name="Run">Its run folder, relative to the summary's.</param>
/// <param name="Identities">Identities validated on.</param>
/// <param name="Clips">Clips validated on.</param>
/// <param name="BestEpoch">The epoch whose weights were kept.</param>
/// <param name="Auc">AUC over all trials.</param>
/// <param name="IdentityAuc">AUC macro-averaged over identities.</param>
/// <param name="SameGenderAuc">AUC over the trials of two people of one gender.</param>
/// <param name="Collapse">Which encoders' posteriors have collapsed.</param>
public sealed record FoldLine(
    string Run,
    int Identities,
    int Clips,
    int BestEpoch,
    double? Auc,
    double? IdentityAuc,
    double? SameGenderAuc,
    PosteriorCollapse Collapse);

/// <summary>
/// What a cross-validation over identities reached. Every fold's people chose its own epoch, so the figures compare recipes; of people who
/// chose nothing a model reaches less.
/// </summary>
public sealed record FoldSummary
{
    /// <summary>The name of the file in the folder of the folds.</summary>
    public const string FileName = "folds.json";

    /// <summary>The recipe's name.</summary>
    public required string Recipe { get; init; }

    /// <summary>The seed of the folds.</summary>
    public required long Seed { get; init; }

    /// <summary>The folds.</summary>
    public required IReadOnlyList<FoldLine> Folds { get; init; }

    /// <summary>AUC over a fold's trials.</summary>
    public FoldFigure? Auc { get; init; }

    /// <summary>AUC macro-averaged over a fold's identities.</summary>
    public FoldFigure? IdentityAuc { get; init; }

    /// <summary>AUC over a fold's trials of two people of one gender.</summary>
    public FoldFigure? SameGenderAuc { get; init; }

    /// <summary>The AUC of each person among the people of its fold.</summary>
    public PooledFigure? Pooled { get; init; }

    /// <summary>The same against people of its own gender.</summary>
    public PooledFigure? PooledSameGender { get; init; }

    /// <summary>Sums up folds.</summary>
    /// <param name="recipe">The recipe's name.</param>
    /// <param name="seed">The seed of the folds.</param>
    /// <param name="folds">Run folder, relative to the summary's, and result of every fold.</param>
    public static FoldSummary Of(string recipe, long seed, IReadOnlyList<(string Run, FoldResult Result)> folds)
    {
        ArgumentNullException.ThrowIfNull(folds);
        FoldResult[] results = [.. folds.Select(fold => fold.Result)];
        PersonScore[] people = [.. results.SelectMany(result => result.People)];
        return new FoldSummary
        {
            Recipe = recipe,
            Seed = seed,
            Folds =
            [
                .. folds.Select(fold => new FoldLine(
                    fold.Run,
                    fold.Result.ValidationIdentities,
                    fold.Result.ValidationClips,
                    fold.Result.BestEpoch,
                    fold.Result.Auc,
                    fold.Result.IdentityAuc,
                    fold.Result.SameGenderAuc,
                    fold.Result.Collapse)),
            ],
            Auc = FoldFigure.Of(results.Select(result => result.Auc)),
            IdentityAuc = FoldFigure.Of(results.Select(result => result.IdentityAuc)),
            SameGenderAuc = FoldFigure.Of(results.Select(result => result.SameGenderAuc)),
            Pooled = PooledFigure.Of(people.Select(person => (double?)person.Auc), seed),
            PooledSameGender = PooledFigure.Of(people.Select(person => person.SameGenderAuc), seed),
        };
    }

    /// <summary>Writes the summary, JSON by data-schemas/fold-summary.schema.json.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file cannot be written; it is as it was before.</exception>
    public void Write(string path) => JsonFile.Write(path, FileSchema.FoldSummary, ToJson());

    private JsonObject ToJson()
    {
        JsonObject json = JsonRecord.Write(this, null, FoldJson.Default.FoldSummary);
        json.Insert(0, "schema", FileSchema.Id(FileSchema.FoldSummary));
        return json;
    }
}
