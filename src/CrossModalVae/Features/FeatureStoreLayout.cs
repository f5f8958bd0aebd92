namespace CrossModalVae.Features;

/// <summary>Where things lie in a feature store; data-schemas/feature-store.md describes it for readers in any language.</summary>
internal sealed record FeatureStoreLayout
{
    /// <summary>Sections start at multiples of a page.</summary>
    public const int PageBytes = 4096;

    /// <summary>Rows, and the face within a row, start at multiples of a cache line.</summary>
    private const int LineBytes = 64;

    public FeatureStoreLayout(int headerBytes, int rowCount, FeaturePrecision precision, int voiceLength, int faceLength)
    {
        RowCount = rowCount;
        VoiceBytes = checked(voiceLength * FeatureCodec.Size(precision));
        FaceBytes = checked(faceLength * FeatureCodec.Size(precision));
        FaceOffset = (int)RoundUp(VoiceBytes, LineBytes);
        RowBytes = FaceOffset + RoundUp(FaceBytes, LineBytes);
        RecordsOffset = RoundUp(headerBytes, PageBytes);
        RowsOffset = RoundUp(RecordsOffset + ((long)rowCount * FeatureStoreRecord.Bytes), PageBytes);
        FileBytes = RowsOffset + (rowCount * RowBytes);
    }

    /// <summary>Clips and augmented views.</summary>
    public int RowCount { get; }

    public int VoiceBytes { get; }

    public int FaceBytes { get; }

    /// <summary>From the start of a row to its face.</summary>
    public int FaceOffset { get; }

    /// <summary>From a row to the next.</summary>
    public long RowBytes { get; }

    public long RecordsOffset { get; }

    public long RowsOffset { get; }

    public long FileBytes { get; }

    public long RecordAt(int index) => RecordsOffset + ((long)index * FeatureStoreRecord.Bytes);

    public long RowAt(int index) => RowsOffset + (index * RowBytes);

    public static long RoundUp(long value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
