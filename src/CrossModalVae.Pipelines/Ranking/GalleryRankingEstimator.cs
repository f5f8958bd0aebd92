using CrossModalVae.Embeddings;
using CrossModalVae.Pipelines.Internals;
using CrossModalVae.Retrieval;
using Microsoft.ML;

namespace CrossModalVae.Pipelines;

/// <summary>
/// Ranks a gallery of embeddings by nearness to each row's query; see <see cref="Ranker"/>.
/// <list type="table">
/// <item><term>Learns from data</term><description>no; the gallery is handed in</description></item>
/// <item><term>Input</term><description>Vector&lt;Single, D&gt;, D the gallery's dimension</description></item>
/// <item><term>Output</term><description>identities and clips Vector&lt;String, K&gt;, scores Vector&lt;Single, K&gt;, nearest first</description></item>
/// <item><term>Savable</term><description>no; see <see cref="CrossModalTransformer"/></description></item>
/// </list>
/// K is the count asked for, or what the gallery has. A missing query (NaN) gives empty texts and NaN.
/// </summary>
public sealed class GalleryRankingEstimator : CrossModalEstimator<GalleryRankingTransformer>
{
    private readonly Ranker _ranker;
    private readonly int _count;
    private readonly bool _distinctIdentities;

    private GalleryRankingEstimator(
        TransformsCatalog transforms, InputColumn query, IReadOnlyList<OutputColumn> outputs, Ranker ranker, int count, bool distinctIdentities)
        : base(transforms, [query], outputs)
    {
        _ranker = ranker;
        _count = count;
        _distinctIdentities = distinctIdentities;
    }

    internal static GalleryRankingEstimator Create(
        TransformsCatalog transforms,
        GalleryRankingColumns columns,
        string inputColumn,
        EmbeddingSet gallery,
        RankingOptions options,
        bool distinctIdentities)
    {
        options.Validate();
        int available = distinctIdentities ? gallery.Rows.Select(row => row.Identity).Distinct().Count() : gallery.Count;
        if (available == 0)
        {
            throw new ArgumentException("'gallery' is empty; must have at least one row to rank.");
        }

        int count = Math.Min(options.Count, available);
        return new GalleryRankingEstimator(
            transforms,
            new InputColumn(inputColumn, "query of RankAgainstGallery", InputKind.FloatVector, gallery.Dimension),
            [
                OutputColumn.TextVector(columns.Identities, count),
                OutputColumn.TextVector(columns.Clips, count),
                OutputColumn.FloatVector(columns.Scores, count),
            ],
            new Ranker(gallery, options.Metric),
            count,
            distinctIdentities);
    }

    private protected override GalleryRankingTransformer FitChecked(IDataView input) => new(Inputs, Outputs, _ranker, _count, _distinctIdentities);
}
