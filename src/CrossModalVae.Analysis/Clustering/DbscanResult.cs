namespace CrossModalVae.Clustering;

/// <summary>The result of <see cref="Dbscan.Fit"/>.</summary>
public sealed class DbscanResult
{
    /// <summary>The label of points in no cluster.</summary>
    public const int Noise = -1;

    internal DbscanResult(int[] labels, bool[] isCore, double eps, KDistanceKnee? knee)
    {
        Labels = Array.AsReadOnly(labels);
        IsCore = Array.AsReadOnly(isCore);
        Eps = eps;
        Knee = knee;
        ClusterCount = labels.Length == 0 ? 0 : labels.Max() + 1;
    }

    /// <summary>The cluster of each point, numbered from 0 by the cluster's first core point; -1 is noise.</summary>
    public IReadOnlyList<int> Labels { get; }

    /// <summary>Whether each point is a core point.</summary>
    public IReadOnlyList<bool> IsCore { get; }

    /// <summary>The eps in use: the option, or the chosen value.</summary>
    public double Eps { get; }

    /// <summary>The knee of the k-distance curve that eps was chosen by; null where the options have eps.</summary>
    public KDistanceKnee? Knee { get; }

    /// <summary>How many clusters there are.</summary>
    public int ClusterCount { get; }

    /// <summary>Share of points that are noise, 0 to 1.</summary>
    public double NoiseShare => Labels.Count == 0 ? 0 : Labels.Count(label => label == Noise) / (double)Labels.Count;
}
