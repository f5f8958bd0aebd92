using CrossModalVae.Recipes.Terms;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Terms;

/// <summary>Voices find their person by the mean of its faces, and faces by the mean of its voices.</summary>
internal sealed class PrototypicalTerm : CrossModalTerm
{
    private readonly PrototypicalOptions _options;

    public PrototypicalTerm(string name, PrototypicalOptions options, TermContext context)
        : base(name, options.Weight)
    {
        _options = options;
        if (options.Score == PrototypeScore.Angular)
        {
            AddScale(context);
        }
    }

    /// <summary>
    /// Mean of -log softmax over people of the scores of queries and prototypes (Snell et al. 2017, equation 2; angular: Chung et al. 2020,
    /// equation 6).
    /// </summary>
    /// <param name="scores">Of queries and prototypes, [Q, P].</param>
    /// <param name="own">1 at each query's own person, else 0, [Q, P].</param>
    public static Tensor Loss(Tensor scores, Tensor own) => (scores.logsumexp(1) - (scores * own).sum(1)).mean(); // []

    protected override TermValue? Evaluate(TermRows queries, TermRows candidates)
    {
        string[] people = candidates.People;
        TermRows known = queries.Of(people);
        if (people.Length < 2 || known.Count == 0)
        {
            return null;
        }

        Tensor prototypes = candidates.MeansOf(people); // [P, D]
        Tensor scores = _options.Score == PrototypeScore.Angular
            ? Scaled(known.Unit.mm(Contrast.UnitLength(prototypes).t()))
            : Distances.Squared(known.Mean, prototypes).Times(-1.0); // [Q, P]
        return new TermValue(Loss(scores, known.Membership(people)), known.Count);
    }
}
