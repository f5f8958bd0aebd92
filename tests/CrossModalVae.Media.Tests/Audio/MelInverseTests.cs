using System.Globalization;
using CrossModalVae.Audio;
using CrossModalVae.Numerics;

namespace CrossModalVae.Media.Tests.Audio;

public class MelInverseTests
{
    [Theory]
    [InlineData(MelFilters.Htk, 64)]
    [InlineData(MelFilters.Slaney, 40)]
    [InlineData(MelFilters.Kaldi, 80)]
    public void Run_MelsOfAPositiveSpectrum_AreReproducedByNonNegativeBins(MelFilters kind, int count)
    {
        var filters = new MelFilterBank(kind, count, 512, 16_000, 20, 7_600);
        var random = new SeededRandom(2);
        double[] spectrum = [.. Enumerable.Range(0, 257).Select(k => Math.Exp((0.7 * random.NextGaussian()) - (0.01 * k)))];
        float[] mels = Project(filters, spectrum);

        float[] bins = new MelInverse(filters, 257).Run(mels);

        Assert.All(bins, bin => Assert.True(bin >= 0));
        float[] again = Project(filters, [.. bins.Select(bin => (double)bin)]);
        Assert.All(mels.Zip(again), pair => Assert.Equal(pair.First, pair.Second, 1e-3f * mels.Max()));
    }

    [SkippableFact]
    public void Run_MelsThatNoSpectrumHas_ComesNearScipysNonNegativeLeastSquares()
    {
        Tool.Require(Python.Has("scipy"), "Python with scipy");
        var filters = new MelFilterBank(MelFilters.Htk, 24, 256, 16_000, 0, 8_000);
        float[] mels = [.. Enumerable.Range(0, 24).Select(m => m % 2 == 0 ? 0.1f : 3f)]; // a filter's bins reach into its neighbours
        var matrix = new double[24][];
        for (int m = 0; m < 24; m++)
        {
            matrix[m] = new double[129];
            filters.Weights(m, out int first).CopyTo(matrix[m].AsSpan(first));
        }

        float[] bins = new MelInverse(filters, 129).Run(mels);

        double Error(IEnumerable<double> x) =>
            Math.Sqrt(mels.Zip(Project(filters, [.. x]), (a, b) => Math.Pow(a - b, 2)).Sum());

        string program = "import sys, json, scipy.optimize; W, y = json.loads(sys.argv[1]); print(scipy.optimize.nnls(W, y)[1])";
        double best = double.Parse(
            Python.Run(program, System.Text.Json.JsonSerializer.Serialize(new object[] { matrix, mels })), CultureInfo.InvariantCulture);
        Assert.True(best > 0.1, "the case has an exact solution");
        Assert.InRange(Error(bins.Select(bin => (double)bin)), best - 1e-6, 1.05 * best);
    }

    private static float[] Project(MelFilterBank filters, double[] spectrum) =>
    [
        .. Enumerable.Range(0, filters.Count).Select(m =>
        {
            ReadOnlySpan<double> weights = filters.Weights(m, out int first);
            double sum = 0;
            for (int i = 0; i < weights.Length; i++)
            {
                sum += weights[i] * spectrum[first + i];
            }

            return (float)sum;
        }),
    ];
}
