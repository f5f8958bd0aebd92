using System.Globalization;
using CrossModalVae.Features;
using CrossModalVae.Models;
using CrossModalVae.Numerics;
using CrossModalVae.Recipes;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Tests;

/// <summary>Products of experts and the bounds of MS-VAE's relatives.</summary>
public class BoundsTests
{
    private const double Rounding = 1e-10;

    public static TheoryData<BoundKind> Relatives =>
        [.. Enum.GetValues<BoundKind>().Where(kind => kind is not (BoundKind.MsVae or BoundKind.None or BoundKind.RidgeCca))];

    [Fact]
    public void Product_ByHand_AddsPrecisionsInAnyOrder()
    {
        using var scope = NewDisposeScope();
        GaussianPosterior a = Gaussian([1.0], [Math.Log(0.5)]), b = Gaussian([4.0], [Math.Log(1.0)]); // precisions 2 and 1

        GaussianPosterior both = Experts.Product(false, a, b), turned = Experts.Product(false, b, a), all = Experts.Product(true, a, b);

        Assert.Equal(2.0, both.Mean.item<double>(), Rounding); // (2 x 1 + 1 x 4) / 3
        Assert.Equal(-Math.Log(3.0), both.LogVariance.item<double>(), Rounding);
        Assert.Equal(both.Mean.item<double>(), turned.Mean.item<double>(), Rounding);
        Assert.Equal(1.5, all.Mean.item<double>(), Rounding); // the prior adds precision 1 at 0
        Assert.Equal(-Math.Log(4.0), all.LogVariance.item<double>(), Rounding);
    }

    [Fact]
    public void KullbackLeibler_OfTwoGaussians_AgreesWithMonteCarloAndWithThePriors()
    {
        using var scope = NewDisposeScope();
        GaussianPosterior q = Gaussian([0.7, -1.2], [-0.5, 0.3]), p = Gaussian([0.1, 0.4], [0.2, -0.4]);
        const int Draws = 200_000;
        Tensor noise = tensor(GradientCheck.Random("noise", Draws, 2).Values, [Draws, 1, 2]);
        Tensor z = q.Sample(noise); // [Draws, 1, 2]

        Tensor ratio = Experts.LogDensity(q, z) - Experts.LogDensity(p, z);

        double fiveStandardErrors = 5 * ratio.std().item<double>() / Math.Sqrt(Draws);
        Assert.Equal(ratio.mean().item<double>(), Experts.KullbackLeibler(q, p).item<double>(), fiveStandardErrors);
        Assert.Equal(
            Elbo.KullbackLeibler(q).item<double>(), Experts.KullbackLeibler(q, Gaussian([0, 0], [0, 0])).item<double>(), Rounding);
    }

    [Theory]
    [MemberData(nameof(Relatives))]
    public void Bound_Gradient_EqualsNumericOne(BoundKind kind)
    {
        if (kind == BoundKind.MmvaeDreg || IsPrivate(kind))
        {
            return; // an estimator whose gradient is the bound's in the mean only, and bounds with private parts: the next tests
        }

        (double[] noise, long[] shape) = GradientCheck.Random("noise", 2, 4, 3);
        (double[] map, _) = GradientCheck.Random("map", 3, 5);
        (double[] target, _) = GradientCheck.Random("target", 4, 5);

        GradientCheck.Run(
            p => Value(kind, new(p[0], p[1]), new(p[2], p[3]), tensor(noise, shape), tensor(map, [3, 5]), tensor(target, [4, 5])),
            GradientCheck.Random("mu v", 4, 3),
            GradientCheck.Random("log var v", 4, 3),
            GradientCheck.Random("mu f", 4, 3),
            GradientCheck.Random("log var f", 4, 3));
    }

    [Theory]
    [InlineData(BoundKind.MmvaePlus, PosteriorKind.Gaussian)]
    [InlineData(BoundKind.MmvaePlus, PosteriorKind.Laplace)]
    [InlineData(BoundKind.Dmvae, PosteriorKind.Gaussian)]
    [InlineData(BoundKind.Conditional, PosteriorKind.Gaussian)]
    public void PrivateParts_Gradient_EqualsNumericOne(BoundKind kind, PosteriorKind posterior)
    {
        GradientCheck.Run(
            p => Private(kind, [.. p], posterior),
            [.. PrivateInputs(kind)]);
    }

