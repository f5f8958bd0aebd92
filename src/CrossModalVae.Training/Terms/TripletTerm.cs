using CrossModalVae.Recipes.Terms;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Terms;

/// <summary>Triplets across modalities with semi-hard negatives.</summary>
internal sealed class TripletTerm(string name, TripletOptions options) : CrossModalTerm(name, options.Weight)
{
    /// <summary>
    /// Mean over triplets of max(0, |a - p|^2 - |a - n|^2 + alpha) (Schroff et al. 2015, equation 3) of squared distances, [T] each.
    /// </summary>
    public static Tensor Loss(Tensor positive, Tensor negative, double margin) => (positive - negative).Plus(margin).relu().mean(); // []

    /// <summary>
    /// The column of a positive's negative: the nearest of those farther than the positive; where none is, the farthest of all.
    /// </summary>
    /// <param name="row">Squared distances of an anchor, [A].</param>
    /// <param name="positive">The column of the positive.</param>
    /// <param name="negatives">The columns of other people, at least one.</param>
    public static int SemiHard(ReadOnlySpan<float> row, int positive, int[] negatives)
    {
        float[] distances = [.. row];
        int[] farther = [.. negatives.Where(column => distances[column] > distances[positive])];
        return farther.Length > 0 ? farther.MinBy(column => distances[column]) : negatives.MaxBy(column => distances[column]);
    }

    protected override TermValue? Evaluate(TermRows queries, TermRows candidates)
    {
        Tensor distances = Distances.Squared(queries.Unit, candidates.Unit); // [Q, A]
        float[] values = distances.to_type(ScalarType.Float32).ToFloats();
        var positives = new List<(long, long)>();
        var negatives = new List<(long, long)>();
        for (int i = 0; i < queries.Count; i++)
        {
            ILookup<bool, int> columns =
                Enumerable.Range(0, candidates.Count).ToLookup(column => candidates.Clips[column].Identity == queries.Clips[i].Identity);
            int[] others = [.. columns[false]];
            foreach (int positive in others.Length == 0 ? [] : columns[true])
            {
                positives.Add((i, positive));
                negatives.Add((i, SemiHard(values.AsSpan(i * candidates.Count, candidates.Count), positive, others)));
            }
        }

        return positives.Count == 0
            ? null
            : new TermValue(
                Loss(Distances.Pick(distances, positives), Distances.Pick(distances, negatives), options.Margin), queries.Count);
    }
}
