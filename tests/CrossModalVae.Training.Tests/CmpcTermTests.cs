using System.Globalization;
using CrossModalVae.Features;
using CrossModalVae.Numerics;
using CrossModalVae.Recipes;
using CrossModalVae.Recipes.Terms;
using CrossModalVae.Training.Terms;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Tests;

/// <summary>k-means and cross-modal prototype contrast.</summary>
public class CmpcTermTests
{
    // float32 here, float64 there.
    private const double Rounding = 5e-5;

    [Fact]
    public void Find_SeparatedClusters_AreFoundWithTheirConcentrations()
    {
        using var scope = NewDisposeScope();
        // Four rows at east within 0.1, two at north, which coincide, one at west.
        Tensor rows = tensor(new float[] { 1, 0, 1, 0.1f, 1, -0.1f, 1, 0, 0, 1, 0, 1, -1, 0 }, [7, 2]);

        Prototypes found = Prototypes.Find(rows, 3, 0.2, SeededRandom.For(1, "k-means"));

        long[] nearest = found.Nearest(rows).data<long>().ToArray();
        Assert.Equal([nearest[0], nearest[0], nearest[0], nearest[0], nearest[4], nearest[4], nearest[6]], nearest);
        Assert.Equal(3, nearest.Distinct().Count());
        Assert.Equal(0.2, found.Concentration.ToFloats().Average(), 1e-6);
    }

    [Fact]
    public void Concentrations_ByHand_AreMeanDistancesOverTheLogarithmOfTheSize()
    {
        // Clusters of 2, 3 and 1 rows: 0.3 / ln 12 and 0.6 / ln 13; the single one has the largest. The percentiles of three are
        // a fifth of the way from the ends to the middle.
        float[] phi = Prototypes.Concentrations([0.2f, 0.4f, 0.5f, 0.6f, 0.7f, 0f], [0, 0, 1, 1, 1, 2], 3, 0.1);

        double a = 0.3 / Math.Log(12), b = 0.6 / Math.Log(13);
        double low = a + (0.2 * (b - a));
        double mean = (low + b + b) / 3;
        Assert.Equal(0.1 * low / mean, phi[0], 1e-6);
        Assert.Equal(0.1 * b / mean, phi[1], 1e-6);
        Assert.Equal(phi[1], phi[2]);
        Assert.Equal([0.1f, 0.1f], Prototypes.Concentrations([0f, 0f], [0, 1], 2, 0.1)); // no cluster has a width
    }

    [SkippableFact]
    public void Find_RandomRows_IsAsTightAsScikitLearns()
    {
        Tool.Require(Python.Has("sklearn"), "Python with scikit-learn");
        using var scope = NewDisposeScope();
        Tensor rows = Contrast.UnitLength(Random("rows", 300, 5));

        Prototypes found = Prototypes.Find(rows, 12, 0.2, SeededRandom.For(3, "k-means"));

        Tensor own = found.Nearest(rows); // [300]
        double inertia = Enumerable.Range(0, 12).Sum(k =>
        {
            Tensor members = rows.index_select(0, tensor([.. own.data<long>().ToArray().Index().Where(row => row.Item == k)
                .Select(row => (long)row.Index)]));
            return (members - members.mean([0], true)).square().sum().item<float>();
        });
        const string Program = """
            import sys, numpy as np
            from sklearn.cluster import KMeans
            x = np.array(list(map(float, sys.argv[1].split()))).reshape(300, 5)
            print(KMeans(12, n_init=1, max_iter=20, random_state=0).fit(x).inertia_)
            """;
        double theirs = double.Parse(Python.Run(Program, Text(rows)), CultureInfo.InvariantCulture);
        Assert.InRange(inertia, 0.9 * theirs, 1.1 * theirs);
    }

