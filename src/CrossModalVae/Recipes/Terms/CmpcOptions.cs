namespace CrossModalVae.Recipes.Terms;

/// <summary>
/// Cross-modal prototype contrast (Zhu et al. 2022, CMPC), without labels: InfoNCE between the voice and the face of a pair, and of each
/// with the prototypes of the other modality, which are found by k-means on the unit-length means of all training clips before each epoch.
/// Pairs that agree less than their prototypes do weigh less.
/// </summary>
public sealed record CmpcOptions : TermOptions
{
    /// <summary>Divides the cosine similarities of pairs, above 0. Default 0.03.</summary>
    public double Temperature { get; init; } = 0.03;

    /// <summary>
    /// The mean of what divides the cosine similarities to prototypes, above 0; dense clusters have less, loose ones more. Default 0.2.
    /// </summary>
    public double PrototypeTemperature { get; init; } = 0.2;

    /// <summary>Numbers of clusters, 2 or more each; the contrast is the mean over them. Default 500, 1000, 1500.</summary>
    public IReadOnlyList<int> Clusters { get; init; } = [500, 1000, 1500];

    /// <summary>Epochs with the pairs alone, before there are prototypes, at least 0. Default 16.</summary>
    public int WarmUpEpochs { get; init; } = 16;

    /// <summary>Whether pairs are weighed (instance recalibration). Default true.</summary>
    public bool Recalibrated { get; init; } = true;

    private protected override void Check(OptionFaults faults)
    {
        faults.Above(Temperature, 0);
        faults.Above(PrototypeTemperature, 0);
        faults.Check(
            Clusters.Count > 0 && Clusters.All(k => k >= 2), nameof(Clusters), $"[{string.Join(", ", Clusters)}]",
            "must have a number, and every number must be >= 2");
        faults.AtLeast(WarmUpEpochs, 0);
    }
}
