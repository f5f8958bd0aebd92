using System.Globalization;
using CrossModalVae.Features;
using CrossModalVae.Models;
using CrossModalVae.Recipes;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Tests;

public sealed class RidgeCcaTests : IDisposable
{
    // float64 on both sides.
    private const double Rounding = 1e-8;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Two numbers a view, worked by hand: whitened views of one common coordinate.</summary>
    [Fact]
    public void Fit_OneSharedCoordinate_HasItsCorrelationFirst()
    {
        using var scope = NewDisposeScope();
        double[] shared = [-1, 1, -1, 1], own = [-1, -1, 1, 1];
        Tensor voice = tensor(shared.Zip(own, (s, o) => new[] { s, 3 * o }).SelectMany(row => row).ToArray(), [4, 2]);
        Tensor face = tensor(shared.Select(s => new[] { 2 * s, 0.0 }).SelectMany(row => row).ToArray(), [4, 2]);
        string[] people = ["a", "b", "c", "d"];

        (Tensor wv, _, Tensor correlations) = RidgeCca.Fit(new(voice, people), new(face, people), new CcaSettings(1e-9, 1, 0.0));

        Assert.Equal(1.0, correlations[0].item<double>(), 1e-6);
        Assert.Equal(1.0, Math.Abs(wv[0, 0].item<double>()), 1e-6);
        Assert.Equal(0.0, wv[1, 0].item<double>(), 1e-6);
    }

    [SkippableFact]
    public void Fit_AgainstNumpy_Agrees()
    {
        Tool.Require(Python.Has("numpy"), "Python with numpy");
        using var scope = NewDisposeScope();
        (double[] v, long[] vs) = GradientCheck.Random("voice", 30, 5);
        (double[] f, long[] fs) = GradientCheck.Random("face", 24, 4);
        string[] voices = [.. Enumerable.Range(0, 30).Select(i => $"p{i % 9}")];
        string[] faces = [.. Enumerable.Range(0, 24).Select(i => $"p{i % 8}")];

        (Tensor wv, Tensor wf, Tensor s) =
            RidgeCca.Fit(new(tensor(v, vs), voices), new(tensor(f, fs), faces), new CcaSettings(0.3, 3, 0.5));

        string text = Python.Run(
            """
            import sys, numpy as np
            v, f = (np.array(list(map(float, a.split()))).reshape(-1, d) for a, d in ((sys.argv[1], 5), (sys.argv[2], 4)))
            pv, pf = np.arange(30) % 9, np.arange(24) % 8
            def half(x):
                c = np.cov(x.T, bias=True); c = c + 0.3 * np.trace(c) / len(c) * np.eye(len(c))
                w, e = np.linalg.eigh(c); return e @ np.diag(w ** -0.5) @ e.T
            n = np.array([min((pv == p).sum(), (pf == p).sum()) for p in range(8)], float)
            a = np.array([v[pv == p].mean(0) for p in range(8)]) - v.mean(0)
            b = np.array([f[pf == p].mean(0) for p in range(8)]) - f.mean(0)
            u, s, vh = np.linalg.svd(half(v) @ ((a * (n / n.sum())[:, None]).T @ b) @ half(f))
            wv, wf = half(v) @ u[:, :3] * s[:3] ** .5, half(f) @ vh.T[:, :3] * s[:3] ** .5
            print(*(wv @ wf.T).flatten(), *s[:3])
            """,
            Text(v),
            Text(f));

        double[] own = [.. wv.mm(wf.t()).data<double>().ToArray(), .. s.data<double>().ToArray()];
        double[] theirs = [.. text.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
        Assert.Equal(theirs.Length, own.Length);
        Assert.All(own.Zip(theirs), pair => Assert.Equal(pair.Second, pair.First, Rounding));

        static string Text(double[] values) => string.Join(' ', values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Train_RecipeOfCca_BeatsChanceOnNewPeopleAndShuffledFacesDoNot()
    {
        FeatureTable train = Synthetic.Table(60, 4), validation = Synthetic.Table(20, 3, seed: 2, prefix: "v");
        var trainer = new Trainer(Recipe(), new TrainerOptions { Device = "cpu", Threads = 1 });

        TrainingResult result = trainer.Run(train, validation, _folder["run"]);
        TrainingResult again = trainer.Run(train, validation, _folder["again"]);

        Assert.True(result.Best.ValidationIdentityAuc > 0.8, $"{result.Best.ValidationIdentityAuc}");
        Assert.Equal(["ridge", "directions", "power", "cross-validated-auc"], result.Best.Train.Terms!.Keys);
        Assert.Equal(File.ReadAllBytes(_folder["run/weights.safetensors"]), File.ReadAllBytes(_folder["again/weights.safetensors"]));
        Assert.Equal(PosteriorCollapse.None, again.Collapse);
        using TrainedModel model = TrainedModel.Load(_folder["run"]);
        MultimodalVaeWeights weights = model.ToWeights();
        Assert.Empty(weights.Voice.Hidden);
        Assert.Null(weights.Decoder);

        TrainingResult shuffled = new Trainer(Recipe(), new TrainerOptions { Device = "cpu", Threads = 1, StopOnCollapse = false })
            .Run(Synthetic.ShuffledFaces(train, 1), validation, _folder["shuffled"]);
        Assert.InRange(shuffled.Best.ValidationIdentityAuc!.Value, 0.3, 0.65);
    }

    [Fact]
    public void Train_FeaturesOffCentre_AreCentredByTheBias()
    {
        FeatureTable train = Synthetic.Table(40, 3), validation = Synthetic.Table(12, 3, seed: 2, prefix: "v");
        Recipe recipe = Recipe() with { Voice = new Audio.VoiceOptions { Normalisation = Audio.FeatureNormalisation.None } };

        new Trainer(recipe, new TrainerOptions { Device = "cpu", Threads = 1 }).Run(train, validation, _folder["run"]);

        using TrainedModel model = TrainedModel.Load(_folder["run"]);
        float[] mean = model.Encode(Modality.Voice, train.Voice, train.Count).Mean;
        float largest = mean.Max(Math.Abs);
        for (int d = 0; d < 12; d++)
        {
            Assert.InRange(Math.Abs(Enumerable.Range(0, train.Count).Average(row => mean[(row * 12) + d])), 0, 1e-4 * largest);
        }
    }

    [Fact]
    public void Train_TooFewPeopleForTheFolds_IsRefused()
    {
        Exception e = Assert.Throws<InvalidDataException>(() => new Trainer(Recipe(), new TrainerOptions { Device = "cpu" })
            .Run(Synthetic.Table(9, 2), Synthetic.Table(4, 2, seed: 2, prefix: "v"), _folder["run"]));

        Assert.Equal("'cca_folds' is 5, which needs 10 people with a voice and a face; the training split has 9.", e.Message);
    }

    private static Recipe Recipe() => new()
    {
        Name = "cca",
        Model = new ModelOptions { LatentDimension = 12, VoiceHidden = [], FaceHidden = [], DecoderHidden = [] },
        Objective = new ObjectiveOptions { Bound = BoundKind.RidgeCca, Alignment = AlignmentKind.None },
        Training = new TrainingOptions { Selection = SelectionCriterion.ValidationAuc },
    };
}
