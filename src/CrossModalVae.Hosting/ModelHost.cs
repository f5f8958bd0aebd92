using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CrossModalVae.Hosting;

/// <summary>
/// A model that serves many callers at once, and is replaced while it does. Requests are gathered into batches. Thread-safe; dispose it
/// to end after the requests in flight.
/// </summary>
public sealed partial class ModelHost : IAsyncDisposable
{
    private readonly CrossModalVaeOptions _options;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _extraction = new(Environment.ProcessorCount); // front ends fill the cores, and no more
    private readonly SemaphoreSlim _swapping = new(1);
    private readonly Lock _gate = new();
    private ModelGeneration? _current; // null once disposed
    private int _generations;
    private int _inFlight;

    /// <summary>Loads the model of the options, and lets it embed its stored example.</summary>
    /// <param name="options">Which model, where, and how requests are gathered.</param>
    /// <param name="log">Receives what is loaded, replaced and refused. Default nothing.</param>
    /// <exception cref="ArgumentException">The options are faulty; the message names every fault.</exception>
    /// <exception cref="InvalidDataException">The model folder is not what it must be, or fails its own example.</exception>
    /// <exception cref="InvalidOperationException">No device of the options starts.</exception>
    public ModelHost(CrossModalVaeOptions options, ILogger<ModelHost>? log = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        string[] faults = [.. options.Faults()];
        if (faults.Length > 0)
        {
            throw UserError.Mark(new ArgumentException(string.Join(' ', faults), nameof(options)));
        }

        (_options, _log) = (options, log ?? NullLogger<ModelHost>.Instance);
        _current = Load(options.ModelFolder);
    }

    /// <summary>The model that serves now.</summary>
    /// <exception cref="ObjectDisposedException">The host has ended.</exception>
    public HostedModel Model
    {
        get
        {
            ModelGeneration generation = _current ?? throw new ObjectDisposedException(nameof(ModelHost));
            ScoringModel model = generation.Model;
            return new HostedModel(
                generation.Number, model.Card.Name, model.Card.WeightsHash, model.Card.RecipeHash, model.Device.ToString(),
                model.Recipe.Model.LatentDimension);
        }
    }

    /// <summary>The card of the model that serves now.</summary>
    internal ModelCard Card => (_current ?? throw new ObjectDisposedException(nameof(ModelHost))).Model.Card;

    /// <summary>The embedding of a voice.</summary>
    /// <param name="sound">The bytes of an uncompressed wav or NIST SPHERE file.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="cancellationToken">The caller leaves.</param>
    /// <exception cref="InvalidDataException">The bytes are no such sound, or hold too little of it.</exception>
    /// <exception cref="ContentTooLargeException">They are too many, or the sound too long.</exception>
    /// <exception cref="OverloadedException">Too many requests are in flight.</exception>
    /// <exception cref="OperationCanceledException">The caller has left.</exception>
    public Task<HostedPosterior> EmbedVoiceAsync(
        ReadOnlyMemory<byte> sound, string name = "the sound", CancellationToken cancellationToken = default) =>
            EmbedAsync(Modality.Voice, sound, name, cancellationToken);

    /// <summary>The embedding of a face.</summary>
    /// <param name="picture">The bytes of a JPEG or PNG file.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="cancellationToken">The caller leaves.</param>
    /// <exception cref="InvalidDataException">The bytes are no such picture.</exception>
    /// <exception cref="ContentTooLargeException">They are too many, or the picture's pixels.</exception>
    /// <exception cref="OverloadedException">Too many requests are in flight.</exception>
    /// <exception cref="OperationCanceledException">The caller has left.</exception>
    public Task<HostedPosterior> EmbedFaceAsync(
        ReadOnlyMemory<byte> picture, string name = "the picture", CancellationToken cancellationToken = default) =>
            EmbedAsync(Modality.Face, picture, name, cancellationToken);

    /// <summary>
    /// Puts another model in the place of the one that serves: it is loaded and embeds its stored example; from then on new requests go to
    /// it; the old one answers the requests that it has, and ends. Where the new one is refused, the old one stays.
    /// </summary>
    /// <param name="modelFolder">The new model's folder.</param>
    /// <param name="cancellationToken">Ends the wait for an earlier replacement; the replacement itself is short.</param>
    /// <exception cref="InvalidDataException">The folder is not what it must be, or the model fails its own example.</exception>
    /// <exception cref="FileNotFoundException">The folder has no model.</exception>
    /// <exception cref="ObjectDisposedException">The host has ended.</exception>
    public async Task SwapAsync(string modelFolder, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelFolder);
        await _swapping.WaitAsync(cancellationToken);
        try
        {
            ModelGeneration next;
            try
            {
                next = await Task.Run(() => Load(modelFolder), cancellationToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogRefused(_log, modelFolder, e.Message);
                throw;
            }

            ModelGeneration? old;
            lock (_gate)
            {
                old = _current;
                _current = old is null ? null : next;
            }

            await (old ?? next).DisposeAsync();
            ObjectDisposedException.ThrowIf(old is null, this);
        }
        finally
        {
            _swapping.Release();
        }
    }