    [Fact]
    public void Find_SameSeed_GivesTheSameBits()
    {
        using var scope = NewDisposeScope();
        Tensor rows = Contrast.UnitLength(Random("rows", 200, 4));

        float[] Run() => Prototypes.Find(rows, 9, 0.2, SeededRandom.For(5, "k-means")).Unit.ToFloats();

        Assert.Equal(Run(), Run());
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Evaluate_AgainstTheFormula_Agrees(bool recalibrated)
    {
        Tool.Require(Python.Has("scipy"), "Python with scipy");
        using var scope = NewDisposeScope();
        FeatureTable table = Synthetic.Table(6, 2);
        var options = new CmpcOptions { Temperature = 0.1, Clusters = [3, 5], WarmUpEpochs = 2, Recalibrated = recalibrated };
        using var term = new CmpcTerm("cmpc", options, new TermContext(table, 6, 4, CPU));
        Tensor voice = Random("voice", 12, 6), face = Random("face", 12, 6);
        var batch = new TermBatch(
            new TermRows(voice, voice, table.Clips), new TermRows(face, face, table.Clips), 12, TrainingNoise.ForEpoch(1, 1, CPU));
        TermRows All(Modality modality)
        {
            Tensor mean = Random($"all {modality}", 12, 6);
            return new TermRows(mean, mean, table.Clips);
        }

        term.StartEpoch(2, All);
        double before = term.Evaluate(batch)!.Value.Value.item<float>();
        term.StartEpoch(3, All);
        double value = term.Evaluate(batch)!.Value.Value.item<float>();

        Prototypes[] Found(Modality modality) => [.. options.Clusters.Select((k, set) => Prototypes.Find(
            All(modality).Unit, k, 0.2, SeededRandom.For(4, $"terms/cmpc/{modality}/{set}/3")))];
        (Prototypes[] voices, Prototypes[] faces) = (Found(Modality.Voice), Found(Modality.Face));
        const string Program = """
            import sys, numpy as np
            from scipy.stats import norm
            a = [np.array(list(map(float, t.split()))) for t in sys.argv[2:]]
            unit = lambda x: x / np.linalg.norm(x, axis=1, keepdims=True)
            v, f, V, F = (unit(x.reshape(12, 6)) for x in a[:4]); sets = a[4:]
            nll = lambda l, t: np.log(np.exp(l).sum(1)) - l[np.arange(12), t]
            ii = nll(v @ f.T / .1, range(12)), nll(f @ v.T / .1, range(12)); ip = [0, 0]; agreed = 0
            for r in range(2):
                cv, pv, cf, pf = sets[4 * r:4 * r + 4]; cv, cf = cv.reshape(-1, 6), cf.reshape(-1, 6)
                sv, sf = (V @ cv.T).argmax(1), (F @ cf.T).argmax(1)
                ip[0] = ip[0] + nll(v @ cf.T / pf, sf) / 2; ip[1] = ip[1] + nll(f @ cv.T / pv, sv) / 2
                agreed = agreed + (cv[sv] * cf[sf]).sum(1) / 2
            rho = (v * f).sum(1) - agreed
            w = norm.cdf((rho - rho.mean() + rho.std()) / (rho.std() * .1 ** .5)) if sys.argv[1] == 'True' else np.ones(12)
            print((ii[0] + ii[1]).mean() / 2, (w * (ii[0] + ip[0] + ii[1] + ip[1])).sum() / w.sum() / 2)
            """;
        string[] expected = Python.Run(
            Program,
            [
                $"{recalibrated}", Text(voice), Text(face), Text(All(Modality.Voice).Mean), Text(All(Modality.Face).Mean),
                .. Enumerable.Range(0, 2).SelectMany(r => new[]
                {
                    Text(voices[r].Unit), Text(voices[r].Concentration), Text(faces[r].Unit), Text(faces[r].Concentration),
                }),
            ]).Split(' ');
        Assert.Equal(double.Parse(expected[0], CultureInfo.InvariantCulture), before, Rounding); // the pairs alone
        Assert.Equal(double.Parse(expected[1], CultureInfo.InvariantCulture), value, Rounding);
    }

    [Fact]
    public void Recalibration_OfPairsThatAgreeLess_IsLess()
    {
        using var scope = NewDisposeScope();

        float[] weights = CmpcTerm.Recalibration(tensor(new[] { -0.5f, 0.1f, 0.2f, 0.3f })).ToFloats();

        Assert.True(weights[0] < 0.1f && weights[1] > 0.9f, string.Join(' ', weights));
        Assert.Equal(weights.Order(), weights);
        Assert.All(CmpcTerm.Recalibration(tensor(new[] { 0.2f, 0.2f })).ToFloats(), weight => Assert.Equal(0.5f, weight)); // no spread
    }

    [Fact]
    public void Evaluate_ClipThatWasNotTrainedOn_HasTheNearestPrototype()
    {
        using var scope = NewDisposeScope();
        FeatureTable table = Synthetic.Table(6, 2), others = Synthetic.Table(6, 2, prefix: "v");
        using var term = new CmpcTerm(
            "cmpc", new CmpcOptions { Clusters = [3], WarmUpEpochs = 0 }, new TermContext(table, 6, 4, CPU));
        Tensor voice = Random("voice", 12, 6), face = Random("face", 12, 6);
        term.StartEpoch(1, modality =>
        {
            Tensor mean = modality == Modality.Voice ? voice : face;
            return new TermRows(mean, mean, table.Clips);
        });
        double Value(FeatureTable of) => term.Evaluate(new TermBatch(
            new TermRows(voice, voice, of.Clips), new TermRows(face, face, of.Clips), 12, TrainingNoise.ForEpoch(1, 1, CPU)))!
            .Value.Value.item<float>();

        Assert.Equal(Value(table), Value(others)); // the same embeddings, known or not
    }

    [Fact]
    public void Run_FewerClipsThanClusters_SaysSoBeforeAnythingIsWritten()
    {
        using var folder = new TemporaryFolder();
        FeatureTable train = Synthetic.Without(Synthetic.Table(6, 2), voice: _ => false, face: row => row < 3);
        Recipe recipe = Synthetic.Recipe() with { Objective = new ObjectiveOptions { Terms = [new CmpcOptions { Clusters = [4, 10] }] } };

        Exception e = Assert.Throws<InvalidDataException>(() => new Trainer(recipe, new TrainerOptions { Device = "cpu" })
            .Run(train, Synthetic.Table(4, 2, seed: 2, prefix: "v"), folder["run"]));

        Assert.Equal(
            "Term 'cmpc' looks for 10 clusters, and the training split has 9 clips with a face; 'clusters' must not exceed them.",
            e.Message);
        Assert.False(Path.Exists(folder["run"]));
    }

    [Fact]
    public void Validate_ClustersAndTemperaturesOutOfRange_NamesEach()
    {
        Exception e = Assert.Throws<ArgumentException>(
            new CmpcOptions { Temperature = 0, PrototypeTemperature = -1, Clusters = [5, 1], WarmUpEpochs = -1 }.Validate);

        Assert.Equal(
            "'Temperature' is 0; must be > 0. 'PrototypeTemperature' is -1; must be > 0. "
            + "'Clusters' is [5, 1]; must have a number, and every number must be >= 2. 'WarmUpEpochs' is -1; must be >= 0.",
            e.Message);
    }

    private static Tensor Random(string name, int rows, int columns) =>
        tensor([.. GradientCheck.Random(name, rows, columns).Values.Select(value => (float)value)], [rows, columns]);

    private static string Text(Tensor values) =>
        string.Join(' ', values.ToFloats().Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
}
