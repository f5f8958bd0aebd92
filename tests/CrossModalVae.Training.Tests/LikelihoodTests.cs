using System.Globalization;
using CrossModalVae.Faces;
using CrossModalVae.Features;
using CrossModalVae.Numerics;
using CrossModalVae.Recipes;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Tests;

/// <summary>p(x|z) of the decoder: Gaussian, Laplace, Bernoulli.</summary>
public class LikelihoodTests
{
    private const double Rounding = 1e-10;

    public static TheoryData<LikelihoodKind, string> Densities => new()
    {
        { LikelihoodKind.Gaussian, "-stats.norm.logpdf(x, y, np.sqrt(.5)) - np.log(np.pi) / 2" },
        { LikelihoodKind.Laplace, "-stats.laplace.logpdf(x, y, .5)" },
        { LikelihoodKind.Bernoulli, "-stats.bernoulli.logpmf((x > 0).astype(int), special.expit(y))" },
    };

    public static TheoryData<BoundKind> Bounds =>
        [.. Enum.GetValues<BoundKind>().Where(kind => kind is not (BoundKind.None or BoundKind.RidgeCca))];

    [SkippableTheory]
    [MemberData(nameof(Densities))]
    public void Errors_AgainstSciPysDensities_Agree(LikelihoodKind kind, string formula)
    {
        Tool.Require(Python.Has("scipy"), "Python with scipy");
        using var scope = NewDisposeScope();
        (double[] x, _) = GradientCheck.Random("x", 12);
        (double[] y, _) = GradientCheck.Random("x hat", 12);
        double[] observed = kind == LikelihoodKind.Bernoulli ? [.. x.Select(value => value > 0 ? 1.0 : 0.0)] : x;

        double[] found = Likelihood.Errors(kind, tensor(y), tensor(observed)).data<double>().ToArray();

        string printed = Python.Run(
            "import sys, numpy as np\nfrom scipy import stats, special\n"
            + "x, y = (np.array(list(map(float, t.split()))) for t in sys.argv[1:])\n"
            + $"print(*({formula}))",
            Text(x), Text(y));
        double[] expected = [.. printed.Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, Rounding));

