using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;

namespace CrossModalVae.Evaluation;

/// <summary>
/// Step 1 of the protocol: which probes are compared with which part of the gallery, in each direction and stratum, and the bootstrap draws
/// of identities. All systems are scored on the same plan, which does not depend on the order of the rows.
/// </summary>
internal sealed class ProtocolPlan
{
    private readonly DirectionPlan[] _directions;
    private readonly IdentityBootstrap _bootstrap;

    /// <summary>Plans the trials of voices and faces; joint rows are ignored.</summary>
    /// <exception cref="ArgumentException">There are fewer than two identities with both modalities.</exception>
    public ProtocolPlan(
        IReadOnlyList<EmbeddingRow> rows, IReadOnlyList<Stratum> strata, ProtocolOptions options, params RetrievalDirection[] directions)
    {
        Dictionary<string, int> identities = Number(rows);
        _bootstrap = new IdentityBootstrap(identities.Count, options.DrawCount, options.Seed);
        _directions = [.. directions.Select(direction => new DirectionPlan(direction, rows, identities, strata, options))];
    }

    /// <summary>Numbers the identities by name, so that the draws do not depend on the order of the rows.</summary>
    public static Dictionary<string, int> Number(IReadOnlyList<EmbeddingRow> rows) => rows.Where(row => row.Modality != Modality.Joint)
        .Select(row => row.Identity).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
        .Select((identity, number) => (identity, number))
        .ToDictionary(pair => pair.identity, pair => pair.number, StringComparer.Ordinal);

    /// <summary>The strata of each direction, those without a trial too.</summary>
    public IEnumerable<(RetrievalDirection Direction, IReadOnlyList<StratumPlan> Strata)> Strata =>
        _directions.Select(direction => (direction.Direction, direction.Strata));

    /// <summary>The identities that have a trial among everybody, in both directions.</summary>
    public IEnumerable<string> AskingIdentities => _directions.Select(direction => direction.AskingIdentities)
        .Aggregate((one, other) => one.Intersect(other, StringComparer.Ordinal));

    /// <summary>The modalities of the probes and of the gallery.</summary>
    public static (Modality Probe, Modality Gallery) Sides(RetrievalDirection direction) =>
        direction == RetrievalDirection.VoiceToFace ? (Modality.Voice, Modality.Face) : (Modality.Face, Modality.Voice);

    /// <summary>
    /// Scores a system in every direction, by stratum; <paramref name="begin"/> hears each direction before it is scored.
    /// </summary>
    public IReadOnlyList<DirectionSample> Score(
        EvaluationSystem system, CancellationToken cancellationToken, Action<RetrievalDirection>? begin = null) =>
    [
        .. _directions.SelectMany(direction =>
            {
                begin?.Invoke(direction.Direction);
                return direction.Score(system, _bootstrap, cancellationToken);
            })
            .OrderBy(sample => sample.Plan.Stratum),
    ];
}

/// <summary>A gallery's rows by identity, for drawing trials.</summary>
internal sealed class GalleryIndex
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<List<int>> _rows = [];
    private readonly IReadOnlyList<ClipKey> _items;

    public GalleryIndex(IReadOnlyList<ClipKey> items)
    {
        _items = items;
        for (int row = 0; row < items.Count; row++)
        {
            if (!_numbers.TryGetValue(items[row].Identity, out int number))
            {
                number = _numbers[items[row].Identity] = _rows.Count;
                _rows.Add([]);
            }

            _rows[number].Add(row);
        }
    }

    public int IdentityCount => _rows.Count;

    public bool Contains(string identity) => _numbers.ContainsKey(identity);

    public string IdentityOf(int row) => _items[row].Identity;

    public IReadOnlyList<int> RowsOf(string identity) => _rows[_numbers[identity]];

    /// <summary>A random row of the probe's identity, of another clip than the probe's where there is one.</summary>
    public int DrawPositive(ClipKey probe, SeededRandom random)
    {
        IReadOnlyList<int> own = RowsOf(probe.Identity);
        int[] others = [.. own.Where(row => _items[row].Clip != probe.Clip)];
        return others.Length > 0 ? others[random.NextInt32(others.Length)] : own[random.NextInt32(own.Count)];
    }

    /// <summary>Random rows of as many different identities other than the probe's, each identity equally likely.</summary>
    public void DrawNegatives(string identity, Span<int> rows, SeededRandom random)
    {
        Span<int> chosen = stackalloc int[rows.Length + 1];
        chosen[0] = _numbers[identity];
        for (int k = 0; k < rows.Length; k++)
        {
            int number;
            do
            {
                number = random.NextInt32(_rows.Count);
            }
            while (chosen[..(k + 1)].Contains(number));
            chosen[k + 1] = number;
            rows[k] = _rows[number][random.NextInt32(_rows[number].Count)];
        }
    }
}

/// <summary>
/// The order in which trials are drawn: by identity and clip, so that the same clips give the same trials in whatever order their rows are
/// stored. Rows of one clip (its frames) keep their order.
/// </summary>
internal static class ClipOrder
{
    /// <summary>The indices of some rows in that order.</summary>
    public static int[] Of(IReadOnlyList<EmbeddingRow> rows) =>
    [
        .. Enumerable.Range(0, rows.Count)
            .OrderBy(i => rows[i].Identity, StringComparer.Ordinal).ThenBy(i => rows[i].Clip, StringComparer.Ordinal), // stable
    ];

    /// <summary>A unique name for each of some ordered rows, to seed a random generator by.</summary>
    public static string[] Names(IReadOnlyList<EmbeddingRow> ordered)
    {
        string[] names = new string[ordered.Count];
        int first = 0; // of the rows of one clip
        for (int i = 0; i < names.Length; i++)
        {
            first = ordered[i].Key == ordered[first].Key ? first : i;
            names[i] = $"{ordered[i].Identity}/{ordered[i].Clip}{(i == first ? "" : $"/{i - first}")}";
        }

        return names;
    }
}
