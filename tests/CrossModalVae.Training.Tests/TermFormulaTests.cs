using System.Globalization;
using CrossModalVae.Features;
using CrossModalVae.Recipes;
using CrossModalVae.Recipes.Terms;
using CrossModalVae.Training.Terms;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Tests;

/// <summary>
/// Every term against its paper's formula, written anew in NumPy, on three people of two clips each, row by row as the sources that are
/// named compute it.
/// </summary>
public class TermFormulaTests
{
    private const double Rounding = 2e-5; // float32 here, float64 there

    // v, f: six rows each, people 0 0 1 1 2 2; u, g the same at unit length.
    private const string Start = """
        import sys, numpy as np
        v, f, w, b = (np.array(list(map(float, a.split()))) for a in sys.argv[1:5])
        v, f = v.reshape(6, -1), f.reshape(6, -1)
        y = np.array([0, 0, 1, 1, 2, 2])
        unit = lambda x: x / np.linalg.norm(x, axis=-1, keepdims=True)
        u, g = unit(v), unit(f)
        ce = lambda l, t: np.mean([np.log(np.exp(r - r.max()).sum()) + r.max() - r[k] for r, k in zip(l, t)])
        sq = lambda a, b: ((a[:, None] - b[None]) ** 2).sum(-1)
        """;

    public static TheoryData<string, TermOptions, string> Formulas => new()
    {
        {
            "Khosla et al. 2020, L_out over all rows",
            new SupervisedInfoNceOptions { Temperature = 0.2, WithinModality = true },
            """
            z, t = np.concatenate([u, g]), np.concatenate([y, y]); s = z @ z.T / .2
            a = [[np.exp(s[i, j]) for j in range(12) if j != i] for i in range(12)]
            print(np.mean([np.mean([np.log(sum(a[i])) - s[i, j] for j in range(12) if j != i and t[j] == t[i]]) for i in range(12)]))
            """
        },
        {
            "voxceleb_trainer amsoftmax",
            new IdentityOptions { Head = ClassifierHead.AmSoftmax, Scale = 15, Margin = 0.3 },
            "w = unit(w.reshape(3, -1)); c = np.concatenate([u, g]) @ w.T; t = np.concatenate([y, y])\n"
                + "c[np.arange(12), t] -= .3; print(ce(15 * c, t))"
        },
        {
            "voxceleb_trainer aamsoftmax, easy_margin False",
            new IdentityOptions { Head = ClassifierHead.AamSoftmax, Scale = 15, Margin = 0.3 },
            """
            w = unit(w.reshape(3, -1)); c = np.concatenate([u, g]) @ w.T; t = np.concatenate([y, y]); k = np.arange(12)
            own = c[k, t]; phi = own * np.cos(.3) - np.sqrt(1 - own ** 2) * np.sin(.3)
            c[k, t] = np.where(own > np.cos(np.pi - .3), phi, own - np.sin(np.pi - .3) * .3); print(ce(15 * c, t))
            """
        },
        {
            "voxceleb_trainer softmax",
            new IdentityOptions(),
            "print(ce(np.concatenate([v, f]) @ w.reshape(3, -1).T + b, np.concatenate([y, y])))"
        },
        {
            "Nagrani et al. 2018, tau 0.3; vfal-eva takes no negative that is nearer than the positive",
            new PinsOptions { Margin = 1.2 },
            """
            d = np.sqrt(sq(g, u)); loss = np.mean(np.diag(d) ** 2); n = []
            for i in range(6):
                o = sorted((j for j in range(6) if y[j] != y[i]), key=lambda j: -d[i, j])
                k = 0
                while k < int(.3 * 3) and d[i, o[k + 1]] > d[i, i]: k += 1
                n.append(d[i, o[k]])
            print(loss + np.mean(np.maximum(0, 1.2 - np.array(n)) ** 2))
            """
        },
        {
            "Schroff et al. 2015, as TensorFlow's triplet_semihard_loss takes the farthest where no negative is farther than the positive",
            new TripletOptions { Margin = 0.5 },
            """
            def one(d):
                out = []
                for i in range(6):
                    for p in (j for j in range(6) if y[j] == y[i]):
                        n = d[i][y != y[i]]; far = n[n > d[i, p]]; out.append(max(0, d[i, p] - (far.min() if len(far) else n.max()) + .5))
                return np.mean(out)
            print((one(sq(u, g)) + one(sq(g, u))) / 2)
            """
        },
        {
            "voxceleb_trainer proto, prototypes of the other modality",
            new PrototypicalOptions { Score = PrototypeScore.SquaredDistance },
            "m = lambda x: np.array([x[y == p].mean(0) for p in range(3)])\nprint((ce(-sq(v, m(f)), y) + ce(-sq(f, m(v)), y)) / 2)"
        },
        {
            "voxceleb_trainer angleproto, prototypes of the other modality",
            new PrototypicalOptions(),
            """
            m = lambda x: unit(np.array([x[y == p].mean(0) for p in range(3)]))
            print((ce(10 * u @ m(f).T - 5, y) + ce(10 * g @ m(v).T - 5, y)) / 2)
            """
        },
        {
            "Wan et al. 2018, equations 5 to 9, softmax",
            new Ge2eOptions(),
            """
            x, t = np.concatenate([v, f]), np.concatenate([y, y]); l = np.zeros((12, 3))
            for i in range(12):
                for p in range(3):
                    rows = [j for j in range(12) if t[j] == p and j != i]; l[i, p] = 10 * unit(x[i]) @ unit(x[rows].mean(0)) - 5
            print(ce(l, t))
            """
        },
        {
            "vfal-eva fop_loss",
            new OrthogonalOptions(),
            """
            z, t = np.concatenate([u, g]), np.concatenate([y, y]); c = z @ z.T; same = t[:, None] == t[None]
            print(1 - c[same & ~np.eye(12, dtype=bool)].mean() + .7 * np.abs(c[~same]).mean())
            """
        },
        {
            "Tolstikhin et al. 2018, inverse multiquadratic",
            new MmdOptions(),
            """
            k = lambda a, b: sum(s * 2 * 6 / (s * 2 * 6 + sq(a, b)) for s in (.1, .2, .5, 1, 2, 5, 10)); off = ~np.eye(6, dtype=bool)
            print(k(v, v)[off].mean() + k(f, f)[off].mean() - 2 * k(v, f).mean())
            """
        },
    };

