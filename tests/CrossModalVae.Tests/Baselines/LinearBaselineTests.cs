using CrossModalVae.Baselines;
using CrossModalVae.Corpora;
using CrossModalVae.Evaluation;
using CrossModalVae.Features;
using CrossModalVae.Numerics;
using CrossModalVae.Projection;
using CrossModalVae.Retrieval;
using MathNet.Numerics.LinearAlgebra;

namespace CrossModalVae.Tests.Baselines;

public class LinearBaselineTests
{
    // 4,000 pairs: five standard errors of a sample correlation.
    private const double CorrelationTolerance = 5 / 63.2;

    [Fact]
    public void Fit_TwoKnownCorrelations_FindsThem()
    {
        var random = new SeededRandom(2);
        const int Count = 4_000;
        double[] correlations = [0.9, 0.5, 0];
        Matrix<double> first = Matrix<double>.Build.Dense(Count, 3);
        Matrix<double> second = Matrix<double>.Build.Dense(Count, 3);
        for (int i = 0; i < Count; i++)
        {
            for (int k = 0; k < 3; k++)
            {
                double shared = random.NextGaussian();
                first[i, k] = shared;
                second[i, k] = (correlations[k] * shared) + (Math.Sqrt(1 - (correlations[k] * correlations[k])) * random.NextGaussian());
            }
        }

        // Any invertible mixing leaves canonical correlations as they are.
        Matrix<double> mixing = Matrix<double>.Build.DenseOfArray(new double[,] { { 1, 0.5, 0 }, { 0.2, 1, 0.7 }, { 0.4, 0, 1 } });
        first *= mixing;
        second *= mixing.Transpose();

        CanonicalCorrelation cca = CanonicalCorrelation.Fit(
            first, second, PrincipalComponents.Fit(first, 3), PrincipalComponents.Fit(second, 3), 3);

        Assert.Equal(correlations[0], cca.Correlations[0], CorrelationTolerance);
        Assert.Equal(correlations[1], cca.Correlations[1], CorrelationTolerance);
        Assert.Equal(correlations[2], cca.Correlations[2], CorrelationTolerance);
    }

    [Fact]
    public void Fit_SharedTraits_BeatsChanceOnUnseenIdentities_AndShuffledPairsDoNot()
    {
        FeatureTable train = Table(seed: 1, identities: 300, CorpusSplit.Train, shuffled: false);
        FeatureTable shuffled = Table(seed: 1, identities: 300, CorpusSplit.Train, shuffled: true);
        FeatureTable validation = Table(seed: 2, identities: 60, CorpusSplit.Validation, shuffled: false);
        FeatureTable test = Table(seed: 3, identities: 100, CorpusSplit.Test, shuffled: false);

        double auc = Auc(LinearBaseline.Fit(train, validation), test);
        double chance = Auc(LinearBaseline.Fit(shuffled, validation), test);

        Assert.InRange(auc, 0.8, 1.0);
        Assert.InRange(chance, 0.3, 0.7); // Five standard errors of an AUC over 100 identities are about 0.2.
    }

    private static double Auc(LinearBaseline baseline, FeatureTable test) => CrossModalProtocol
        .Evaluate(
            baseline.Embed(test),
            RetrievalDirection.VoiceToFace,
            RankingMetric.Cosine,
            new ProtocolOptions { Positives = PositiveClips.Any }).Auc.Value; // one clip each

    // Two views of three shared numbers through fixed random maps, with noise.
    private static FeatureTable Table(long seed, int identities, CorpusSplit split, bool shuffled)
    {
        const int VoiceLength = 20;
        const int FaceLength = 15;
        var maps = new SeededRandom(99);
        double[] voiceMap = [.. Enumerable.Range(0, VoiceLength * 3).Select(_ => maps.NextGaussian())];
        double[] faceMap = [.. Enumerable.Range(0, FaceLength * 3).Select(_ => maps.NextGaussian())];
        var random = new SeededRandom(seed);
        double[][] traits =
        [
            .. Enumerable.Range(0, identities).Select(_ => new[] { random.NextGaussian(), random.NextGaussian(), random.NextGaussian() }),
        ];
        double[][] faceTraits = [.. traits];
        if (shuffled)
        {
            random.Shuffle(faceTraits.AsSpan());
        }

        return new FeatureTable
        {
            Clips =
            [
                .. Enumerable.Range(0, identities).Select(i => new Clip
                {
                    Identity = $"{split}{i}", Name = "c", Voice = "v.wav", Faces = ["f.jpg"], Split = split,
                }),
            ],
            Voice = [.. traits.SelectMany(t => Mix(voiceMap, VoiceLength, t))],
            Face = [.. faceTraits.SelectMany(t => Mix(faceMap, FaceLength, t))],
            VoiceLength = VoiceLength,
            FaceLength = FaceLength,
        };

        IEnumerable<float> Mix(double[] map, int length, double[] t) => Enumerable.Range(0, length)
            .Select(
                f => (float)((map[3 * f] * t[0]) + (map[(3 * f) + 1] * t[1]) + (map[(3 * f) + 2] * t[2]) + (0.5 * random.NextGaussian())));
    }
}
