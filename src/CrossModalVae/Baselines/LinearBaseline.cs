using CrossModalVae.Embeddings;
using CrossModalVae.Evaluation;
using CrossModalVae.Features;
using CrossModalVae.Projection;
using CrossModalVae.Recipes;
using CrossModalVae.Retrieval;
using MathNet.Numerics.LinearAlgebra;

namespace CrossModalVae.Baselines;

/// <summary>
/// The linear baseline of a face-voice system: canonical correlation analysis on the same features, with the numbers of principal
/// components and of canonical directions that have the best verification AUC on the validation identities.
/// </summary>
public sealed class LinearBaseline
{
    private static readonly int[] ComponentCounts = [8, 16, 32, 64, 128];
    private static readonly int[] DirectionCounts = [2, 4, 8, 16, 32];

    // All clips of an identity are positives: every validation split has those.
    private static readonly ProtocolOptions Tuning = new() { Positives = PositiveClips.Any, DrawCount = 0 };

    private readonly CanonicalCorrelation _cca;
    private readonly FeatureStatistics _voice;
    private readonly FeatureStatistics _face;

    private LinearBaseline(CanonicalCorrelation cca, FeatureStatistics voice, FeatureStatistics face, int componentCount, int dimension) =>
        (_cca, _voice, _face, ComponentCount, Dimension) = (cca, voice, face, componentCount, dimension);

    /// <summary>Principal components in use, of each view.</summary>
    public int ComponentCount { get; }

    /// <summary>Canonical directions in use.</summary>
    public int Dimension { get; }

    /// <summary>Fits the baseline.</summary>
    /// <param name="train">Clips of the training identities; those with both modalities are used.</param>
    /// <param name="validation">Clips of the validation identities, at least two of them with both modalities.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="ArgumentException">There are fewer than three training pairs, or fewer than two validation identities.</exception>
    public static LinearBaseline Fit(FeatureTable train, FeatureTable validation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(validation);
        FeatureTable pairs = train.Where(clip => clip.Voice is not null && clip.Faces.Count > 0);
        if (pairs.Count < 3)
        {
            throw UserError.Mark(new ArgumentException(
                $"'train' has {Counted.Of(pairs.Count, "clip")} with both modalities; must have at least 3.", nameof(train)));
        }

        FeatureStatistics voice = pairs.ComputeStatistics(Modality.Voice, out _);
        FeatureStatistics face = pairs.ComputeStatistics(Modality.Face, out _);
        Matrix<double> voices = Standardised(pairs, voice, Modality.Voice); // [N, Fv]
        Matrix<double> faces = Standardised(pairs, face, Modality.Face); // [N, Ff]

        int most = Math.Min(pairs.Count - 1, Math.Min(voices.ColumnCount, faces.ColumnCount));
        PrincipalComponents voiceComponents = PrincipalComponents.Fit(voices, Math.Min(ComponentCounts[^1], most));
        PrincipalComponents faceComponents = PrincipalComponents.Fit(faces, Math.Min(ComponentCounts[^1], most));

        (LinearBaseline Baseline, double Auc)? best = null;
        foreach (int components in ComponentCounts.Select(count => Math.Min(count, most)).Distinct())
        {
            cancellationToken.ThrowIfCancellationRequested();
            CanonicalCorrelation cca = CanonicalCorrelation.Fit(voices, faces, voiceComponents, faceComponents, components);
            foreach (int dimension in DirectionCounts.Select(count => Math.Min(count, components)).Distinct())
            {
                var candidate = new LinearBaseline(cca, voice, face, components, dimension);
                EmbeddingSet embeddings = candidate.Embed(validation);
                double auc = Enum.GetValues<RetrievalDirection>().Average(direction =>
                    CrossModalProtocol.Evaluate(
                        embeddings, direction, RankingMetric.Cosine, Tuning, cancellationToken).Auc.Value);
                if (best is null || auc > best.Value.Auc)
                {
                    best = (candidate, auc);
                }
            }
        }

        return best!.Value.Baseline;
    }

    /// <summary>Voice and face rows of every clip, in clip order, the clip's voice before its face.</summary>
    /// <param name="table">Features of the same front ends.</param>
    public EmbeddingSet Embed(FeatureTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var values = new List<float>();
        var rows = new List<EmbeddingRow>();
        for (int i = 0; i < table.Count; i++)
        {
            if (table.HasVoice(i))
            {
                values.AddRange(_cca.ProjectFirst(Standardised(table, _voice, Modality.Voice, i), Dimension));
                rows.Add(EmbeddingRow.Of(table.Clips[i], Modality.Voice));
            }

            if (table.HasFace(i))
            {
                values.AddRange(_cca.ProjectSecond(Standardised(table, _face, Modality.Face, i), Dimension));
                rows.Add(EmbeddingRow.Of(table.Clips[i], Modality.Face));
            }
        }

        return new EmbeddingSet([.. values], Dimension, rows);
    }

    private static float[] Standardised(FeatureTable table, FeatureStatistics statistics, Modality modality, int row)
    {
        var standardised = new float[statistics.Length];
        statistics.Standardise(table.Row(modality, row), standardised);
        return standardised;
    }

    private static Matrix<double> Standardised(FeatureTable table, FeatureStatistics statistics, Modality modality) =>
        Matrix<double>.Build.DenseOfRows(Enumerable.Range(0, table.Count)
            .Select(row => Standardised(table, statistics, modality, row).Select(value => (double)value)));
}
