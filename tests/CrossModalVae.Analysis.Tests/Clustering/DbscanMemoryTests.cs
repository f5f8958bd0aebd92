using CrossModalVae.Clustering;
using CrossModalVae.Numerics;

namespace CrossModalVae.Analysis.Tests.Clustering;

/// <summary>What DBSCAN allocates. By itself, since what other tests allocate at the same time counts too.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
[Collection(Name)]
public class DbscanMemoryTests
{
    private const string Name = "DBSCAN's memory";

    // Shapes in which every point has every other as a neighbour, or none: a list of neighbours would take gigabytes.
    [Theory]
    [InlineData("equal", 1, 0)]
    [InlineData("ball", 1, 0)]
    [InlineData("isolated", 0, 50_000)]
    public void Fit_DegenerateShapeOfFiftyThousand_TakesMemoryOfTheOrderOfItsPoints(string shape, int clusters, int noise)
    {
        const int Count = 50_000, Dimension = 50;
        const long MostBytes = 16L * Count * Dimension * sizeof(float); // copies in other orders; pairs would be a thousand times that
        var random = new SeededRandom(29);
        double size = shape switch { "equal" => 0, "ball" => 0.01, _ => 10 };
        float[] values = [.. Enumerable.Range(0, Count * Dimension).Select(_ => (float)(1 + (size * random.NextGaussian())))];
        long before = GC.GetTotalAllocatedBytes();

        DbscanResult result = new Dbscan(new DbscanOptions { Eps = 1, MinSamples = 5, Metric = DistanceMetric.Euclidean })
            .Fit(values, Count, Dimension);

        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, MostBytes);
        Assert.Equal(clusters, result.Labels.Max() + 1);
        Assert.Equal(noise, result.Labels.Count(label => label == DbscanResult.Noise));
    }
}