    [Fact]
    public void Iwae_GradientOfLaplace_EqualsNumericOne()
    {
        (double[] noise, long[] shape) = GradientCheck.Random("noise", 2, 4, 3);
        (double[] map, _) = GradientCheck.Random("map", 3, 5);
        (double[] target, _) = GradientCheck.Random("target", 4, 5);

        GradientCheck.Run(
            p => Value(
                BoundKind.Mmvae, new(p[0], p[1]), new(p[2], p[3]), tensor(noise, shape), tensor(map, [3, 5]), tensor(target, [4, 5]),
                PosteriorKind.Laplace),
            GradientCheck.Random("mu v", 4, 3),
            GradientCheck.Random("log var v", 4, 3),
            GradientCheck.Random("mu f", 4, 3),
            GradientCheck.Random("log var f", 4, 3));
    }

    [Fact]
    public void KullbackLeibler_OfLaplace_AgreesWithMonteCarlo()
    {
        using var scope = NewDisposeScope();
        GaussianPosterior q = Gaussian([0.7, -1.2, 0.0], [-0.5, 0.3, -2.0]);
        const int Draws = 200_000;
        var random = new SeededRandom(1);
        Tensor noise = tensor(Enumerable.Range(0, Draws * 3).Select(_ => random.NextLaplace()).ToArray(), [Draws, 1, 3]);
        Tensor z = q.Sample(noise); // [Draws, 1, 3]

        Tensor ratio = Experts.LogDensity(q, z, PosteriorKind.Laplace) - Experts.LogPrior(z, PosteriorKind.Laplace);

        double fiveStandardErrors = 5 * ratio.std().item<double>() / Math.Sqrt(Draws);
        Assert.Equal(
            ratio.mean().item<double>(), Elbo.KullbackLeibler(q, PosteriorKind.Laplace).item<double>(), fiveStandardErrors);
        Assert.Equal(1.0, noise.square().mean().item<double>(), 0.02); // variance 1, as of the Gaussian's noise
        Assert.Equal(0.0, Elbo.KullbackLeibler(Gaussian([0, 0], [0, 0]), PosteriorKind.Laplace).item<double>(), Rounding);
        Assert.Equal(
            Math.Log(1 / Math.Sqrt(2)), Experts.LogPrior(zeros(1, 1, 1, float64), PosteriorKind.Laplace).item<double>(), Rounding);
    }

    // n: noise [2, 4, 3], a: map [3, 5], x: targets [4, 5], the face's three features first; two Gaussians q = (mu, log variance) [4, 3].
    private const string Start = """
        import sys, numpy as np
        n, a, x, *q = (np.array(list(map(float, t.split()))) for t in sys.argv[1:])
        n, a, x = n.reshape(2, 4, 3), a.reshape(3, 5), x.reshape(4, 5); beta = .3
        v, f, N = (q[0].reshape(4, 3), q[1].reshape(4, 3)), (q[2].reshape(4, 3), q[3].reshape(4, 3)), (np.zeros((4, 3)), np.zeros((4, 3)))
        at = {'f': slice(0, 3), 'v': slice(3, 5), 'fv': slice(0, 5)}
        rec = lambda z, s: ((z @ a - x)[..., at[s]] ** 2).mean(-1)
        z = lambda p, e=n[0]: p[0] + np.exp(p[1] / 2) * e
        kl = lambda p, r=N: .5 * (r[1] - p[1] + np.exp(p[1] - r[1]) + (p[0] - r[0]) ** 2 / np.exp(r[1]) - 1).sum(-1)
        def poe(*ps):
            t = sum(np.exp(-p[1]) for p in ps); return sum(p[0] * np.exp(-p[1]) for p in ps) / t, -np.log(t)
        logpdf = lambda t, p: (-.5 * (np.log(2 * np.pi) + p[1] + (t - p[0]) ** 2 / np.exp(p[1]))).sum(-1)
        """;