    /// <summary>Ends after the requests in flight.</summary>
    public async ValueTask DisposeAsync()
    {
        ModelGeneration? last;
        lock (_gate)
        {
            (last, _current) = (_current, null);
        }

        if (last is not null)
        {
            await last.DisposeAsync();
        }
    }

    private async Task<HostedPosterior> EmbedAsync(
        Modality modality, ReadOnlyMemory<byte> content, string name, CancellationToken cancellationToken)
    {
        RequireAtMost(content.Length, _options.MaxContentBytes, name, "has", "bytes");
        if (Interlocked.Increment(ref _inFlight) > _options.QueueLimit)
        {
            Interlocked.Decrement(ref _inFlight);
            BatchMetrics.Refused();
            throw new OverloadedException(_options.QueueLimit);
        }

        BatchMetrics.Entered(1);
        ModelGeneration? generation = null;
        try
        {
            generation = Hold(); // one model from features to embedding
            float[] features = await ExtractAsync(generation.Model, modality, content, name, cancellationToken);
            ClipPosterior posterior = await generation.ScoreAsync(modality, features, cancellationToken);
            return new HostedPosterior(posterior.Mean, posterior.LogVariance, generation.Model.Card.WeightsHash, generation.Number);
        }
        finally
        {
            generation?.Leave();
            Interlocked.Decrement(ref _inFlight);
            BatchMetrics.Entered(-1);
        }
    }

    private ModelGeneration Hold()
    {
        lock (_gate)
        {
            ModelGeneration current = _current ?? throw new ObjectDisposedException(nameof(ModelHost));
            current.Hold();
            return current;
        }
    }

    private async Task<float[]> ExtractAsync(
        ScoringModel model, Modality modality, ReadOnlyMemory<byte> content, string name, CancellationToken cancellationToken)
    {
        await _extraction.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(
                () => modality == Modality.Voice ? VoiceFeatures(model, content, name) : FaceFeatures(model, content, name),
                cancellationToken);
        }
        finally
        {
            _extraction.Release();
        }
    }

    private float[] VoiceFeatures(ScoringModel model, ReadOnlyMemory<byte> sound, string name)
    {
        RequireAtMost(AudioFile.DurationSeconds(sound, name), _options.MaxSoundSeconds, name, "lasts", "s");
        return model.VoiceFeatures(sound, name);
    }

    private float[] FaceFeatures(ScoringModel model, ReadOnlyMemory<byte> picture, string name)
    {
        (int width, int height) = FaceImage.ReadSize(picture.Span, name);
        RequireAtMost((double)width * height, _options.MaxPicturePixels, name, "has", "pixels");
        return model.FaceFeatures([picture], name);
    }

    private static void RequireAtMost(double found, double most, string name, string has, string unit)
    {
        if (found > most)
        {
            throw UserError.Mark(new ContentTooLargeException(
                FormattableString.Invariant($"{name}: {has} {found:0.##} {unit}; expected at most {most:0.##} {unit}.")));
        }
    }

    private ModelGeneration Load(string folder)
    {
        ScoringModel model = ScoringModel.Load(folder, device: DeviceOrder.Parse(_options.Device));
        try
        {
            if (!model.CheckExample())
            {
                LogNoExample(_log, folder);
            }
        }
        catch
        {
            model.Dispose();
            throw;
        }

        var generation = new ModelGeneration(model, Interlocked.Increment(ref _generations), _options);
        var device = new StartedDevice(model.Device, model.RefusedDevices);
        LogServes(_log, model.Card.Name, model.Card.WeightsHash, folder, device);
        return generation;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Model '{Name}' ({Hash}) of {Folder} serves on {Device}.")]
    private static partial void LogServes(ILogger log, string name, string hash, string folder, StartedDevice device);

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "{Folder}: the card has no example; the model was not tested by it. Export it anew.")]
    private static partial void LogNoExample(ILogger log, string folder);

    [LoggerMessage(Level = LogLevel.Error, Message = "The model of {Folder} is refused, the one before it stays: {Reason}")]
    private static partial void LogRefused(ILogger log, string folder, string reason);
}

/// <summary>The model that a host serves.</summary>
/// <param name="Generation">1 for the first, one more with each replacement.</param>
/// <param name="Name">The card's name.</param>
/// <param name="WeightsHash">SHA-256 of the weights: embeddings of another are no match for its own.</param>
/// <param name="RecipeHash">SHA-256 of the recipe.</param>
/// <param name="Device">The device that was taken: cpu, cuda:N or tensorrt:N.</param>
/// <param name="Dimension">D.</param>
public sealed record HostedModel(int Generation, string Name, string WeightsHash, string RecipeHash, string Device, int Dimension);

/// <summary>An answer of a host, and whose it is.</summary>
/// <param name="Mean">[D], the embedding.</param>
/// <param name="LogVariance">[D].</param>
/// <param name="WeightsHash">SHA-256 of the weights of the model that gave it.</param>
/// <param name="Generation">The number of that model in its host.</param>
public sealed record HostedPosterior(float[] Mean, float[] LogVariance, string WeightsHash, int Generation);
