using System.Diagnostics;

namespace CrossModalVae.Hosting;

/// <summary>
/// One loaded model and its batchers. Requests hold it while they use it; it ends when it is retired and the last has left.
/// </summary>
internal sealed class ModelGeneration : IAsyncDisposable
{
    private readonly RequestBatcher _voices;
    private readonly RequestBatcher _faces;
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _holders = 1; // the host's own

    public ModelGeneration(ScoringModel model, int number, CrossModalVaeOptions options)
    {
        (Model, Number) = (model, number);
        int workers = model.Device.CudaIndex is null ? Environment.ProcessorCount : 1;
        _voices = Batcher(Modality.Voice, model.VoiceEncoder.Inputs[0].Length, (rows, count) => model.ScoreVoices(rows, count));
        _faces = Batcher(Modality.Face, model.FaceEncoder.Inputs[0].Length, (rows, count) => model.ScoreFaces(rows, count));

        RequestBatcher Batcher(Modality modality, int length, RowScorer score) => new(
            (rows, count) => score(rows.AsSpan(0, count * length), count), length, options, workers, Tags(modality));
    }

    private delegate PosteriorRows RowScorer(ReadOnlySpan<float> rows, int count);

    public ScoringModel Model { get; }

    /// <summary>1 for the first model of a host.</summary>
    public int Number { get; }

    public Task<ClipPosterior> ScoreAsync(Modality modality, float[] features, CancellationToken cancellationToken) =>
        (modality == Modality.Voice ? _voices : _faces).ScoreAsync(features, cancellationToken);

    /// <summary>Only under the host's lock, while this is the current generation.</summary>
    public void Hold() => Interlocked.Increment(ref _holders);

    public void Leave()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            _left.TrySetResult();
        }
    }

    /// <summary>Waits for the requests that hold this, then releases the model.</summary>
    public async ValueTask DisposeAsync()
    {
        Leave();
        await _left.Task;
        await _voices.DisposeAsync();
        await _faces.DisposeAsync();
        Model.Dispose();
    }

    private TagList Tags(Modality modality) => new()
    {
        { "modality", modality == Modality.Voice ? "voice" : "face" },
        { "model.hash", Model.Card.WeightsHash[..12] },
        { "device", Model.Device.ToString() },
    };
}
