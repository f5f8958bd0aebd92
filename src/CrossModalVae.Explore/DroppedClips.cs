using CrossModalVae.Models;
using CrossModalVae.Retrieval;
using CrossModalVae.Scoring;

namespace CrossModalVae.Explore;

/// <summary>
/// Embeds a voice or a face that is no part of the corpus: where it lands, and whose face or voice it ranks. Nothing is kept.
/// </summary>
internal sealed class DroppedClips : IDisposable
{
    private const int BesideCount = 5;

    private readonly ScoringModel _model;
    private readonly MapRows _map;
    private readonly Nearest _nearest;

    internal DroppedClips(ScoringModel model, ExploreOptions options, MapRows map, Nearest nearest)
    {
        (_model, _map, _nearest) = (model, map, nearest);
        if (options.Metric is RankingMetric.GaussianWasserstein or RankingMetric.MsVae)
        {
            throw UserError.Mark(new ArgumentException(
                $"The metric {EnumText.Of(options.Metric)} compares more than the mean, which is all that is computed of a new file; "
                + "leave out the model, or rank by cosine, inner-product or euclidean."));
        }

        EmbeddingOrigin.Of(model.Card).Require(options.Embeddings);
        if (model.Recipe.Model.LatentDimension != map.Set.Dimension)
        {
            throw new InvalidDataException(
                $"{options.Embeddings}: its rows have {map.Set.Dimension} numbers; expected {model.Recipe.Model.LatentDimension}, "
                + $"as the model '{model.Card.Name}' makes.");
        }
    }

    public void Dispose() => _model.Dispose();

    /// <summary>Embeds a file. It is placed at the mean of the rows of its own modality that it lies nearest to.</summary>
    /// <exception cref="InvalidDataException">The bytes are no sound or picture.</exception>
    internal (Modality Modality, double X, double Y, NearestClips Clips) Embed(ReadOnlyMemory<byte> content)
    {
        // JPEG and PNG are known by their first bytes; whatever else comes is read as a sound, whose reader says what it lacks.
        bool isPicture = content.Span is [0xFF, 0xD8, ..] or [0x89, (byte)'P', (byte)'N', (byte)'G', ..];
        Modality modality = isPicture ? Modality.Face : Modality.Voice;
        float[] mean = isPicture ? _model.EmbedFace(content, "the picture").Mean : _model.EmbedVoice(content, "the sound").Mean;
        (NearestClips clips, IReadOnlyList<RankedRow> beside) = _nearest.For(mean, modality, BesideCount);
        return beside.Count == 0
            ? (modality, 0, 0, clips)
            : (
                modality,
                beside.Average(row => _map.Places[2 * row.Row]),
                beside.Average(row => _map.Places[(2 * row.Row) + 1]),
                clips);
    }
}
