namespace CrossModalVae.Corpora;

/// <summary>Adds up what was found clip by clip.</summary>
internal static class CorpusReportBuilder
{
    private const double SecondsPerHour = 3600;

    public static CorpusReport Build(
        IReadOnlyList<Clip> clips, double[] seconds, int[] sampleRatesHz, IReadOnlyList<string> faults, IReadOnlyList<CorpusNotice> notices)
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
            Hours = seconds.Sum() / SecondsPerHour,
            Splits = [.. Enum.GetValues<CorpusSplit>().Select(split => Count(split, clips, [.. all.Where(i => clips[i].Split == split)], seconds))],
            IdentitiesPerGender = PerGender(clips),
            VoicesPerSampleRate = new SortedDictionary<int, int>(sampleRatesHz.Where(rate => rate > 0).CountBy(rate => rate).ToDictionary()),
            Faults = faults,
            Notices = notices,
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
