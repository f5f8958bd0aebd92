using CrossModalVae.Corpora;
using CrossModalVae.Recipes.Terms;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Terms;

/// <summary>
/// A linear prediction of gender, age or nationality by a head of each modality, or one for both. Clips that do not say it take no part,
/// nor do nationalities that no training clip has.
/// </summary>
internal sealed class AttributeTerm : ObjectiveTerm
{
    private readonly Func<Clip, float[]?> _target; // of one number, or one of every class
    private readonly Func<Tensor, Tensor, Tensor> _loss;
    private readonly int _outputs;
    private readonly bool _shared;

    public AttributeTerm(string name, AttributeOptions options, TermContext context)
        : base(name, options.Weight)
    {
        (_target, _loss, _outputs) = options.Attribute switch
        {
            PersonTrait.Gender => (clip => clip.Gender is null ? null : [clip.Gender == "m" ? 1f : 0f], LogisticLoss, 1),
            PersonTrait.Age => (Age(context.Train.Clips), SquaredLoss, 1),
            _ => Nationality(context.Train.Clips),
        };
        _shared = options.Shared;
        foreach (string prefix in Prefixes(_shared))
        {
            AddWeights(context, $"{prefix}weight", _outputs, context.Dimension); // [C, D]
            AddWeights(context, $"{prefix}bias", 1, _outputs); // [1, C]
        }
    }

    /// <summary>Mean of log(1 + exp l) - y l, the cross-entropy of logistic regression with logits l and targets y, [B, 1] each.</summary>
    public static Tensor LogisticLoss(Tensor l, Tensor y) =>
        (cat([l, zeros_like(l)], 1).logsumexp(1, keepdim: true) - (y * l)).mean(); // []

    /// <summary>
    /// Mean of log sum_c exp l_c - sum_c y_c l_c, the cross-entropy of multinomial logistic regression with logits l and one-hot targets y,
    /// [B, C] each.
    /// </summary>
    public static Tensor SoftmaxLoss(Tensor l, Tensor y) => (l.logsumexp(1) - (y * l).sum(1)).mean(); // []

    /// <summary>Mean of (l - y)^2 / 2 of predictions l and targets y, [B, 1] each.</summary>
    public static Tensor SquaredLoss(Tensor l, Tensor y) => (l - y).square().mean().Times(0.5); // []

    public override TermValue? Evaluate(TermBatch batch) => Mean(batch.Modalities.Select(entry => Evaluate(entry.Modality, entry.Rows)));

    private TermValue? Evaluate(Modality modality, TermRows rows)
    {
        (int Row, float[] Value)[] known =
            [.. rows.Clips.Index().Select(row => (row.Index, _target(row.Item)!)).Where(row => row.Item2 is not null)];
        if (known.Length == 0)
        {
            return null;
        }

        Device device = rows.Mean.device;
        string prefix = Prefix(modality, _shared);
        Tensor x = rows.Mean.index_select(0, tensor([.. known.Select(row => row.Row)], device: device)); // [K, D]
        Tensor y = tensor([.. known.SelectMany(row => row.Value)], [known.Length, _outputs], device: device); // [K, C]
        return new TermValue(_loss(x.mm(Weights($"{prefix}weight").t()).Plus(Weights($"{prefix}bias")), y), known.Length);
    }

    private static Func<Clip, float[]?> Age(IReadOnlyList<Clip> train)
    {
        double[] ages = [.. train.Select(clip => clip.Age).OfType<double>()];
        double mean = ages.DefaultIfEmpty().Average();
        double deviation = Math.Sqrt(ages.Select(age => (age - mean) * (age - mean)).DefaultIfEmpty(1.0).Average());
        return clip => clip.Age is double age ? [(float)((age - mean) / deviation)] : null;
    }

    private static (Func<Clip, float[]?> Target, Func<Tensor, Tensor, Tensor> Loss, int Outputs) Nationality(IReadOnlyList<Clip> train)
    {
        string[] classes =
            [.. train.Select(clip => clip.Nationality).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        Dictionary<string, float[]> targets = classes.Index().ToDictionary(
            entry => entry.Item,
            entry => classes.Select((_, other) => other == entry.Index ? 1f : 0f).ToArray(),
            StringComparer.Ordinal);
        return (clip => clip.Nationality is string name ? targets.GetValueOrDefault(name) : null, SoftmaxLoss, classes.Length);
    }
}
