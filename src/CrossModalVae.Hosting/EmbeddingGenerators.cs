using Microsoft.Extensions.AI;

namespace CrossModalVae.Hosting;

/// <summary>
/// Voices, audio/wav bytes, to embeddings by a host's model, as Microsoft.Extensions.AI has it: it composes with UseOpenTelemetry,
/// UseDistributedCache and whatever else takes an embedding generator. The host stays its owner's.
/// </summary>
/// <param name="host">The model.</param>
public sealed class VoiceEmbeddingGenerator(ModelHost host)
    : MediaEmbeddingGenerator(host, Modality.Voice, "audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave");

/// <summary>Faces, image/jpeg or image/png bytes, to embeddings by a host's model; see <see cref="VoiceEmbeddingGenerator"/>.</summary>
/// <param name="host">The model.</param>
public sealed class FaceEmbeddingGenerator(ModelHost host)
    : MediaEmbeddingGenerator(host, Modality.Face, "image/jpeg", "image/png");

/// <summary>What both generators share.</summary>
public abstract class MediaEmbeddingGenerator : IEmbeddingGenerator<DataContent, Embedding<float>>
{
    private readonly ModelHost _host;
    private readonly Modality _modality;
    private readonly string[] _mediaTypes;

    private protected MediaEmbeddingGenerator(ModelHost host, Modality modality, params string[] mediaTypes)
    {
        ArgumentNullException.ThrowIfNull(host);
        (_host, _modality, _mediaTypes) = (host, modality, mediaTypes);
    }

    /// <summary>The embeddings of clips, in their order; they are scored together, and with those of other callers.</summary>
    /// <param name="values">The clips.</param>
    /// <param name="options">Dimensions, where given, must be the model's; a model id, where given, its name.</param>
    /// <param name="cancellationToken">The caller leaves.</param>
    /// <exception cref="ArgumentException">A clip has another media type, or the options ask for another model.</exception>
    /// <exception cref="InvalidDataException">A clip is not what its media type says, or holds too little.</exception>
    /// <exception cref="OverloadedException">Too many requests are in flight.</exception>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<DataContent> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        HostedModel model = _host.Model;
        Require((options?.Dimensions ?? model.Dimension) == model.Dimension, $"Dimensions is {options?.Dimensions}", $"{model.Dimension}");
        Require((options?.ModelId ?? model.Name) == model.Name, $"ModelId is '{options?.ModelId}'", $"'{model.Name}'");
        DataContent[] clips = [.. values];
        foreach (DataContent clip in clips)
        {
            Require(
                _mediaTypes.Contains(clip.MediaType, StringComparer.OrdinalIgnoreCase),
                $"A clip's media type is '{clip.MediaType}'",
                string.Join(" or ", _mediaTypes));
        }

        HostedPosterior[] posteriors = await Task.WhenAll(clips.Select((clip, i) => EmbedAsync(clip, i, cancellationToken)));
        return new GeneratedEmbeddings<Embedding<float>>(posteriors.Select(posterior => new Embedding<float>(posterior.Mean)
        {
            ModelId = model.Name,
            CreatedAt = DateTimeOffset.UtcNow,
            AdditionalProperties = new AdditionalPropertiesDictionary { ["weights_hash"] = posterior.WeightsHash },
        }));
    }

    /// <summary>The generator itself, its metadata, or null.</summary>
    /// <param name="serviceType">What is asked for.</param>
    /// <param name="serviceKey">None.</param>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(EmbeddingGeneratorMetadata)
                ? new EmbeddingGeneratorMetadata("CrossModalVae", null, _host.Model.Name, _host.Model.Dimension)
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType == typeof(ModelHost) ? _host
            : null;
    }

    /// <summary>Does nothing: the host is its owner's.</summary>
    public void Dispose() => GC.SuppressFinalize(this);

    private Task<HostedPosterior> EmbedAsync(DataContent clip, int index, CancellationToken cancellationToken)
    {
        string name = clip.Name ?? $"clip {index}";
        return _modality == Modality.Voice
            ? _host.EmbedVoiceAsync(clip.Data, name, cancellationToken)
            : _host.EmbedFaceAsync(clip.Data, name, cancellationToken);
    }

    private static void Require(bool holds, string found, string expected)
    {
        if (!holds) throw UserError.Mark(new ArgumentException($"{found}; must be {expected}."));
    }
}
