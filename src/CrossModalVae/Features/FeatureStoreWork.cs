using CrossModalVae.Corpora;

namespace CrossModalVae.Features;

/// <summary>
/// Fills a feature store's rows, each worker taking the next one, so that they are done in about the manifest's order and a broken clip
/// stops the work soon.
/// </summary>
internal sealed class FeatureStoreWork(
    FeatureStoreContent content, FeatureStoreFile file, FeatureStoreOptions options, FeatureStoreSkips? skips)
{
    /// <summary>
    /// Computes the missing rows of a range and returns their number. A row that is there counts only with the right checksum and if its
    /// files have not changed since. The row of a broken clip stays undone where there are skips to take it.
    /// </summary>
    /// <param name="range">The rows.</param>
    /// <param name="before">How many rows were done before; progress starts from there.</param>
    /// <param name="progress">Receives the number of rows done.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    public int Run(Range range, int before, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        (int first, int count) = range.GetOffsetAndLength(content.RowCount);
        int done = 0, computed = 0;
        var gate = new Lock();
        ParallelLoop.For(
            count,
            () => (
                Voice: new float[content.Extractor.VoiceLength],
                Face: new float[content.Extractor.FaceLength],
                Row: new byte[file.Header.Layout.RowBytes]),
            (i, buffers) =>
            {
                bool isNew = Do(first + i, buffers.Voice, buffers.Face, buffers.Row, cancellationToken);
                lock (gate)
                {
                    computed += isNew ? 1 : 0;
                    progress?.Report(before + ++done);
                }
            },
            workerCount: options.Jobs,
            cancellationToken: cancellationToken);
        return computed;
    }

    private bool Do(int index, float[] voice, float[] face, byte[] row, CancellationToken cancellationToken)
    {
        (Clip clip, int view) = content[index];
        if (skips?.Contains(clip) == true)
        {
            return false;
        }

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

        FeatureStoreRecord done = default;
        if (skips is null)
        {
            done = Compute();
        }
        else if (!skips.Try(clip, () => done = Compute()))
        {
            return false;
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

        FeatureStoreRecord Compute()
        {
            content.Extractor.ExtractView(content.Manifest, clip, view, voice, face, cancellationToken);
            return Fill(clip, view, sources ?? UInt128.Zero, voice, face, row);
        }
    }

    // A row's bytes and its record.
    private FeatureStoreRecord Fill(Clip clip, int view, UInt128 sources, float[] voice, float[] face, byte[] row)
    {
        FeatureStoreLayout layout = file.Header.Layout;
        Span<byte> voiceBytes = row.AsSpan(0, layout.VoiceBytes);
        Span<byte> faceBytes = row.AsSpan(layout.FaceOffset, layout.FaceBytes);
        Array.Clear(row);
        var done = new FeatureStoreRecord(
            ClipFingerprint.Key(clip, view), ClipFingerprint.Entry(clip), sources, 0, 0, FeatureStoreState.Done);
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

        return done;
    }

    private uint Encode(Clip clip, Modality modality, float[] values, Span<byte> bytes) =>
        FeatureCodec.Encode(values, options.Precision, bytes) is string fault
            ? throw new InvalidDataException($"Clip '{clip.Key}': {EnumText.Of(modality)} {fault}.")
            : Crc32C.Compute(bytes);
}