    [SkippableTheory]
    [MemberData(nameof(Formulas))]
    public void Evaluate_AgainstTheFormula_Agrees(string source, TermOptions options, string formula)
    {
        Tool.Require(Python.Has("numpy"), "Python with numpy");
        using var scope = NewDisposeScope();
        FeatureTable table = Synthetic.Table(3, 2);
        using TermSet set = TermSet.Create(
            Synthetic.Recipe() with
            {
                Model = Synthetic.Recipe().Model with { LatentDimension = 6 },
                Objective = new ObjectiveOptions { Terms = [options] },
            },
            table,
            CPU);
        (double[] v, double[] f) = (GradientCheck.Random("voice", 6, 6).Values, GradientCheck.Random("face", 6, 6).Values);
        Tensor voice = tensor([.. v.Select(value => (float)value)], [6, 6]), face = tensor([.. f.Select(value => (float)value)], [6, 6]);
        IEnumerable<double> Own(string name) =>
            set.Weights.Where(entry => entry.Name.EndsWith(name, StringComparison.Ordinal)).SelectMany(entry => entry.Value.ToFloats())
                .Select(value => (double)value).DefaultIfEmpty();

        double value = set.Terms[0].Evaluate(new TermBatch(
            new TermRows(voice, voice, table.Clips), new TermRows(face, face, table.Clips), 6, TrainingNoise.ForEpoch(1, 1, CPU)))!
            .Value.Value.item<float>();

        string expected = Python.Run(Start + "\n" + formula, Text(v), Text(f), Text(Own("weight")), Text(Own("bias")));
        Assert.True(
            Math.Abs(double.Parse(expected, CultureInfo.InvariantCulture) - value) < Rounding, $"{source}: {value}, expected {expected}");
    }

    [Fact]
    public void SoftmaxLoss_OfTwoClasses_IsTheLogisticLoss()
    {
        using var scope = NewDisposeScope();
        Tensor l = tensor(new[] { 0.3f, -2f, 1.7f }, [3, 1]); // [B, 1]
        Tensor y = tensor(new[] { 1f, 0f, 1f }, [3, 1]); // [B, 1]

        float loss = AttributeTerm.SoftmaxLoss(cat([l, zeros_like(l)], 1), cat([y, ones_like(y) - y], 1)).item<float>();

        Assert.Equal(AttributeTerm.LogisticLoss(l, y).item<float>(), loss, 1e-6f);
    }

    [Fact]
    public void SlicedWasserstein_ManyDirections_IsTheSquaredShiftOverTheDimensions()
    {
        // Two clouds that differ by a shift h: the mean over directions of (theta . h)^2 is |h|^2 / D.
        using var scope = NewDisposeScope();
        Tensor x = tensor(GradientCheck.Random("x", 40, 5).Values, [40, 5]);
        double[] shift = [0.5, -1.0, 2.0, 0.0, 1.0];
        Tensor theta = Contrast.UnitLength(tensor(GradientCheck.Random("theta", 20_000, 5).Values, [20_000, 5]));

        double distance = SlicedWassersteinTerm.Distance(x, x - tensor(shift), theta).item<double>();

        Assert.Equal(shift.Sum(h => h * h) / 5, distance, 0.03);
    }

    [Fact]
    public void Mmd_SamplesOfOneDistribution_IsZeroAndOfTwoIsNot()
    {
        using var scope = NewDisposeScope();
        Tensor x = tensor(GradientCheck.Random("x", 1500, 3).Values, [1500, 3]);
        Tensor y = tensor(GradientCheck.Random("y", 1500, 3).Values, [1500, 3]);

        Assert.Equal(0.0, MmdTerm.Discrepancy(x, y).item<double>(), 0.01);
        Assert.True(MmdTerm.Discrepancy(x, y - tensor(new double[] { 1, 0, 0 })).item<double>() > 0.1);
    }

    [Theory]
    [InlineData(1, 0.3)]
    [InlineData(2, 0.3)]
    [InlineData(3, 0.4)]
    [InlineData(10, 0.7)]
    [InlineData(40, 0.8)]
    public void Pins_Hardness_RisesOverTheEpochs(int epoch, double expected) =>
        Assert.Equal(expected, PinsTerm.HardnessOf(new PinsOptions(), epoch), 1e-9);

    private static string Text(IEnumerable<double> values) =>
        string.Join(' ', values.Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
}