    /// <summary>The losses of MultiVae's models (means over clips; errors are means over features here, not sums), written anew.</summary>
    public static TheoryData<BoundKind, string> Formulas => new()
    {
        {
            BoundKind.Mvae,
            "print(sum((rec(z(p), s) + beta * kl(p)).mean() for p, s in ((poe(f, v, N), 'fv'), (poe(v, N), 'v'), (poe(f, N), 'f'))))"
        },
        {
            BoundKind.Mopoe,
            """
            c = v, f, poe(v, f, N)
            m = tuple(np.array([c[i % 3][k][i] for i in range(4)]) for k in (0, 1))
            print(rec(z(m), 'fv').mean() + beta * sum(kl(p).mean() for p in c) / 3)
            """
        },
        {
            BoundKind.Mvtcae,
            "p = poe(v, f); print((1.9 / 2 * rec(z(p), 'fv') + beta * (.1 / 2 * (kl(p, v) + kl(p, f)) + .9 * kl(p))).mean())"
        },
        {
            BoundKind.Crmvae,
            """
            p = poe(v, f); r = sum(rec(z(p), s) + rec(z(own), s) for own, s in ((v, 'v'), (f, 'f')))
            print((r / 6 + beta * (kl(p) + kl(p, v) + kl(p, f)) / 3).mean())
            """
        },
        {
            BoundKind.Mmvae,
            """
            def lw(p):
                t = z(p, n); q = np.logaddexp(logpdf(t, v), logpdf(t, f)) - np.log(2)
                return -rec(t, 'fv') / beta + logpdf(t, N) - q
            print(-beta / 2 * sum((np.log(np.exp(lw(p)).mean(0))).mean() for p in (v, f)))
            """
        },
    };

    // nu: noise of shared parts [2, 4, 3], nw: of private ones [2, 4, 2], a: map [7, 5] of [u, w_voice, w_face], x: targets [4, 5]; then
    // means and log-variances of the voice's u and w, the face's u and w, and log-variances of r_voice and r_face.
    private const string PrivateStart = """
        import sys, numpy as np
        nu, nw, a, x, vu, vl, vw, vm, fu, fl, fw, fm, *r = (np.array(list(map(float, t.split()))) for t in sys.argv[1:])
        nu, nw, a, x, beta = nu.reshape(2, 4, 3), nw.reshape(2, 4, 2), a.reshape(7, 5), x.reshape(4, 5), .3
        vu, vl, fu, fl = (t.reshape(4, 3) for t in (vu, vl, fu, fl)); vw, vm, fw, fm = (t.reshape(4, 2) for t in (vw, vm, fw, fm))
        rec = lambda *z: ((np.concatenate(z, -1) @ a - x) ** 2).mean(-1)
        log = lambda t, m, v: (-.5 * (np.log(2 * np.pi) + v + (t - m) ** 2 / np.exp(v))).sum(-1)
        log1 = lambda t, m, v: (-np.log(2 * np.exp(v / 2) / 2 ** .5) - np.abs(t - m) / (np.exp(v / 2) / 2 ** .5)).sum(-1)
        kl = lambda m, v: .5 * (np.exp(v) + m ** 2 - 1 - v).sum(-1)
        s = lambda m, v, e: m + np.exp(v / 2) * e

        """;

    // MultiVae's _compute_k_lws and _iwae_looser, with beta folded into the error, and its _compute_elbo of the joint and of each expert.
    private const string MmvaePlusFormula = """
        total = 0
        for m in 'vf':
            u = s(vu, vl, nu) if m == 'v' else s(fu, fl, nu)
            w, other = (s(vw, vm, nw), s(0, r[1], nw)) if m == 'v' else (s(fw, fm, nw), s(0, r[0], nw))
            mix = np.logaddexp(LOG(u, vu, vl), LOG(u, fu, fl)) - np.log(2)
            own = LOG(w, vw, vm) if m == 'v' else LOG(w, fw, fm)
            lw = -(rec(u, w, other) if m == 'v' else rec(u, other, w)) / beta + LOG(u, 0, 0 * vl) + LOG(w, 0, 0 * vm) - mix - own
            total += np.log(np.exp(lw).mean(0)).mean()
        print(-beta / 2 * total)
        """;

    private const string DmvaeFormula = """
        t = np.exp(-vl) + np.exp(-fl) + 1
        joint = ((vu * np.exp(-vl) + fu * np.exp(-fl)) / t, -np.log(t))
        wv, wf = s(vw, vm, nw[0]), s(fw, fm, nw[0])
        elbo = lambda m, v: (rec(s(m, v, nu[0]), wv, wf) + beta * (kl(m, v) + kl(vw, vm) + kl(fw, fm))).mean()
        print(elbo(*joint) + elbo(vu, vl) + elbo(fu, fl))
        """;

    // MultiVae's CVAE without a prior network, of a face given the voice and of a voice given the face.
    private const string ConditionalFormula = """
        wv, wf = s(vw, vm, nw[0]), s(fw, fm, nw[0])
        face = (((np.concatenate((vu, 0 * wv, wf), -1) @ a - x) ** 2)[:, :3].mean(-1) + beta * kl(fw, fm)).mean()
        voice = (((np.concatenate((fu, wv, 0 * wf), -1) @ a - x) ** 2)[:, 3:].mean(-1) + beta * kl(vw, vm)).mean()
        print(face + voice)
        """;

