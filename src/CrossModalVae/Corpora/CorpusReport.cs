namespace CrossModalVae.Corpora;

/// <summary>What the corpus check found.</summary>
public sealed record CorpusReport
{
    /// <summary>People.</summary>
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

    /// <summary>Voice in all, in hours.</summary>
    public required double Hours { get; init; }

    /// <summary>The counts of each split, every split named.</summary>
    public required IReadOnlyList<CorpusSplitCounts> Splits { get; init; }

    /// <summary>People of each gender: "m", "f" and "unknown", all three named.</summary>
    public required IReadOnlyDictionary<string, int> IdentitiesPerGender { get; init; }

    /// <summary>Voices of each sample rate, in Hz, lowest first.</summary>
    public required IReadOnlyDictionary<int, int> VoicesPerSampleRate { get; init; }

    /// <summary>How many things are wrong.</summary>
    public required int FaultCount { get; init; }

    /// <summary>
    /// What is wrong, a sentence each, in corpus order: the first
    /// <see cref="CorpusCheck.MostKeptFaults"/>; empty where the corpus is sound.
    /// </summary>
    public required IReadOnlyList<string> Faults { get; init; }

    /// <summary>What is legal and worth knowing.</summary>
    public required IReadOnlyList<CorpusNotice> Notices { get; init; }

    /// <summary>Whether nothing is wrong.</summary>
    public bool IsSound => FaultCount == 0;
}
