using System.Runtime.ExceptionServices;
using CrossModalVae.Corpora;

namespace CrossModalVae.Features;

/// <summary>
/// Fills a feature store's rows, each worker taking the next one, so that they are done in about the manifest's order and a broken clip
/// stops the work soon.
/// </summary>
internal sealed class FeatureStoreWork(FeatureStoreContent content, FeatureStoreFile file, FeatureStoreOptions options)
{
    private readonly Lock _gate = new();
    private int _next = -1;
    private int _done;
    private int _computed;
    private (int Row, Exception Fault)? _first;
    private volatile bool _stopped;

    /// <summary>
    /// Computes the missing rows and returns their number. A row that is there counts only with the right checksum and if its files have
    /// not changed since.
    /// </summary>
    public int Run(IProgress<int>? progress, CancellationToken cancellationToken)
    {
        int jobs = Math.Min(options.Jobs ?? Environment.ProcessorCount, content.RowCount);
        Parallel.For(0, jobs, new ParallelOptions { MaxDegreeOfParallelism = jobs }, _ => Work(progress, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        if (_first is (_, Exception fault))
        {
            ExceptionDispatchInfo.Throw(fault);
        }

        return _computed;
    }

    private void Work(IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var voice = new float[content.Extractor.VoiceLength];
        var face = new float[content.Extractor.FaceLength];
        var row = new byte[file.Header.Layout.RowBytes];
        while (!_stopped && !cancellationToken.IsCancellationRequested && Interlocked.Increment(ref _next) is int i && i < content.RowCount)
        {
            bool computed;
            try
            {
                computed = Do(i, voice, face, row);
            }
            catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                // Earlier clips are with other workers and run to their end, so the first fault in manifest order is reported.
                lock (_gate)
                {
                    _first = _first is (int before, _) && before < i ? _first : (i, e);
                }

                _stopped = true;
                return;
            }

            lock (_gate)
            {
                _computed += computed ? 1 : 0;
                progress?.Report(++_done);
            }
        }
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
