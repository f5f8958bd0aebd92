using CrossModalVae.Corpora;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Terms;

/// <summary>
/// The rows of one modality in a batch, as terms see them; row i of both modalities is a pair for i below the pair count.
/// </summary>
/// <param name="Mean">mu, [B, D].</param>
/// <param name="Sample">z, [B, D]; the mean where there is no bound.</param>
/// <param name="Clips">[B] whose rows they are.</param>
internal sealed record TermRows(Tensor Mean, Tensor Sample, IReadOnlyList<Clip> Clips)
{
    public int Count => Clips.Count;

    /// <summary>The posterior means at unit length, [B, D].</summary>
    public Tensor Unit { get; } = Contrast.UnitLength(Mean);

    /// <summary>The people of the rows, each once.</summary>
    public string[] People => [.. Clips.Select(clip => clip.Identity).Distinct(StringComparer.Ordinal)];

    /// <summary>The first rows.</summary>
    public TermRows First(int count) => new(Mean.narrow(0, 0, count), Sample.narrow(0, 0, count), [.. Clips.Take(count)]);

    /// <summary>The rows of some people.</summary>
    public TermRows Of(string[] people)
    {
        int[] rows = [.. Enumerable.Range(0, Count).Where(row => people.Contains(Clips[row].Identity))];
        if (rows.Length == Count)
        {
            return this;
        }

        Tensor places = tensor(rows, device: Mean.device); // [rows]
        return new TermRows(Mean.index_select(0, places), Sample.index_select(0, places), [.. rows.Select(row => Clips[row])]);
    }

    /// <summary>1 where the row is the person's, else 0, [B, P].</summary>
    public Tensor Membership(string[] people) => TensorArrays.Filled(Count, people.Length, Mean.device, values =>
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = Clips[i / people.Length].Identity == people[i % people.Length] ? 1f : 0f;
        }
    }).to_type(Mean.dtype); // [B, P]

    /// <summary>The mean mu of each person's rows, [P, D]; each person has one.</summary>
    public Tensor MeansOf(string[] people)
    {
        Tensor own = Membership(people); // [B, P]
        return own.t().mm(Mean) / own.sum([0]).unsqueeze(1); // [P, D]
    }

    /// <summary>Both modalities' rows in one set, [Bv + Bf, D].</summary>
    public TermRows And(TermRows other) =>
        new(cat([Mean, other.Mean], 0), cat([Sample, other.Sample], 0), [.. Clips, .. other.Clips]);

    /// <summary>1 where row and column are of one person, else 0, [B, Bo].</summary>
    public Tensor SamePerson(TermRows other) => Mask(other, (own, foreign) => own.Identity == foreign.Identity);

    /// <summary>1 where a relation of row and column holds, else 0, [B, Bo].</summary>
    public Tensor Mask(TermRows other, Func<Clip, Clip, bool> relation) =>
        TensorArrays.Filled(Count, other.Count, Mean.device, values =>
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = relation(Clips[i / other.Count], other.Clips[i % other.Count]) ? 1f : 0f;
            }
        }); // [B, Bo]
}

/// <summary>What a term sees of a batch.</summary>
/// <param name="Voice">Its voices; null without one.</param>
/// <param name="Face">Its faces; null without one.</param>
/// <param name="PairCount">How many first rows of both are pairs.</param>
/// <param name="Noise">The random numbers of the step.</param>
internal sealed record TermBatch(TermRows? Voice, TermRows? Face, int PairCount, TrainingNoise Noise)
{
    /// <summary>The modalities that are there, the voice first.</summary>
    public IEnumerable<(Modality Modality, TermRows Rows)> Modalities =>
        new[] { (Modality.Voice, Voice), (Modality.Face, Face) }
            .Where(entry => entry.Item2 is not null)
            .Select(entry => (entry.Item1, entry.Item2!));
}

/// <summary>A term's value on a batch, a scalar with gradients, and how many rows it is a mean over.</summary>
internal readonly record struct TermValue(Tensor Value, int Rows);
