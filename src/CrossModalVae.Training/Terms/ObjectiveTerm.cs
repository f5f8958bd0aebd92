using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Terms;

/// <summary>What terms are made for.</summary>
/// <param name="Train">The training split.</param>
/// <param name="Dimension">D.</param>
/// <param name="Seed">The recipe's seed.</param>
/// <param name="Device">Where parameters are.</param>
internal sealed record TermContext(FeatureSource Train, int Dimension, long Seed, Device Device);

/// <summary>
/// One weighted term of the objective beside the bound. What it learns for itself (class weights, prototypes) is in its parameters, which
/// are trained and kept with the run, and are no part of the exported model.
/// </summary>
internal abstract class ObjectiveTerm(string name, double weight) : nn.Module(name)
{
    /// <summary>Its name in logs.</summary>
    public string Name { get; } = name;

    public double Weight { get; } = weight;

    /// <summary>The hash of a file beside the corpus that it learns from; "" without one.</summary>
    public virtual string DataHash => "";

    /// <summary>Its value; null where the batch lacks what it needs, such as a second person or a known identity.</summary>
    public abstract TermValue? Evaluate(TermBatch batch);

    /// <summary>Called before the steps of a one-based epoch, also after resuming.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="train">All training clips with a modality as they are scored now; computed when asked for.</param>
    public virtual void StartEpoch(int epoch, Func<Modality, TermRows> train)
    {
    }

    /// <summary>w cos + b with the learned scale, w at least 1e-6.</summary>
    protected Tensor Scaled(Tensor cosines) => (cosines * Weights("scale").Clamp(1e-6, float.MaxValue)).Plus(Weights("offset"));

    /// <summary>The learned scale of cosines, from w = 10 and b = -5 on (Wan et al. 2018).</summary>
    protected void AddScale(TermContext context)
    {
        register_parameter("scale", new Parameter(tensor([10f], [1, 1], device: context.Device)));
        register_parameter("offset", new Parameter(tensor([-5f], [1, 1], device: context.Device)));
    }

    /// <summary>The mean over all rows of several parts; null without one.</summary>
    protected static TermValue? Mean(params IEnumerable<TermValue?> parts)
    {
        TermValue[] present = [.. parts.OfType<TermValue>()];
        int rows = present.Sum(part => part.Rows);
        return rows == 0
            ? null
            : new TermValue(present.Select(part => part.Value.Times((double)part.Rows / rows)).Aggregate(TensorArithmetic.Plus), rows);
    }

    /// <summary>The prefix of a modality's parameters: none where both share them.</summary>
    protected static string Prefix(Modality modality, bool shared) => shared ? "" : $"{EnumText.Of(modality)}_";

    /// <summary>The prefixes of all parameters.</summary>
    protected static IEnumerable<string> Prefixes(bool shared) =>
        new[] { Modality.Voice, Modality.Face }.Select(modality => Prefix(modality, shared)).Distinct();

    /// <summary>A parameter by its name.</summary>
    protected Parameter Weights(string parameter) => get_parameter(parameter)!;

    /// <summary>
    /// A parameter of rows uniform in +-1/sqrt(columns), as PyTorch's linear layers start, from the library's own generator.
    /// </summary>
    protected void AddWeights(TermContext context, string parameter, int rows, int columns)
    {
        SeededRandom random = SeededRandom.For(context.Seed, $"terms/{Name}/{parameter}");
        double bound = 1.0 / Math.Sqrt(columns);
        float[] values = [.. Enumerable.Range(0, rows * columns).Select(_ => (float)random.NextDouble(-bound, bound))];
        register_parameter(parameter, new Parameter(tensor(values, [rows, columns], device: context.Device))); // [rows, columns]
    }
}
