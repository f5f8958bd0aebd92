namespace CrossModalVae.Clustering;

/// <summary>What <see cref="HdbscanResult.Predict"/> says about rows that were not clustered.</summary>
public sealed class HdbscanPrediction
{
    internal HdbscanPrediction(int[] labels, double[] probabilities, double[] outlierScores)
    {
        Labels = Array.AsReadOnly(labels);
        Probabilities = Array.AsReadOnly(probabilities);
        OutlierScores = Array.AsReadOnly(outlierScores);
    }

    /// <summary>The cluster of each row; -1 is noise.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>How strongly each row belongs to its cluster, 0 to 1; 0 for noise.</summary>
    public IReadOnlyList<double> Probabilities { get; }

    /// <summary>How outlying each row is, 0 to 1.</summary>
    public IReadOnlyList<double> OutlierScores { get; }
}
