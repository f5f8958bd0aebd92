using CrossModalVae.Corpora;

namespace CrossModalVae.Features;

/// <summary>
/// Fills a feature store's rows, each core taking the next row: what is done is done in about the manifest's
/// order, and a broken clip stops the work soon.
/// </summary>
internal sealed class FeatureStoreWork(FeatureStoreContent content, FeatureStoreFile file, FeatureStoreOptions options)
{
    /// <summary>
    /// Computes what is still to do, and looks after what is done: a row counts only with the right checksum
    /// and from files that have not changed since.
    /// </summary>
    /// <returns>How many rows were computed.</returns>
    public int Run(IProgress<int>? progress, CancellationToken cancellationToken)
    {
        int done = 0, computed = 0;
        var gate = new Lock();
        ParallelLoop.For(
            content.RowCount,
            () => (
                Voice: new float[content.Extractor.VoiceLength],
                Face: new float[content.Extractor.FaceLength],
                Row: new byte[file.Header.Layout.RowBytes]),
            (i, buffers) =>
            {
                bool isNew = Do(i, buffers.Voice, buffers.Face, buffers.Row);
                lock (gate)
                {
                    computed += isNew ? 1 : 0;
                    progress?.Report(++done);
                }
            },
            workerCount: options.Jobs,
            cancellationToken: cancellationToken);
        return computed;
    }

    private bool Do(int index, float[] voice, float[] face, byte[] row)
    {
        (Clip clip, int view) = content[index];
        UInt128? sources = ClipFingerprint.Sources(content.Manifest, clip); // before reading: what changes while it is read is seen later
        FeatureStoreLayout layout = file.Header.Layout;
        Span<byte> voiceBytes = row.AsSpan(0, layout.VoiceBytes);
        Span<byte> faceBytes = row.AsSpan(layout.FaceOffset, layout.FaceBytes);
        if (file.ReadRecord(index) is FeatureStoreRecord { IsDone: true } record
            && record.Sources == sources
            && file.ReadRow(index, row)
            && (clip.Voice is null || Crc32C.Compute(voiceBytes) == record.VoiceChecksum)
            && (clip.Faces.Count == 0 || Crc32C.Compute(faceBytes) == record.FaceChecksum))
        {
            return false;
        }

        content.Extractor.ExtractView(content.Manifest, clip, view, voice, face);
        Array.Clear(row);
        FeatureStoreState state = FeatureStoreState.Done;
        uint voiceChecksum = 0;
        uint faceChecksum = 0;
        if (clip.Voice is not null)
        {
            Encode(clip, Modality.Voice, voice, voiceBytes);
            voiceChecksum = Crc32C.Compute(voiceBytes);
            state |= FeatureStoreState.Voice;
        }

        if (clip.Faces.Count > 0)
        {
            Encode(clip, Modality.Face, face, faceBytes);
            faceChecksum = Crc32C.Compute(faceBytes);
            state |= FeatureStoreState.Face;
        }

        var done = new FeatureStoreRecord(
            ClipFingerprint.Key(clip, view), ClipFingerprint.Entry(clip), sources ?? UInt128.Zero, voiceChecksum, faceChecksum, state);
        try
        {
            file.Write(index, row, done);
        }
        catch (IOException e)
        {
            throw new IOException(
                $"{file.FinalPath}: cannot be written: {e.Message.TrimEnd('.')}; "
                + "what is done stays: make room and run the same command again.",
                e);
        }

        return true;
    }

    private void Encode(Clip clip, Modality modality, float[] values, Span<byte> bytes)
    {
        if (FeatureCodec.Encode(values, options.Precision, bytes) is string fault)
        {
            throw new InvalidDataException($"Clip '{clip.Key}': {FeatureGuard.Name(modality)} {fault}.");
        }
    }
}
