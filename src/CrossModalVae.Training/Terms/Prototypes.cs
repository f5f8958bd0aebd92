using static TorchSharp.torch;

namespace CrossModalVae.Training.Terms;

/// <summary>The clusters of one modality's unit-length rows.</summary>
/// <param name="Unit">The centroids at unit length, [K, D].</param>
/// <param name="Concentration">phi, what divides the cosines to each, [K].</param>
internal sealed record Prototypes(Tensor Unit, Tensor Concentration)
{
    private const int Iterations = 20;
    private const double Smoothing = 10.0;

    /// <summary>The nearest prototype of each row, [B].</summary>
    public Tensor Nearest(Tensor unit) => unit.mm(Unit.t()).argmax(1); // [B]

    /// <summary>
    /// Lloyd's algorithm from centroids drawn by k-means++ (Arthur, Vassilvitskii 2007), at most 20 iterations; a centroid that loses all
    /// of its rows stays where it is. phi of a cluster of Z rows z is sum |z - c| / (Z log(Z + 10)), of one with a single row the largest
    /// of all, limited to the 10th and 90th percentile and scaled to a mean (Li et al. 2021, PCL, section 3.3; CMPC's code).
    /// </summary>
    /// <param name="rows">Unit-length rows, [N, D], N at least K; no gradients.</param>
    /// <param name="k">K.</param>
    /// <param name="temperature">The mean of phi.</param>
    /// <param name="random">Draws the first centroids.</param>
    public static Prototypes Find(Tensor rows, int k, double temperature, SeededRandom random)
    {
        Tensor centroids = rows.index_select(0, Draw(rows, k, random)); // [K, D]
        Tensor own = Assign(rows, centroids); // [N]
        for (int i = 0; i < Iterations; i++)
        {
            Tensor members = Members(own, k); // [N, K]
            Tensor count = members.sum([0]).unsqueeze(1); // [K, 1]
            Tensor means = members.t().mm(rows) / count.Clamp(1.0, float.MaxValue); // [K, D]
            centroids = where(count.to_type(ScalarType.Bool), means, centroids); // [K, D]
            Tensor moved = Assign(rows, centroids); // [N]
            if (moved.eq(own).all().item<bool>())
            {
                break;
            }

            own = moved;
        }

        Tensor distances = (rows - centroids.index_select(0, own)).square().sum(1).sqrt(); // [N]
        float[] phi = Concentrations(distances.ToFloats(), own.cpu().data<long>().ToArray(), k, temperature);
        return new Prototypes(Contrast.UnitLength(centroids), tensor(phi, device: rows.device));
    }

    /// <summary>phi of every cluster, [K], of its rows' distances from the centroid.</summary>
    public static float[] Concentrations(float[] distances, long[] clusters, int k, double temperature)
    {
        var sums = new double[k];
        var counts = new int[k];
        foreach ((long cluster, float distance) in clusters.Zip(distances))
        {
            sums[cluster] += distance;
            counts[cluster]++;
        }

        double[] phi = [.. sums.Zip(counts, (sum, count) => count < 2 ? 0.0 : sum / count / Math.Log(count + Smoothing))];
        double most = phi.Max();
        phi = [.. phi.Zip(counts, (value, count) => count < 2 ? most : value)];
        double[] sorted = [.. phi.Order()];
        (double low, double high) = (Percentile(sorted, 0.1), Percentile(sorted, 0.9));
        phi = [.. phi.Select(value => Math.Clamp(value, low, high))];
        double mean = phi.Average();
        return [.. phi.Select(value => (float)(mean > 0.0 ? temperature * value / mean : temperature))];
    }

    private static double Percentile(double[] sorted, double share)
    {
        double place = share * (sorted.Length - 1);
        int below = (int)place;
        double above = sorted[Math.Min(below + 1, sorted.Length - 1)];
        return sorted[below] + ((place - below) * (above - sorted[below]));
    }

    // Each next centroid is a row drawn with a probability proportional to its squared distance from the nearest one so far.
    private static Tensor Draw(Tensor rows, int k, SeededRandom random)
    {
        int n = (int)rows.shape[0];
        var chosen = new List<long> { random.NextInt32(n) };
        Tensor nearest = Distances.Squared(rows, rows.narrow(0, chosen[0], 1)); // [N, 1]
        while (chosen.Count < k)
        {
            float[] weights = nearest.ToFloats();
            double left = random.NextDouble() * weights.Sum(weight => (double)weight);
            int next = 0;
            while (next < n - 1 && (left -= weights[next]) >= 0.0)
            {
                next++;
            }

            chosen.Add(next);
            nearest = nearest.minimum(Distances.Squared(rows, rows.narrow(0, next, 1))); // [N, 1]
        }

        return tensor(chosen.ToArray(), device: rows.device); // [K]
    }

    private static Tensor Assign(Tensor rows, Tensor centroids) => Distances.Squared(rows, centroids).argmin(1); // [N]

    // A product with memberships sums in the same order every time, on a GPU too.
    private static Tensor Members(Tensor own, int k)
    {
        Tensor columns = tensor([.. Enumerable.Range(0, k).Select(column => (long)column)], device: own.device).unsqueeze(0); // [1, K]
        return own.unsqueeze(1).eq(columns).to_type(ScalarType.Float32); // [N, K]
    }
}
