using CrossModalVae.Corpora;

namespace CrossModalVae.Features;

/// <summary>
/// Fills a feature store's rows, each worker taking the next one, so that they are done in about the manifest's order and a broken clip
/// stops the work soon.
/// </summary>
internal sealed class FeatureStoreWork(FeatureStoreContent content, FeatureStoreFile file, FeatureStoreOptions options)
{
    /// <summary>
    /// Computes the missing rows and returns their number. A row that is there counts only with the right checksum and if its files have
    /// not changed since.
    /// </summary>
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
        var done = new FeatureStoreRecord(
            ClipFingerprint.Key(clip, view), ClipFingerprint.Entry(clip), sources ?? UInt128.Zero, 0, 0, FeatureStoreState.Done);
        if (clip.Voice is not null)
        {
            uint checksum = Encode(clip, Modality.Voice, voice, voiceBytes);
            done = done with { VoiceChecksum = checksum, State = done.State | FeatureStoreState.Voice };
        }

        if (clip.Faces.Count > 0)
        {
            uint checksum = Encode(clip, Modality.Face, face, faceBytes);
            done = done with { FaceChecksum = checksum, State = done.State | FeatureStoreState.Face };
        }

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

    private uint Encode(Clip clip, Modality modality, float[] values, Span<byte> bytes) =>
        FeatureCodec.Encode(values, options.Precision, bytes) is string fault
            ? throw new InvalidDataException($"Clip '{clip.Key}': {EnumText.Of(modality)} {fault}.")
            : Crc32C.Compute(bytes);
}