        static string Text(double[] values) =>
            string.Join(' ', values.Select(number => number.ToString("R", CultureInfo.InvariantCulture)));
    }

    [Theory]
    [InlineData(LikelihoodKind.Gaussian)]
    [InlineData(LikelihoodKind.Laplace)]
    [InlineData(LikelihoodKind.Bernoulli)]
    public void Errors_Gradient_EqualsNumericOne(LikelihoodKind kind)
    {
        bool isShare = kind == LikelihoodKind.Bernoulli;
        double[] x = [.. GradientCheck.Random("x", 12).Values.Select(value => isShare ? (value / 8) + 0.5 : value)];

        GradientCheck.Run(p => Likelihood.Errors(kind, p[0], tensor(x, [3, 4])).sum(), GradientCheck.Random("x hat", 3, 4));
    }

    /// <summary>Far from 0 the log-odds neither overflow nor lose their gradient; a target beyond [0, 1] counts as its end.</summary>
    [Fact]
    public void Errors_BernoulliAtTheEnds_AreFinite()
    {
        using var scope = NewDisposeScope();

        Tensor errors = Likelihood.Errors(
            LikelihoodKind.Bernoulli, tensor(new[] { 200f, -200f, 200f, 2f }), tensor(new[] { 1f, 1f, 0f, 1.4f }));

        Assert.Equal([0f, 200f, 200f, (float)Math.Log(1 + Math.Exp(-2))], errors.data<float>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    /// <summary>Every bound takes the error of each modality's own likelihood, and a batch of four overfits.</summary>
    [Theory]
    [MemberData(nameof(Bounds))]
    public void Adam_BatchOfFour_OverfitsAndItsMeansAreTheFeatures(BoundKind kind)
    {
        using var scope = NewDisposeScope();
        FeatureTable table = Binary(Synthetic.Table(4, 1));
        using MultimodalVae model = BoundsTests.Model(table, kind);
        var standardised = new StandardisedTable(
            table, table.ComputeStatistics(Modality.Voice, out _), FeatureStatistics.Identity(table.FaceLength, 4));
        PairBatch batch = standardised.Gather([.. PairSampler.Own(table)], CPU);
        var options = new ObjectiveOptions
        {
            Bound = kind,
            VoiceLikelihood = LikelihoodKind.Laplace,
            FaceLikelihood = LikelihoodKind.Bernoulli,
            Alignment = AlignmentKind.None,
            ImportanceSamples = 4,
        };
        using var optimiser = new AdamOptimiser(model.Weights, learningRate: 3e-3, weightDecay: 0.0);
        double first = Step(1);
        for (int i = 2; i <= 400; i++)
        {
            Step(i);
        }

        double last = Step(401);

        Assert.True(last < 0.25 * first, $"from {first} to {last}");
        using IDisposable gradients = no_grad();
        (GaussianPosterior qVoice, Tensor hVoice) = model.EncodeHidden(Modality.Voice, batch.Voice!);
        (GaussianPosterior qFace, Tensor hFace) = model.EncodeHidden(Modality.Face, batch.Face!);
        bool isConditional = kind == BoundKind.Conditional;
        GaussianPosterior? wVoice = model.Private(Modality.Voice, hVoice, isConditional ? qFace.Mean : null);
        GaussianPosterior? wFace = model.Private(Modality.Face, hFace, isConditional ? qVoice.Mean : null);
        Tensor u = (kind is BoundKind.Mvae or BoundKind.Mvtcae or BoundKind.Crmvae or BoundKind.Dmvae
            ? Experts.Product(kind is BoundKind.Mvae or BoundKind.Dmvae, qVoice, qFace)
            : qFace).Mean;
        Tensor Point(Tensor c) => wVoice is null ? c : cat([c, wVoice.Mean, wFace!.Mean], 1); // [4, D], or [4, D + 2 P]
        (long row, long rows) = kind == BoundKind.Mopoe ? (1, 1) : (0, 4); // of MoPoE's mixture the face has row 1
        Tensor decoded = model.Decode(Point(u)).narrow(0, row, rows); // of the conditional bound's face, the voice from it
        Tensor ofFaces = isConditional ? model.Decode(Point(qVoice.Mean)) : decoded;
        Tensor faces = Likelihood.Mean(LikelihoodKind.Bernoulli, ofFaces.narrow(1, 0, table.FaceLength));
        Assert.True((faces - batch.Face!.narrow(0, row, rows)).abs().max().item<float>() < 0.5f, "a feature is on the wrong side");
        Tensor voices = decoded.narrow(1, table.FaceLength, table.VoiceLength);
        Assert.True((voices - batch.Voice!.narrow(0, row, rows)).abs().mean().item<float>() < 0.25f, "the voices are not learnt");

        double Step(int noise)
        {
            using var step = NewDisposeScope();
            optimiser.ZeroGradients();
            Tensor loss = Objective.Evaluate(model, batch, options, 1e-3, TrainingNoise.ForEpoch(1, noise, CPU), dropout: false).Total;
            loss.backward();
            optimiser.Step();
            return loss.item<float>();
        }
    }

    [Fact]
    public void Evaluate_MsVae_ReconstructionIsTheMeanErrorOverFaceAndVoiceFeatures()
    {
        using var scope = NewDisposeScope();
        FeatureTable table = Binary(Synthetic.Table(4, 1));
        using var model = new MultimodalVae(Synthetic.Recipe().Model, table.VoiceLength, table.FaceLength, seed: 3);
        var standardised = new StandardisedTable(
            table, table.ComputeStatistics(Modality.Voice, out _), FeatureStatistics.Identity(table.FaceLength, 4));
        PairBatch batch = standardised.Gather([.. PairSampler.Own(table)], CPU);
        var options = new ObjectiveOptions { VoiceLikelihood = LikelihoodKind.Laplace, FaceLikelihood = LikelihoodKind.Bernoulli };

        float[] terms = Objective.Evaluate(model, batch, options, 0.1, TrainingNoise.ForEpoch(1, 1, CPU), dropout: false)
            .Terms.data<float>().ToArray();

        GaussianPosterior q = model.Encode(Modality.Voice, batch.Voice!);
        float[] decoded = model.Decode(q.Sample(TrainingNoise.ForEpoch(1, 1, CPU).Gaussian(4, 8))).data<float>().ToArray();
        float[] faces = batch.Face!.data<float>().ToArray(), voices = batch.Voice!.data<float>().ToArray();
        (int ff, int fv) = (table.FaceLength, table.VoiceLength);
        double sum = 0;
        for (int row = 0; row < 4; row++)
        {
            for (int i = 0; i < ff; i++)
            {
                double p = 1 / (1 + Math.Exp(-decoded[(row * (ff + fv)) + i]));
                sum -= Math.Log(faces[(row * ff) + i] == 1f ? p : 1 - p);
            }

            for (int i = 0; i < fv; i++)
            {
                sum += 2 * Math.Abs(decoded[(row * (ff + fv)) + ff + i] - voices[(row * fv) + i]);
            }
        }

        Assert.Equal(sum / (4 * (ff + fv)), terms[LossTerms.VoiceEncoder + LossTerms.Reconstruction], 1e-5);
    }

    [Fact]
    public void Run_BernoulliFaces_TrainAndGiveProbabilities()
    {
        using var folder = new TemporaryFolder();
        Recipe recipe = Bernoulli();
        var settings = new TrainerOptions { Device = "cpu", Threads = 1, StopOnCollapse = false };

        TrainingResult result = new Trainer(recipe, settings).Run(
            Binary(Synthetic.Table(20, 2)), Binary(Synthetic.Table(6, 2, seed: 2, prefix: "v")), folder["run"]);

        Assert.True(result.Log[^1].Train.TotalLoss < result.Log[0].Train.TotalLoss);
        using TrainedModel model = TrainedModel.Load(folder["run"]);
        (float[] face, float[] voice) = model.Decode([.. Enumerable.Range(0, 8).Select(i => 2f * (i - 4))], 1);
        Assert.All(face, probability => Assert.InRange(probability, 0f, 1f));
        Assert.Contains(voice, value => value is < 0f or > 1f); // the voice's are in its own units
        Assert.True(model.ToWeights().Decoder is { FaceIsLogit: true, VoiceIsLogit: false });
    }

    [Fact]
    public void Run_BernoulliOfOtherFeatures_IsRefusedBeforeAnythingIsWritten()
    {
        using var folder = new TemporaryFolder();
        var trainer = new Trainer(Bernoulli(), new TrainerOptions { Device = "cpu" });

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => trainer.Run(
            Synthetic.Table(20, 2), Binary(Synthetic.Table(6, 2, seed: 2, prefix: "v")), folder["run"]));

        Assert.True(UserError.IsMarked(e));
        Assert.Matches(
            @"^Clip 'p000/0': face feature \d+ is -?[\d.]+; a Bernoulli likelihood \('objective.face_likelihood'\) needs features in "
            + @"\[0, 1\]\.$",
            e.Message);
        Assert.False(Directory.Exists(folder["run"]));
    }

    [Fact]
    public void Validate_BernoulliOfNormalisedFeatures_IsRefused()
    {
        Recipe recipe = Bernoulli();

        recipe.Validate();
        Assert.Equal(
            "'Objective.FaceLikelihood' is Bernoulli, which needs features in [0, 1]; 'Face.Normalisation' must be None, without "
            + "'Face.Encoder'.",
            Refusal(recipe with { Face = new FaceOptions() }));
        Assert.Equal(
            "'Objective.VoiceLikelihood' is Bernoulli, which needs features in [0, 1]; 'Voice.Normalisation' must be None, without "
            + "'Voice.Encoder'.",
            Refusal(recipe with { Objective = recipe.Objective with { VoiceLikelihood = LikelihoodKind.Bernoulli } }));
        Assert.Equal(
            "Section 'objective': 'VoiceLikelihood' is Laplace and 'FaceLikelihood' Gaussian, and 'Bound' None has no decoder.",
            Refusal(recipe with { Objective = new ObjectiveOptions { Bound = BoundKind.None, VoiceLikelihood = LikelihoodKind.Laplace } }));

        static string Refusal(Recipe recipe) => Assert.Throws<ArgumentException>(recipe.Validate).Message;
    }

    private static Recipe Bernoulli() => Synthetic.Recipe() with
    {
        Face = new FaceOptions { Normalisation = FaceNormalisation.None },
        Objective = Synthetic.Recipe().Objective with { FaceLikelihood = LikelihoodKind.Bernoulli },
    };

    // Faces of black and white.
    private static FeatureTable Binary(FeatureTable table) => new()
    {
        Clips = table.Clips,
        Voice = table.Voice,
        Face = [.. table.Face.Select(value => value > 3f ? 1f : 0f)],
        VoiceLength = table.VoiceLength,
        FaceLength = table.FaceLength,
    };
}
