using CrossModalVae.Recipes.Terms;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Terms;

/// <summary>The generalised end-to-end loss over voices and faces as one set.</summary>
internal sealed class Ge2eTerm : ObjectiveTerm
{
    public Ge2eTerm(string name, Ge2eOptions options, TermContext context)
        : base(name, options.Weight) => AddScale(context);

    /// <summary>
    /// Cosines of rows and the people's centroids (Wan et al. 2018, equation 9): the own centroid is the mean of the person's other rows,
    /// so that a row does not find itself, [B, P].
    /// </summary>
    /// <param name="x">Rows, [B, D]; each person has at least two.</param>
    /// <param name="own">1 at each row's own person, else 0, [B, P].</param>
    public static Tensor Cosines(Tensor x, Tensor own)
    {
        Tensor count = own.sum([0]).unsqueeze(1); // [P, 1]
        Tensor sums = own.t().mm(x); // [P, D]
        Tensor unit = Contrast.UnitLength(x); // [B, D]
        Tensor all = unit.mm(Contrast.UnitLength(sums / count).t()); // [B, P]
        Tensor others = own.mm(sums) - x; // [B, D] the sum of the person's other rows
        Tensor self = (unit * Contrast.UnitLength(others)).sum(1, true); // [B, 1]
        return all.Plus(own * (self - all)); // [B, P]
    }

    public override TermValue? Evaluate(TermBatch batch)
    {
        TermRows all = batch.Modalities.Select(entry => entry.Rows).Aggregate((a, b) => a.And(b));
        string[] people = [.. all.Clips.CountBy(clip => clip.Identity).Where(person => person.Value > 1).Select(person => person.Key)];
        if (people.Length < 2)
        {
            return null;
        }

        TermRows rows = all.Of(people);
        Tensor own = rows.Membership(people); // [B, P]
        return new TermValue(PrototypicalTerm.Loss(Scaled(Cosines(rows.Mean, own)), own), rows.Count);
    }
}
