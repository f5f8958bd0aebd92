namespace CrossModalVae.Corpora;

/// <summary>Adds up what was found clip by clip, in corpus order.</summary>
internal sealed class CorpusReportBuilder(IReadOnlyList<Clip> clips, Action<string>? told)
{
    private const double SecondsPerHour = 3600;

    private readonly double[] _seconds = new double[clips.Count];
    private readonly SortedDictionary<int, int> _rates = [];
    private readonly List<string> _kept = [];
    private int _faultCount;

    public CorpusTally Tally { get; } = new();

    public void Add(int clip, double seconds, int sampleRateHz)
    {
        _seconds[clip] = seconds;
        if (sampleRateHz > 0)
        {
            _rates[sampleRateHz] = _rates.GetValueOrDefault(sampleRateHz) + 1;
        }
    }

    public void Add(string fault)
    {
        _faultCount++;
        told?.Invoke(fault);
        if (_kept.Count < CorpusCheck.MostKeptFaults)
        {
            _kept.Add(fault);
        }
    }

    public CorpusReport Build()
    {
        int[] all = [.. Enumerable.Range(0, clips.Count)];
        return new CorpusReport
        {
            IdentityCount = Identities(clips),
            ClipCount = clips.Count,
            VoiceCount = clips.Count(clip => clip.Voice is not null),
            FaceCount = clips.Count(clip => clip.Faces.Count > 0),
            PairCount = clips.Count(IsPair),
            FrameCount = clips.Sum(clip => clip.Faces.Count),
            Hours = _seconds.Sum() / SecondsPerHour,
            Splits =
            [
                .. Enum.GetValues<CorpusSplit>()
                    .Select(split => Count(split, clips, [.. all.Where(i => clips[i].Split == split)], _seconds)),
            ],
            IdentitiesPerGender = PerGender(clips),
            VoicesPerSampleRate = _rates,
            FaultCount = _faultCount,
            Faults = _kept,
            Notices = Tally.Notices,
        };
    }

    private static CorpusSplitCounts Count(CorpusSplit split, IReadOnlyList<Clip> clips, int[] rows, double[] seconds) => new(
        split,
        Identities(rows.Select(i => clips[i])),
        rows.Length,
        rows.Count(i => IsPair(clips[i])),
        rows.Sum(i => clips[i].Faces.Count),
        rows.Sum(i => seconds[i]) / SecondsPerHour);

    private static SortedDictionary<string, int> PerGender(IReadOnlyList<Clip> clips)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal) { ["f"] = 0, ["m"] = 0, ["unknown"] = 0 };
        foreach (IGrouping<string, Clip> identity in clips.GroupBy(clip => clip.Identity, StringComparer.Ordinal))
        {
            counts[identity.Select(clip => clip.Gender).FirstOrDefault(gender => gender is not null) ?? "unknown"]++;
        }

        return counts;
    }

    private static int Identities(IEnumerable<Clip> clips) => clips.Select(clip => clip.Identity).Distinct(StringComparer.Ordinal).Count();

    private static bool IsPair(Clip clip) => clip.Voice is not null && clip.Faces.Count > 0;
}
