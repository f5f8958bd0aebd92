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
        _voices = new RequestBatcher(
            (rows, count) => model.ScoreVoices(rows.AsSpan(0, count * model.VoiceEncoder.Inputs[0].Length), count),
            model.VoiceEncoder.Inputs[0].Length,
            options,
            workers,
            Tags(Modality.Voice));
        _faces = new RequestBatcher(
            (rows, count) => model.ScoreFaces(rows.AsSpan(0, count * model.FaceEncoder.Inputs[0].Length), count),
            model.FaceEncoder.Inputs[0].Length,
            options,
            workers,
            Tags(Modality.Face));
    }

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