    [SkippableTheory]
    [InlineData(BoundKind.MmvaePlus, PosteriorKind.Gaussian)]
    [InlineData(BoundKind.MmvaePlus, PosteriorKind.Laplace)]
    [InlineData(BoundKind.Dmvae, PosteriorKind.Gaussian)]
    [InlineData(BoundKind.Conditional, PosteriorKind.Gaussian)]
    public void PrivateParts_AgainstMultiVaesFormula_Agree(BoundKind kind, PosteriorKind posterior)
    {
        Tool.Require(Python.Has("numpy"), "Python with numpy");
        using var scope = NewDisposeScope();
        (double[] Values, long[] Shape)[] inputs = PrivateInputs(BoundKind.MmvaePlus); // all, and each bound takes what it needs
        double[][] fixedOnes =
        [
            Noise(3), Noise(2), GradientCheck.Random("private map", 7, 5).Values, GradientCheck.Random("target", 4, 5).Values,
        ];

        double value = Private(kind, Of(kind, [.. inputs.Select(input => tensor(input.Values, input.Shape))]), posterior).item<double>();

        string formula = kind == BoundKind.Dmvae ? DmvaeFormula
            : kind == BoundKind.Conditional ? ConditionalFormula
            : MmvaePlusFormula.Replace("LOG", posterior == PosteriorKind.Laplace ? "log1" : "log", StringComparison.Ordinal);
        string expected = Python.Run(PrivateStart + formula, [.. fixedOnes.Concat(inputs.Select(input => input.Values)).Select(Text)]);
        Assert.Equal(double.Parse(expected, CultureInfo.InvariantCulture), value, Rounding);

        static Tensor[] Of(BoundKind kind, Tensor[] all) =>
            kind == BoundKind.Conditional ? [all[0], all[2], all[3], all[4], all[6], all[7]] : all;
    }

    [SkippableTheory]
    [MemberData(nameof(Formulas))]
    public void Bound_AgainstMultiVaesFormula_Agrees(BoundKind kind, string formula)
    {
        Tool.Require(Python.Has("numpy"), "Python with numpy");
        using var scope = NewDisposeScope();
        double[][] inputs =
        [
            GradientCheck.Random("noise", 2, 4, 3).Values,
            GradientCheck.Random("map", 3, 5).Values,
            GradientCheck.Random("target", 4, 5).Values,
            .. new[] { "mu v", "log var v", "mu f", "log var f" }.Select(name => GradientCheck.Random(name, 4, 3).Values),
        ];
        GaussianPosterior Of(int first) => new(tensor(inputs[first], [4, 3]), tensor(inputs[first + 1], [4, 3]));

        double value = Value(
            kind, Of(3), Of(5), tensor(inputs[0], [2, 4, 3]), tensor(inputs[1], [3, 5]), tensor(inputs[2], [4, 5])).item<double>();

        string expected = Python.Run(Start + "\n" + formula, [.. inputs.Select(Text)]);
        Assert.Equal(double.Parse(expected, CultureInfo.InvariantCulture), value, Rounding);
    }

    [Fact]
    public void Iwae_ManySamples_IsTheLogLikelihood()
    {
        // x = w z + noise in one dimension: the integral of exp(-(x - w z)^2 / beta) N(z; 0, 1) is known.
        using var scope = NewDisposeScope();
        const double X = 0.8, W = 1.5, Beta = 0.4;
        GaussianPosterior q = Gaussian([0.3], [0.1]);
        Tensor noise = tensor(GradientCheck.Random("noise", 100_000).Values, [100_000, 1, 1]);

        double value = Bounds.Iwae(
            q, q, (z, _, _) => (z * tensor(W) - tensor(X)).square().sum(1), own => own.Sample(noise), Beta).item<double>();

        double logLikelihood = (0.5 * Math.Log(Beta / (Beta + (2 * W * W)))) - (X * X / (Beta + (2 * W * W)));
        Assert.Equal(-Beta * logLikelihood, value, 2e-3);
    }

