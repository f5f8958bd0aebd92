using CrossModalVae.Recipes.Terms;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Terms;

/// <summary>Classification of the training identities by a head of each modality, or one for both. Unknown people take no part.</summary>
internal sealed class IdentityTerm : ObjectiveTerm
{
    private readonly IdentityOptions _options;
    private readonly Dictionary<string, int> _classes;

    public IdentityTerm(string name, IdentityOptions options, TermContext context)
        : base(name, options.Weight)
    {
        _options = options;
        _classes = context.Train.Clips.Select(clip => clip.Identity).Distinct(StringComparer.Ordinal).Index()
            .ToDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);
        foreach (string prefix in Prefixes(options.Shared))
        {
            AddWeights(context, $"{prefix}weight", _classes.Count, context.Dimension); // [C, D]
            if (options.Head == ClassifierHead.Softmax)
            {
                AddWeights(context, $"{prefix}bias", 1, _classes.Count); // [1, C]
            }
        }
    }

    /// <summary>
    /// Mean of -log softmax(logits)_y, in nats. Logits by the head: x W^T + b (softmax); s (cos - m [true class]) (AM-softmax, Wang et al.
    /// 2018, equation 6); s cos(angle + m [true class]) (AAM-softmax, Deng et al. 2019, equation 3), beyond angle + m = pi its line cos - m
    /// sin m, so that the logit keeps falling with the angle.
    /// </summary>
    /// <param name="x">Embeddings, [B, D].</param>
    /// <param name="w">Class weights, [C, D].</param>
    /// <param name="b">Biases of softmax, [1, C]; null for the others.</param>
    /// <param name="y">Each row's true class, [B].</param>
    /// <param name="options">Head, s and m.</param>
    public static Tensor Loss(Tensor x, Tensor w, Tensor? b, long[] y, IdentityOptions options)
    {
        Tensor classes = tensor(y, [y.Length, 1], device: x.device); // [B, 1]
        Tensor logits = Logits(x, w, b, classes, options); // [B, C]
        return (logits.logsumexp(1, keepdim: true) - logits.gather(1, classes)).mean(); // []
    }

    public override TermValue? Evaluate(TermBatch batch) => Mean(batch.Modalities.Select(entry => Evaluate(entry.Modality, entry.Rows)));

    private static Tensor Logits(Tensor x, Tensor w, Tensor? b, Tensor classes, IdentityOptions options)
    {
        if (options.Head == ClassifierHead.Softmax)
        {
            Tensor product = x.mm(w.t()); // [B, C]
            return b is null ? product : product.Plus(b);
        }

        (double s, double m) = (options.Scale, options.Margin);
        Tensor cos = Contrast.UnitLength(x).mm(Contrast.UnitLength(w).t()); // [B, C]
        Tensor own = cos.gather(1, classes); // [B, 1]
        Tensor withMargin = options.Head == ClassifierHead.AmSoftmax ? own.Minus(m) : Angular(own, m); // [B, 1]
        return cos.scatter(1, classes, withMargin).Times(s); // [B, C]
    }

    private static Tensor Angular(Tensor cos, double m)
    {
        const double Least = 1e-9; // the root's gradient is infinite at 0
        Tensor sin = (cos * cos).Times(-1.0).Plus(1.0).Clamp(Least, 1.0).sqrt(); // [B, 1]
        Tensor moved = cos.Times(Math.Cos(m)) - sin.Times(Math.Sin(m)); // [B, 1]
        return where(cos.Plus(Math.Cos(m)).sign().Plus(1.0).to_type(ScalarType.Bool), moved, cos.Minus(m * Math.Sin(m))); // [B, 1]
    }

    private TermValue? Evaluate(Modality modality, TermRows rows)
    {
        int[] known = [.. Enumerable.Range(0, rows.Count).Where(row => _classes.ContainsKey(rows.Clips[row].Identity))];
        if (known.Length == 0)
        {
            return null;
        }

        string prefix = Prefix(modality, _options.Shared);
        Parameter w = Weights($"{prefix}weight"); // [C, D]
        Parameter? b = _options.Head == ClassifierHead.Softmax ? Weights($"{prefix}bias") : null; // [1, C]
        long[] y = [.. known.Select(row => (long)_classes[rows.Clips[row].Identity])];
        return new TermValue(Loss(rows.Mean.index_select(0, tensor(known, device: rows.Mean.device)), w, b, y, _options), known.Length);
    }
}
