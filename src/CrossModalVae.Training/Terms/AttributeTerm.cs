using CrossModalVae.Corpora;
using CrossModalVae.Recipes.Terms;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Terms;

/// <summary>
/// A linear prediction of gender or age by a head of each modality, or one for both. Clips that do not say it take no part.
/// </summary>
internal sealed class AttributeTerm : ObjectiveTerm
{
    private readonly Func<Clip, double?> _target;
    private readonly Func<Tensor, Tensor, Tensor> _loss;
    private readonly bool _shared;

    public AttributeTerm(string name, AttributeOptions options, TermContext context)
        : base(name, options.Weight)
    {
        double[] ages = [.. context.Train.Clips.Select(clip => clip.Age).OfType<double>()];
        double mean = ages.DefaultIfEmpty().Average();
        double deviation = Math.Sqrt(ages.Select(age => (age - mean) * (age - mean)).DefaultIfEmpty(1.0).Average());
        (_target, _loss) = options.Attribute == PersonTrait.Gender
            ? (clip => clip.Gender is null ? null : clip.Gender == "m" ? 1.0 : 0.0, LogisticLoss)
            : ((Func<Clip, double?>, Func<Tensor, Tensor, Tensor>))(clip => (clip.Age - mean) / deviation, SquaredLoss);
        _shared = options.Shared;
        foreach (string prefix in Prefixes(_shared))
        {
            AddWeights(context, $"{prefix}weight", 1, context.Dimension); // [1, D]
            AddWeights(context, $"{prefix}bias", 1, 1); // [1, 1]
        }
    }

    /// <summary>Mean of log(1 + exp l) - y l, the cross-entropy of logistic regression with logits l and targets y, [B, 1] each.</summary>
    public static Tensor LogisticLoss(Tensor l, Tensor y) =>
        (cat([l, zeros_like(l)], 1).logsumexp(1, keepdim: true) - (y * l)).mean(); // []

    /// <summary>Mean of (l - y)^2 / 2 of predictions l and targets y, [B, 1] each.</summary>
    public static Tensor SquaredLoss(Tensor l, Tensor y) => (l - y).square().mean().Times(0.5); // []

    public override TermValue? Evaluate(TermBatch batch) => Mean(batch.Modalities.Select(entry => Evaluate(entry.Modality, entry.Rows)));

    private TermValue? Evaluate(Modality modality, TermRows rows)
    {
        (int Row, double Value)[] known =
            [.. rows.Clips.Index().Where(row => _target(row.Item) is not null).Select(row => (row.Index, _target(row.Item)!.Value))];
        if (known.Length == 0)
        {
            return null;
        }

        Device device = rows.Mean.device;
        string prefix = Prefix(modality, _shared);
        Tensor x = rows.Mean.index_select(0, tensor([.. known.Select(row => row.Row)], device: device)); // [K, D]
        Tensor y = tensor([.. known.Select(row => (float)row.Value)], [known.Length, 1], device: device); // [K, 1]
        return new TermValue(_loss(x.mm(Weights($"{prefix}weight").t()).Plus(Weights($"{prefix}bias")), y), known.Length);
    }
}