    [Fact]
    public void Dreg_Gradient_OfEqualExperts_IsThatOfTheBoundInTheMean()
    {
        // Many clips with the same posterior, of both experts: the mean over clips is a mean over draws.
        const int Clips = 200_000;
        (double[] noise, _) = GradientCheck.Random("noise", 3, Clips, 1);
        double[] Gradient(bool dreg)
        {
            using var scope = NewDisposeScope();
            Tensor[] p = [.. new[] { 0.4, -0.3 }.Select(value => tensor([value], [1, 1], requires_grad: true))];
            GaussianPosterior voice = new(p[0].expand(Clips, 1), p[1].expand(Clips, 1));
            Tensor draws = tensor(noise, [3, Clips, 1]);
            Bounds.Errors errors = (z, _, _) => (z - tensor(1.0)).square().sum(1);
            Func<GaussianPosterior, Tensor> samples = q => q.Sample(draws);
            (dreg ? Bounds.Dreg(voice, voice, errors, samples, 0.7) : Bounds.Iwae(voice, voice, errors, samples, 0.7)).backward();
            return [.. p.Select(parameter => parameter.grad!.item<double>())];
        }

        Assert.All(Gradient(true).Zip(Gradient(false)), pair => Assert.Equal(pair.Second, pair.First, 5e-3));
    }

    [Theory]
    [MemberData(nameof(Relatives))]
    public void Evaluate_MissingModality_GivesZeroGradientToTheOtherEncoder(BoundKind kind)
    {
        using var scope = NewDisposeScope();
        FeatureTable table = Synthetic.Without(Synthetic.Table(6, 1), voice: _ => false, face: _ => true);
        using MultimodalVae model = Model(table, kind);

        Tensor total = Objective.Evaluate(model, Batch(table), Options(kind), 0.1, Noise(), dropout: false).Total;
        if (total.requires_grad)
        {
            total.backward();
        }

        double Largest(string name) => model.Weights.Where(entry => entry.Name.StartsWith(name, StringComparison.Ordinal))
            .Max(entry => entry.Value.grad is Tensor g ? g.abs().max().item<float>() : 0f);
        Assert.Equal(0.0, Largest("face"));
        if (kind == BoundKind.Conditional)
        {
            Assert.Equal(0.0, Largest("")); // without a condition there is nothing to learn
            return;
        }

        Assert.True(Largest("voice") > 0.0);
        float[] output =
        [
            .. (IsPrivate(kind) ? new[] { "face_output.bias", "voice_output.bias" } : ["output.bias"]).SelectMany(
                name => model.Weights.Single(entry => entry.Name == name).Value.grad!.data<float>().ToArray()),
        ];
        Assert.All(output.Take(table.FaceLength), g => Assert.Equal(0f, g));
        Assert.Contains(output, g => g != 0f);
    }

    [Theory]
    [MemberData(nameof(Relatives))]
    public void Adam_BatchOfFour_Overfits(BoundKind kind)
    {
        using var scope = NewDisposeScope();
        FeatureTable table = Synthetic.Table(4, 1);
        using MultimodalVae model = Model(table, kind);
        PairBatch batch = Batch(table);
        using var optimiser = new AdamOptimiser(model.Weights, learningRate: 3e-3, weightDecay: 0.0);
        const double Beta = 1e-3;
        double first = Step();
        for (int i = 0; i < 400; i++)
        {
            Step();
        }

        double last = Step();

        Assert.True(last < 0.15 * first, $"from {first} to {last}");

        double Step()
        {
            using var step = NewDisposeScope();
            optimiser.ZeroGradients();
            Tensor loss = Objective.Evaluate(model, batch, Options(kind), Beta, Noise(), dropout: false).Total;
            loss.backward();
            optimiser.Step();
            return loss.item<float>();
        }
    }

    [Theory]
    [MemberData(nameof(Relatives))]
    public void Train_WithLoneClips_LogsBothPartsAndResumesToTheSameBits(BoundKind kind)
    {
        using var folder = new TemporaryFolder();
        FeatureTable train = Synthetic.Without(Synthetic.Table(20, 3), voice: row => row % 7 == 0, face: row => row % 11 == 1);
        FeatureTable validation = Synthetic.Table(6, 2, seed: 2, prefix: "v");
        Recipe recipe = Synthetic.Recipe(3, PairSampling.Clips) with { Objective = Options(kind), Model = Architecture(kind) };
        var settings = new TrainerOptions { Device = "cpu", Threads = 1, StopOnCollapse = false };

        TrainingResult whole = new Trainer(recipe, settings).Run(train, validation, folder["whole"]);
        new Trainer(recipe, settings with { Epochs = 2 }).Run(train, validation, folder["parts"]);
        new Trainer(recipe, settings with { Resume = true }).Run(train, validation, folder["parts"]);

        double tolerance = kind == BoundKind.Conditional ? 0.02 : 1e-4; // its parts are means over pairs, the total over batches
        Assert.All(whole.Log.Select(line => line.Train), train =>
            Assert.Equal(train.Terms!["reconstruction"]!.Value + (0.01 * train.Terms["divergence"]!.Value), train.TotalLoss, tolerance));
        Assert.True(whole.Log[^1].Train.TotalLoss < whole.Log[0].Train.TotalLoss);
        Assert.Equal(File.ReadAllBytes(folder["whole/weights.safetensors"]), File.ReadAllBytes(folder["parts/weights.safetensors"]));
    }

