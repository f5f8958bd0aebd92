using CrossModalVae.Recipes.Terms;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Terms;

/// <summary>Supervised InfoNCE between voices and faces, or over all rows of a batch.</summary>
internal sealed class SupervisedInfoNceTerm(string name, SupervisedInfoNceOptions options) : ObjectiveTerm(name, options.Weight)
{
    /// <summary>
    /// L_out = -1/|I| sum over anchors i of 1/|P(i)| sum over p in P(i) of log(exp(z_i . z_p / tau) / sum over a in A(i) of exp(z_i . z_a /
    /// tau)) (Khosla et al. 2020, equation 2), over the anchors that have a positive. In nats.
    /// </summary>
    /// <param name="similarity">z . z / tau of anchors and candidates, [I, A].</param>
    /// <param name="positive">1 for a candidate of the anchor's person, which is not the anchor, else 0, [I, A].</param>
    /// <param name="candidate">1 for what the anchor is compared with, 0 for the anchor itself, [I, A].</param>
    public static Tensor Loss(Tensor similarity, Tensor positive, Tensor candidate)
    {
        Tensor all = similarity.Plus(candidate.Minus(1.0).Times(-Contrast.Excluded)).logsumexp(1, keepdim: true); // [I, 1]
        Tensor count = positive.sum(1); // [I] |P(i)|
        Tensor ofAnchor = ((all - similarity) * positive).sum(1) / count.Clamp(1.0, float.MaxValue); // [I]
        return ofAnchor.sum() / count.Clamp(0.0, 1.0).sum(); // []
    }

    public override TermValue? Evaluate(TermBatch batch)
    {
        if (options.WithinModality)
        {
            TermRows[] parts = [.. batch.Modalities.Select(entry => entry.Rows)];
            TermRows rows = parts.Aggregate((a, b) => a.And(b));
            return Evaluate(rows, rows, eye(rows.Count, device: rows.Mean.device));
        }

        return batch.Voice is null || batch.Face is null
            ? null
            : Mean(Evaluate(batch.Voice, batch.Face, null), Evaluate(batch.Face, batch.Voice, null));
    }

    private TermValue? Evaluate(TermRows anchors, TermRows candidates, Tensor? self)
    {
        Tensor same = anchors.SamePerson(candidates); // [I, A]
        Tensor positive = self is null ? same : same - self;
        int withPositive = (int)positive.amax([1]).sum().item<float>();
        if (withPositive == 0 || same.min().item<float>() > 0f) // nothing to draw near, or nothing to keep off
        {
            return null;
        }

        Tensor similarity = anchors.Unit.mm(candidates.Unit.t()).Over(options.Temperature); // [I, A]
        Tensor candidate = self is null ? ones_like(same) : ones_like(same) - self;
        return new TermValue(Loss(similarity, positive, candidate), withPositive);
    }
}
