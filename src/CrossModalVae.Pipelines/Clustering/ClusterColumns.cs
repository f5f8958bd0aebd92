namespace CrossModalVae.Pipelines;

/// <summary>
/// The columns of a clustering as ML.NET's clustering trainers have them: a key, missing for noise, and a score for each cluster, the
/// distance to it, least for the predicted one. Noise has missing scores, which ml.Clustering.Evaluate leaves out.
/// </summary>
internal static class ClusterColumns
{
    private const string Kind = "Clustering";

    /// <summary>The columns for a number of clusters; without any, a key and a score that are missing in every row.</summary>
    public static IReadOnlyList<OutputColumn> Of(string predictedLabel, string score, int clusterCount)
    {
        string[] names = [.. Enumerable.Range(0, Math.Max(1, clusterCount)).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        return
        [
            OutputColumn.Key(predictedLabel, names.Length) with
            {
                Annotations = [ColumnAnnotation.KeyValues(names), .. ColumnAnnotation.Score(Kind, "PredictedLabel")],
            },
            OutputColumn.FloatVector(score, names.Length) with
            {
                Annotations = [ColumnAnnotation.SlotNames(names), .. ColumnAnnotation.Score(Kind, "Score")],
            },
        ];
    }

    /// <summary>The key of a label: 0, ML.NET's missing key, for noise, which is -1.</summary>
    public static uint Key(int label) => (uint)(label + 1);

    /// <summary>The scores of a point of a cluster, or of noise.</summary>
    public static void Score(ClusterMembers? members, ReadOnlySpan<float> point, int label, Span<float> scores)
    {
        if (label < 0)
        {
            scores.Fill(float.NaN);
        }
        else
        {
            members!.Distances(point, label, scores);
        }
    }
}