    [Theory]
    [InlineData(BoundKind.Mmvae)]
    [InlineData(BoundKind.MmvaeDreg)]
    [InlineData(BoundKind.MmvaePlus)]
    public void Train_LaplaceWithLoneClips_Learns(BoundKind kind)
    {
        using var folder = new TemporaryFolder();
        FeatureTable train = Synthetic.Without(Synthetic.Table(20, 3), voice: row => row % 7 == 0, face: row => row % 11 == 1);
        Recipe recipe = Synthetic.Recipe(3, PairSampling.Clips) with
        {
            Objective = Options(kind) with { Posterior = PosteriorKind.Laplace },
            Model = Architecture(kind),
        };
        var settings = new TrainerOptions { Device = "cpu", Threads = 1, StopOnCollapse = false };

        TrainingResult result = new Trainer(recipe, settings).Run(train, Synthetic.Table(6, 2, seed: 2, prefix: "v"), folder["laplace"]);
        Recipe gaussian = recipe with { Objective = Options(kind) };
        new Trainer(gaussian, settings).Run(train, Synthetic.Table(6, 2, seed: 2, prefix: "v"), folder["gaussian"]);

        Assert.True(result.Log[^1].Train.TotalLoss < result.Log[0].Train.TotalLoss);
        Assert.NotEqual(
            File.ReadAllBytes(folder["laplace/weights.safetensors"]), File.ReadAllBytes(folder["gaussian/weights.safetensors"]));
    }

    /// <summary>q(z | x, c) is of both modalities, and the embedding, a condition, has no variance.</summary>
    [Fact]
    public void Train_Conditional_EmbeddingsArePointsAndTheRecognitionSeesBoth()
    {
        using var folder = new TemporaryFolder();
        FeatureTable train = Synthetic.Table(20, 3);
        Recipe recipe = Synthetic.Recipe(2) with
        {
            Objective = Options(BoundKind.Conditional) with { ContrastWeight = 1 },
            Model = Architecture(BoundKind.Conditional),
        };

        new Trainer(recipe, new TrainerOptions { Device = "cpu", Threads = 1, StopOnCollapse = false })
            .Run(train, Synthetic.Table(6, 2, seed: 2, prefix: "v"), folder["run"]);

        using TrainedModel trained = TrainedModel.Load(folder["run"]);
        Assert.All(trained.Encode(Modality.Voice, train.Voice, 60).LogVariance, logVariance => Assert.Equal(0f, logVariance));
        IReadOnlyDictionary<string, NamedArray> weights = SafetensorsFile.Read(folder["run/weights.safetensors"]).Tensors;
        Assert.Equal([2L, 32 + 8], weights["face.private_mean.weight"].Shape); // hidden units and the other's embedding
        Assert.Contains(weights["face.private_log_variance.bias"].Values, value => value != 0f);
        using var scope = NewDisposeScope();
        using MultimodalVae model = Model(train, BoundKind.Conditional);
        Tensor hidden = model.EncodeHidden(Modality.Face, zeros(1, train.FaceLength)).Hidden;
        Tensor one = model.Private(Modality.Face, hidden, zeros(1, 8))!.Mean;
        Tensor other = model.Private(Modality.Face, hidden, ones(1, 8))!.Mean;
        Assert.True((one - other).abs().max().item<float>() > 0f);
    }

    [Theory]
    [InlineData(BoundKind.Mvae)]
    [InlineData(BoundKind.Dmvae)]
    [InlineData(BoundKind.None)]
    public void Validate_LaplaceWhereGaussiansAreNeeded_IsRefused(BoundKind kind)
    {
        Exception e = Assert.Throws<ArgumentException>(
            new ObjectiveOptions { Bound = kind, Posterior = PosteriorKind.Laplace }.Validate);

        Assert.Equal(
            $"'Posterior' is Laplace and 'Bound' {kind}, which needs Gaussians; Mmvae, MmvaeDreg and MmvaePlus take Laplace.", e.Message);
    }

