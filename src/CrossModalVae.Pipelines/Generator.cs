using CrossModalVae.Audio;
using CrossModalVae.Faces;

namespace CrossModalVae.Pipelines;

/// <summary>
/// The decoder of a model: points of the latent space, from a voice, a face or the prior, to the features of a face and a voice, and these
/// to pictures and sound. The bundle stays the caller's. Threads may share one.
/// </summary>
public sealed class Generator
{
    private readonly OnnxEncoder _decoder;
    private readonly int _batchSize;

    /// <summary>Takes a bundle's decoder.</summary>
    /// <param name="bundle">A model with a decoder.</param>
    /// <exception cref="InvalidOperationException">The model has none; the message says why.</exception>
    public Generator(PipelineBundle bundle)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        _decoder = bundle.Decoder ?? throw UserError.Mark(new InvalidOperationException(
            bundle.Card.Members is null
                ? $"The model '{bundle.Card.Name}' has no decoder, since its recipe's objective.bound trains none; nothing can be generated "
                    + "by it."
                : $"The model '{bundle.Card.Name}' is an ensemble and has no decoder; generate by one of its members."));
        (Faces, Voices) = (new FaceInverse(bundle.Recipe.Face), new VoiceInverse(bundle.Recipe.Voice));
        (Dimension, _batchSize) = (bundle.Recipe.Model.LatentDimension, bundle.Recipe.Scoring.BatchSize);
    }

    /// <summary>D, numbers of a latent point.</summary>
    public int Dimension { get; }

    /// <summary>From a face's features to a picture.</summary>
    public FaceInverse Faces { get; }

    /// <summary>From a voice's features to a spectrum or to sound.</summary>
    public VoiceInverse Voices { get; }

    /// <summary>Decodes latent points, in batches.</summary>
    /// <param name="latents">Points of <see cref="Dimension"/> numbers each.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <returns>The features of a face and a voice for each, in the front ends' units.</returns>
    /// <exception cref="ArgumentException">A point has another number of dimensions.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IReadOnlyList<GeneratedFeatures> Decode(IReadOnlyList<float[]> latents, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(latents);
        if (latents.FirstOrDefault(z => z.Length != Dimension) is float[] other)
        {
            throw new ArgumentException($"A latent point has {other.Length} numbers; must have {Dimension}.", nameof(latents));
        }

        var options = new OnnxBatchOptions
        {
            BatchSize = _batchSize,
            OutputTensorNames = [OnnxContract.FaceReconstruction, OnnxContract.VoiceReconstruction],
        };
        IReadOnlyList<float[]> decoded = _decoder.Score([.. latents.SelectMany(z => z)], latents.Count, options, cancellationToken);
        return [.. Enumerable.Range(0, latents.Count).Select(row => new GeneratedFeatures(Row(decoded[0], row), Row(decoded[1], row)))];

        float[] Row(float[] all, int row) => all[(row * (all.Length / latents.Count))..((row + 1) * (all.Length / latents.Count))];
    }
}

/// <summary>What a decoder makes of a latent point.</summary>
/// <param name="Face">A face's features, for <see cref="Generator.Faces"/>.</param>
/// <param name="Voice">A voice's features, for <see cref="Generator.Voices"/>.</param>
public sealed record GeneratedFeatures(float[] Face, float[] Voice);
