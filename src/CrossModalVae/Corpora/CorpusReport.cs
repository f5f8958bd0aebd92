namespace CrossModalVae.Corpora;

/// <summary>The result of a corpus check.</summary>
public sealed record CorpusReport
{
    /// <summary>Identities.</summary>
    public required int IdentityCount { get; init; }

    /// <summary>Clips.</summary>
    public required int ClipCount { get; init; }

    /// <summary>Clips with a voice.</summary>
    public required int VoiceCount { get; init; }

    /// <summary>Clips with a face.</summary>
    public required int FaceCount { get; init; }

    /// <summary>Clips with both.</summary>
    public required int PairCount { get; init; }

    /// <summary>Face frames, each as often as it is named.</summary>
    public required int FrameCount { get; init; }

    /// <summary>Total duration of the voices, in hours.</summary>
    public required double Hours { get; init; }

    /// <summary>The counts of each split, all splits present.</summary>
    public required IReadOnlyList<CorpusSplitCounts> Splits { get; init; }

    /// <summary>Identities of each gender: "m", "f" and "unknown", all three present.</summary>
    public required IReadOnlyDictionary<string, int> IdentitiesPerGender { get; init; }

    /// <summary>Voices of each sample rate, in Hz, lowest first.</summary>
    public required IReadOnlyDictionary<int, int> VoicesPerSampleRate { get; init; }

    /// <summary>The number of faults.</summary>
    public required int FaultCount { get; init; }

    /// <summary>The first <see cref="CorpusCheck.MostKeptFaults"/> faults, a sentence each, in corpus order.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    /// <summary>What is legal and worth knowing, counted.</summary>
    public required IReadOnlyList<CorpusNotice> Notices { get; init; }

    /// <summary>
    /// The clips that no fault concerns, in corpus order: not those of which a file is broken, the same sound or picture stands under two
    /// identities, or the identity has two splits or genders. A manifest of them has no fault.
    /// </summary>
    public required IReadOnlyList<Clip> SoundClips { get; init; }

    /// <summary>Whether there is no fault.</summary>
    public bool IsSound => FaultCount == 0;
}

/// <summary>The counts of one split.</summary>
/// <param name="Split">The split.</param>
/// <param name="IdentityCount">Identities with a clip in it.</param>
/// <param name="ClipCount">Clips.</param>
/// <param name="PairCount">Clips with voice and face.</param>
/// <param name="FrameCount">Face frames.</param>
/// <param name="Hours">Duration of the voices, in hours.</param>
public sealed record CorpusSplitCounts(CorpusSplit Split, int IdentityCount, int ClipCount, int PairCount, int FrameCount, double Hours);

/// <summary>Adds up the results of the clips, in corpus order.</summary>
internal sealed class CorpusReportBuilder(IReadOnlyList<Clip> clips, Action<string>? reported)
{
    private const double SecondsPerHour = 3600;

    private readonly double[] _seconds = new double[clips.Count];
    private readonly SortedDictionary<int, int> _rates = [];
    private readonly List<string> _kept = [];
    private readonly bool[] _isFaulty = new bool[clips.Count];
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

    /// <summary>Adds a fault of the clips with these indexes.</summary>
    public void Add(string fault, params ReadOnlySpan<int> concerned)
    {
        foreach (int clip in concerned)
        {
            _isFaulty[clip] = true;
        }

        _faultCount++;
        reported?.Invoke(fault);
        if (_kept.Count < CorpusCheck.MostKeptFaults)
        {
            _kept.Add(fault);
        }
    }

    public CorpusReport Build()
    {
        return new CorpusReport
        {
            IdentityCount = Identities(clips),
            ClipCount = clips.Count,
            VoiceCount = clips.Count(clip => clip.Voice is not null),
            FaceCount = clips.Count(clip => clip.Faces.Count > 0),
            PairCount = clips.Count(IsPair),
            FrameCount = clips.Sum(clip => clip.Faces.Count),
            Hours = _seconds.Sum() / SecondsPerHour,
            Splits = [.. Enum.GetValues<CorpusSplit>().Select(Count)],
            IdentitiesPerGender = PerGender(clips),
            VoicesPerSampleRate = _rates,
            FaultCount = _faultCount,
            Faults = _kept,
            Notices = Tally.Notices,
            SoundClips = [.. clips.Where((_, i) => !_isFaulty[i])],
        };
    }

    private CorpusSplitCounts Count(CorpusSplit split)
    {
        (Clip Clip, double Seconds)[] own = [.. clips.Zip(_seconds).Where(pair => pair.First.Split == split)];
        return new CorpusSplitCounts(
            split,
            Identities(own.Select(pair => pair.Clip)),
            own.Length,
            own.Count(pair => IsPair(pair.Clip)),
            own.Sum(pair => pair.Clip.Faces.Count),
            own.Sum(pair => pair.Seconds) / SecondsPerHour);
    }

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