    [Theory]
    [InlineData(BoundKind.MmvaePlus, 0)]
    [InlineData(BoundKind.Dmvae, 0)]
    [InlineData(BoundKind.Conditional, 0)]
    [InlineData(BoundKind.Mmvae, 4)]
    [InlineData(BoundKind.None, 4)]
    public void Validate_PrivateDimensionAndBoundDisagree_IsRefused(BoundKind kind, int dimension)
    {
        Recipe recipe = Synthetic.Recipe() with
        {
            Model = new ModelOptions { PrivateDimension = dimension },
            Objective = new ObjectiveOptions { Bound = kind },
        };

        Assert.Equal(
            $"'Model.PrivateDimension' is {dimension} and 'Objective.Bound' {kind}; "
            + "it must be >= 1 with MmvaePlus, Dmvae and Conditional, and 0 without.",
            Assert.Throws<ArgumentException>(recipe.Validate).Message);
    }

    [Fact]
    public void MmvaePlus_TrainedPrior_MovesAndTheEmbeddingIsTheSharedPart()
    {
        using var scope = NewDisposeScope();
        FeatureTable table = Synthetic.Table(6, 1);
        using MultimodalVae model = Model(table, BoundKind.MmvaePlus);
        PairBatch batch = Batch(table);

        Objective.Evaluate(model, batch, Options(BoundKind.MmvaePlus), 0.1, Noise(), dropout: false).Total.backward();

        Tensor prior = model.Weights.Single(entry => entry.Name == "private_prior_face_log_variance").Value;
        Assert.Contains(prior.grad!.data<float>().ToArray(), g => g != 0f);
        Assert.Equal(model.Options.LatentDimension, model.Score(Modality.Voice, batch.Voice!).Mean.shape[1]);
        long d = model.Options.LatentDimension;
        Tensor z = zeros(2, d + 4), other = z.clone(); // [u, w_voice, w_face]
        other.narrow(1, d, 2).fill_(1f);
        Tensor difference = (model.Decode(z) - model.Decode(other)).abs(); // [2, Ff + Fv]
        Assert.Equal(0f, difference.narrow(1, 0, table.FaceLength).max().item<float>()); // the voice's own is not the face's
        Assert.True(difference.narrow(1, table.FaceLength, table.VoiceLength).max().item<float>() > 0f);
    }

    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(0.1, 3)]
    public void Validate_ImportanceWeightsWithoutBeta_AreRefused(double beta, int warmUp)
    {
        Exception e = Assert.Throws<ArgumentException>(
            new ObjectiveOptions { Bound = BoundKind.Mmvae, Beta = beta, BetaWarmUpEpochs = warmUp }.Validate);

        Assert.Equal(
            "'Bound' is Mmvae, which weighs samples by their likelihood at 'Beta': it must be > 0, without warm-up.", e.Message);
    }

    // The bound at beta 0.3 with a linear decoder, the same noise for every sample.
    private static Tensor Value(
        BoundKind kind,
        GaussianPosterior voice,
        GaussianPosterior face,
        Tensor noise,
        Tensor map,
        Tensor target,
        PosteriorKind posterior = PosteriorKind.Gaussian)
    {
        const double Beta = 0.3;
        Tensor Errors(Tensor z, bool v, bool f)
        {
            Tensor difference = z.mm(map).reshape(-1, 4, 5) - target; // [K, B, 5]
            Tensor squares = difference * difference; // the face's features are the first three
            return (v && f ? squares : f ? squares.narrow(2, 0, 3) : squares.narrow(2, 3, 2)).mean([2]).flatten();
        }

        Tensor Sample(GaussianPosterior q) => q.Sample(noise[0]);
        if (kind == BoundKind.Mmvae)
        {
            return Bounds.Iwae(voice, face, Errors, q => q.Sample(noise), Beta, posterior);
        }

        Bounds.Value value = kind switch
        {
            BoundKind.Mvae => Bounds.Mvae(voice, face, Errors, Sample),
            BoundKind.Mopoe => Bounds.Mopoe(voice, face, Errors, Sample),
            BoundKind.Mvtcae => Bounds.Mvtcae(voice, face, Errors, Sample),
            _ => Bounds.Crmvae(voice, face, Errors, Sample),
        };
        return value.Reconstruction.Plus(value.Divergence.Times(Beta));
    }

    // Means and log-variances of the voice's u [4, 3] and w [4, 2] and of the face's, of MMVAE+ log-variances of r_voice and r_face [2]; of
    // the conditional bound embeddings have no variance.
    private static (double[] Values, long[] Shape)[] PrivateInputs(BoundKind kind) =>
    [
        .. new[] { "v", "f" }.SelectMany(name => new[]
        {
            GradientCheck.Random($"mu u {name}", 4, 3),
            GradientCheck.Random($"log var u {name}", 4, 3),
            GradientCheck.Random($"mu w {name}", 4, 2),
            GradientCheck.Random($"log var w {name}", 4, 2),
        }).Where((_, i) => kind != BoundKind.Conditional || i % 4 != 1),
        .. kind == BoundKind.MmvaePlus
            ? [GradientCheck.Random("r v", 2), GradientCheck.Random("r f", 2)]
            : Array.Empty<(double[], long[])>(),
    ];

    private static double[] Noise(int width) => GradientCheck.Random($"noise {width}", 2, 4, width).Values;

    // A bound with private parts at beta 0.3 with a linear decoder, the same noise for every sample of a width.
    private static Tensor Private(BoundKind kind, Tensor[] p, PosteriorKind posterior)
    {
        const double Beta = 0.3;
        Tensor map = tensor(GradientCheck.Random("private map", 7, 5).Values, [7, 5]);
        Tensor target = tensor(GradientCheck.Random("target", 4, 5).Values, [4, 5]);
        Tensor Errors(Tensor z, bool voice, bool face)
        {
            Tensor squares = (z.mm(map).reshape(-1, 4, 5) - target).square(); // [K, B, 5], the face's first
            return (voice && face ? squares : face ? squares.narrow(2, 0, 3) : squares.narrow(2, 3, 2)).mean([2]).flatten();
        }

        Tensor Samples(GaussianPosterior q) => q.Sample(tensor(Noise((int)q.Mean.shape[1]), [2, 4, q.Mean.shape[1]])); // [2, 4, .]
        Bounds.SharedAndPrivate Of(int i) => new(new(p[i], p[i + 1]), new(p[i + 2], p[i + 3]));
        GaussianPosterior Prior(int i) => new(zeros(4, 2, float64), p[i].expand(4, 2));
        if (kind == BoundKind.MmvaePlus)
        {
            return Bounds.MmvaePlus(Of(0), Of(4), Prior(8), Prior(9), Errors, Samples, Beta, posterior);
        }

        Bounds.Value value = kind == BoundKind.Dmvae
            ? Bounds.Dmvae(Of(0), Of(4), Errors, q => Samples(q)[0])
            : Bounds.Conditional(p[0], p[3], new(p[1], p[2]), new(p[4], p[5]), Errors, q => Samples(q)[0]);
        return value.Reconstruction.Plus(value.Divergence.Times(Beta));
    }

    private static string Text(double[] values) =>
        string.Join(' ', values.Select(number => number.ToString("R", CultureInfo.InvariantCulture)));

    private static ObjectiveOptions Options(BoundKind kind) =>
        new() { Bound = kind, Beta = 0.01, Alignment = AlignmentKind.None, ImportanceSamples = 4 };

    private static GaussianPosterior Gaussian(double[] mean, double[] logVariance) =>
        new(tensor(mean, [1, mean.Length]), tensor(logVariance, [1, mean.Length]));

    private static bool IsPrivate(BoundKind kind) => kind is BoundKind.MmvaePlus or BoundKind.Dmvae or BoundKind.Conditional;

    private static ModelOptions Architecture(BoundKind kind) =>
        Synthetic.Recipe().Model with { PrivateDimension = IsPrivate(kind) ? 2 : 0 };

    internal static MultimodalVae Model(FeatureTable table, BoundKind kind) => new(
        Architecture(kind),
        EncoderInput.Flat(Modality.Voice, table.VoiceLength),
        EncoderInput.Flat(Modality.Face, table.FaceLength),
        seed: 3,
        new ObjectiveOptions { Bound = kind });

    private static TrainingNoise Noise() => TrainingNoise.ForEpoch(1, 1, CPU);

    private static PairBatch Batch(FeatureTable table)
    {
        FeatureTable complete = Synthetic.Table(6, 1);
        var standardised = new StandardisedTable(
            table, complete.ComputeStatistics(Modality.Voice, out _), complete.ComputeStatistics(Modality.Face, out _));
        ClipPair[] pairs = [.. PairSampler.Own(table).OrderBy(pair => pair.IsComplete ? 0 : pair.VoiceRow != ClipPair.Missing ? 1 : 2)];
        return standardised.Gather(pairs, CPU);
    }
}
