using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using CrossModalVae.Numerics;

namespace CrossModalVae.Bench;

/// <summary>
/// The points that the clusterings are measured on: Gaussian clusters of standard deviation 1 and some uniform noise, as raw float32 files.
/// </summary>
internal static class ClusteredPoints
{
    /// <summary>
    /// Most of a cluster's points have their fifth neighbour nearer than this: a little above the
    /// smallest distances of 100 points of a cluster.
    /// </summary>
    internal static double Eps(int dimension) => Math.Sqrt(2.0 * dimension) * 0.92;

    internal static float[] Read(string file) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(file)).ToArray();

    internal static void Write(string file, int count, int dimension, int clusters, double noise, double separation) =>
        File.WriteAllBytes(file, MemoryMarshal.AsBytes(Points(count, dimension, clusters, noise, separation).AsSpan()));

    internal static int[] Labels(string file) => MemoryMarshal.Cast<byte, int>(File.ReadAllBytes(file)).ToArray();

    /// <summary>
    /// What a measured process of ours leaves: its labels in a file, seconds and peak memory in a line (<see cref="OneLineProcess"/>).
    /// </summary>
    internal static void Report(IEnumerable<int> labels, double seconds, string file)
    {
        using var process = Process.GetCurrentProcess();
        File.WriteAllBytes(file, MemoryMarshal.AsBytes(labels.ToArray().AsSpan()));
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"seconds={seconds} megabytes={process.PeakWorkingSet64 / 1048576.0}"));
    }

    private static float[] Points(int count, int dimension, int clusters, double noise, double separation)
    {
        var random = new SeededRandom(1);
        double[] centres = [.. Enumerable.Range(0, clusters * dimension).Select(_ => separation * random.NextGaussian())];
        var values = new float[count * dimension];
        double reach = 3 * Math.Sqrt(1 + (separation * separation));
        for (int i = 0; i < count; i++)
        {
            bool isNoise = random.NextDouble() < noise;
            int cluster = random.NextInt32(clusters);
            for (int d = 0; d < dimension; d++)
            {
                values[(i * dimension) + d] = (float)(isNoise
                    ? random.NextDouble(-reach, reach)
                    : centres[(cluster * dimension) + d] + random.NextGaussian());
            }
        }

        return values;
    }
}
