using CrossModalVae.Recipes.Terms;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Terms;

/// <summary>FOP's orthogonality over voices and faces as one set.</summary>
internal sealed class OrthogonalTerm(string name, OrthogonalOptions options) : ObjectiveTerm(name, options.Weight)
{
    /// <summary>
    /// 1 - mean cos of rows of one person + gamma mean |cos| of rows of different people (Saeed et al. 2022, equation 5).
    /// </summary>
    /// <param name="cosines">Of all rows, [B, B].</param>
    /// <param name="same">1 for another row of the same person, else 0, [B, B].</param>
    /// <param name="different">1 for a row of another person, else 0, [B, B].</param>
    /// <param name="gamma">The weight of the second mean.</param>
    public static Tensor Loss(Tensor cosines, Tensor same, Tensor different, double gamma) =>
        ((cosines * different).abs().sum() / different.sum()).Times(gamma)
            .Plus(((cosines * same).sum() / same.sum()).Times(-1.0).Plus(1.0)); // []

    public override TermValue? Evaluate(TermBatch batch)
    {
        TermRows rows = batch.Modalities.Select(entry => entry.Rows).Aggregate((a, b) => a.And(b));
        Tensor person = rows.SamePerson(rows); // [B, B]
        Tensor same = person - eye(rows.Count, device: person.device); // [B, B]
        Tensor different = person.Times(-1.0).Plus(1.0); // [B, B]
        return same.sum().item<float>() == 0f || different.sum().item<float>() == 0f
            ? null
            : new TermValue(Loss(rows.Unit.mm(rows.Unit.t()), same, different, options.NegativeWeight), rows.Count);
    }
}
