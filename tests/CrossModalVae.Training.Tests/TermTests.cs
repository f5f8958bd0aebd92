using CrossModalVae.Features;
using CrossModalVae.Recipes;
using CrossModalVae.Recipes.Terms;
using CrossModalVae.Training.Terms;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Tests;

/// <summary>
/// What every term owes: a gradient that equals the numeric one, none for a modality that is not there, a batch of four that overfits, one
/// sentence where the corpus lacks what it needs. A new term is a line of <see cref="Terms"/>.
/// </summary>
public class TermTests
{
    private const int D = 6;

    // Three classes for the first three clips of twelve people.
    private static readonly string Teacher = TeacherLogitsFile.Write(
        Path.Combine(AppContext.BaseDirectory, "teacher-logits.jsonl"), [.. Synthetic.Table(12, 3).Clips], 3);

    /// <summary>Every term, and whether it has a value on a batch of voices alone.</summary>
    public static TheoryData<TermOptions, bool> Terms => new()
    {
        { new SupervisedInfoNceOptions { Temperature = 0.5 }, false },
        { new SupervisedInfoNceOptions { Temperature = 0.5, WithinModality = true }, true },
        { new IdentityOptions(), true },
        { new IdentityOptions { Shared = false }, true },
        { new IdentityOptions { Head = ClassifierHead.AmSoftmax, Scale = 4 }, true },
        { new IdentityOptions { Head = ClassifierHead.AamSoftmax, Scale = 4 }, true },
        { new AttributeOptions(), true },
        { new AttributeOptions { Attribute = PersonTrait.Age, Shared = false }, true },
        { new AttributeOptions { Attribute = PersonTrait.Nationality }, true },
        { new PinsOptions { Margin = 1.8 }, false },
        { new TripletOptions { Margin = 0.5 }, false },
        { new PrototypicalOptions(), false },
        { new PrototypicalOptions { Score = PrototypeScore.SquaredDistance }, false },
        { new Ge2eOptions(), true },
        { new OrthogonalOptions(), true },
        { new SlicedWassersteinOptions { Projections = 7 }, false },
        { new MmdOptions(), false },
        { new MmdOptions { Target = MmdTarget.Prior }, true },
        { new CmpcOptions { Temperature = 0.2, Clusters = [2, 3], WarmUpEpochs = 0 }, false },
        { new DistillationOptions { Logits = Teacher }, true },
        { new DistillationOptions { Logits = Teacher, Shared = false, Temperature = 1 }, true },
        { new CmpcOptions { Temperature = 0.2, Clusters = [4], WarmUpEpochs = 0, Recalibrated = false }, false },
    };

    [Fact]
    public void Terms_AreAllKinds() => Assert.Equal(
        typeof(TermOptions).GetCustomAttributes(inherit: false)
            .OfType<System.Text.Json.Serialization.JsonDerivedTypeAttribute>().Select(kind => kind.DerivedType).ToHashSet(),
        Terms.Select(row => row[0].GetType()).ToHashSet());

    [Theory]
    [MemberData(nameof(Terms))]
    public void Evaluate_Gradient_EqualsNumericOne(TermOptions options, bool _)
    {
        if (options is CmpcOptions { Recalibrated: true })
        {
            return; // the weights of pairs move with them and are constants all the same: the next test
        }

        FeatureTable table = People(3, 2);
        using TermSet set = Create(options, table);
        set.to(ScalarType.Float64);

        GradientCheck.Run(
            p => Value(set, p[0], p[1], table),
            GradientCheck.Random("voice", table.Count, D),
            GradientCheck.Random("face", table.Count, D));
    }

    [Theory]
    [MemberData(nameof(Terms))]
    public void Evaluate_VoicesAlone_NeedNoFace(TermOptions options, bool hasValue)
    {
        using var scope = NewDisposeScope();
        FeatureTable table = People(3, 2);
        using TermSet set = Create(options, table);
        Tensor voice = Means("voice", table.Count);

        TermValue? value = set.Terms[0].Evaluate(new TermBatch(new TermRows(voice, voice, table.Clips), null, 0, Noise()));

        Assert.Equal(hasValue, value is not null);
        value?.Value.backward();
        Assert.Equal(hasValue, voice.grad is not null);
    }

    [Theory]
    [MemberData(nameof(Terms))]
    public void Evaluate_AFaceWithoutVoice_HasFiniteGradients(TermOptions options, bool _)
    {
        using var scope = NewDisposeScope();
        FeatureTable table = People(3, 2);
        using TermSet set = Create(options, table);
        Tensor voice = Means("voice", table.Count - 1), face = Means("face", table.Count);

        var voices = new TermRows(voice, voice, [.. table.Clips.SkipLast(1)]);
        var faces = new TermRows(face, face, table.Clips);

        TermValue value = set.Terms[0].Evaluate(new TermBatch(voices, faces, voices.Count, Noise()))!.Value;
        value.Value.backward();

        Assert.All(face.grad!.data<float>().ToArray(), g => Assert.True(float.IsFinite(g)));
        Assert.True(float.IsFinite(value.Value.item<float>()));
    }

    [Theory]
    [MemberData(nameof(Terms))]
    public void Adam_BatchOfFour_Overfits(TermOptions options, bool _)
    {
        using var scope = NewDisposeScope();
        FeatureTable table = People(4, 1);
        using TermSet set = Create(options, table);
        Parameter voice = new(Means("voice", 4).detach()), face = new(Means("face", 4).detach());
        using var optimiser = new AdamOptimiser([.. set.Weights, ("voice", voice), ("face", face)], learningRate: 0.05, weightDecay: 0.0);
        double first = Step();
        for (int i = 0; i < 300; i++)
        {
            Step();
        }

        double last = Step();

        Assert.True(last < Least(options) + (0.1 * (first - Least(options))), $"from {first} to {last}");

        double Step()
        {
            using var step = NewDisposeScope();
            optimiser.ZeroGradients();
            Tensor loss = Value(set, voice, face, table);
            loss.backward();
            optimiser.Step();
            return loss.item<float>();
        }
    }

    public static TheoryData<TermOptions> TellingPeopleApart => [.. Terms
        .Select(row => (TermOptions)row[0])
        .Where(term => term is not (AttributeOptions or DistillationOptions or SlicedWassersteinOptions or MmdOptions or IdentityOptions))
        .Select(term => term is PinsOptions ? new PinsOptions() : term)];

    /// <summary>
    /// Untrained networks put all inputs near one point of the sphere. From there, with the hardest negatives of a term's curriculum, what
    /// the modalities have in common must still be found, for people who were not trained on.
    /// </summary>
    [Theory]
    [MemberData(nameof(TellingPeopleApart))]
    public void Adam_CollapsedStart_LearnsToMatchUnseenPeople(TermOptions options)
    {
        using var scope = NewDisposeScope();
        FeatureTable people = People(400, 1);
        FeatureTable[] parts = [.. people.Clips.Chunk(80).Select(part => people.Where(part.ToHashSet().Contains))];
        using TermSet set = Create(options, people);
        (Tensor x, Tensor y) = WeaklyRelated(600, 8);
        Tensor first = tensor([1f, 0f, 0f, 0f, 0f, 0f]);
        (Parameter voice, Parameter face) = (Small("voice"), Small("face"));
        using var optimiser = new AdamOptimiser([.. set.Weights, ("voice", voice), ("face", face)], learningRate: 0.02, weightDecay: 0.0);
        for (int i = 0; i < 250; i++)
        {
            if (i % 50 == 0)
            {
                set.Terms[0].StartEpoch(100 + i, All);
            }

            using var step = NewDisposeScope();
            optimiser.ZeroGradients();
            int part = i % parts.Length;
            Value(set, Embedded(x, voice, 80 * part, 80), Embedded(y, face, 80 * part, 80), parts[part]).backward();
            optimiser.Step();
        }

        Tensor similarity = Contrast.UnitLength(Embedded(x, voice, 400, 200)).mm(Contrast.UnitLength(Embedded(y, face, 400, 200)).t());
        float[] scores = similarity.ToFloats();
        double auc = Enumerable.Range(0, 200).Average(i => Enumerable.Range(0, 200).Average(j =>
            i == j ? 0.5 : scores[201 * i] > scores[(200 * i) + j] ? 1.0 : scores[201 * i] == scores[(200 * i) + j] ? 0.5 : 0.0));
        Assert.True(auc > 0.6, $"{auc}");

        TermRows All(Modality modality)
        {
            Tensor mean = (modality == Modality.Voice ? Embedded(x, voice, 0, 400) : Embedded(y, face, 0, 400)).detach();
            return new TermRows(mean, mean, people.Clips);
        }

        Tensor Embedded(Tensor features, Parameter map, int row, int count) => features.narrow(0, row, count).mm(map).Plus(first);

        static Parameter Small(string name) =>
            new(tensor([.. GradientCheck.Random(name, 8, D).Values.Select(value => 0.01f * (float)value)], [8, D]));

        // The first feature has a correlation of 0.6 in both, the others have none.
        static (Tensor, Tensor) WeaklyRelated(int rows, int columns)
        {
            double[] common = GradientCheck.Random("common", rows).Values;
            return (Of("x"), Of("y"));

            Tensor Of(string name) => tensor(
                [
                    .. GradientCheck.Random(name, rows, columns).Values.Index().Select(entry => (float)(entry.Index % columns > 0
                        ? entry.Item
                        : (Math.Sqrt(0.4) * entry.Item) + (Math.Sqrt(0.6) * common[entry.Index / columns]))),
                ],
                [rows, columns]);
        }
    }

    [Theory]
    [MemberData(nameof(Terms))]
    public void Train_OnARecipeOfTheTermAlone_LogsItByNameAndResumesToTheSameBits(TermOptions options, bool _)
    {
        using var folder = new TemporaryFolder();
        Recipe recipe = Synthetic.Recipe(3, PairSampling.Clips) with
        {
            Objective = new ObjectiveOptions
            {
                Bound = BoundKind.None,
                Alignment = AlignmentKind.None,
                Terms = [options with { Weight = 0.7 }],
            },
        };
        FeatureTable train = People(12, 3), validation = People(6, 2, "v");
        var settings = new TrainerOptions { Device = "cpu", Threads = 1 };

        TrainingResult whole = new Trainer(recipe, settings).Run(train, validation, folder["whole"]);
        new Trainer(recipe, settings with { Epochs = 2 }).Run(train, validation, folder["parts"]);
        TrainingResult parts = new Trainer(recipe, settings with { Resume = true }).Run(train, validation, folder["parts"]);

        Assert.All(whole.Log, line => Assert.Equal(0.7 * line.Train.Terms![options.Kind]!.Value, line.Train.TotalLoss, 1e-4));
        Assert.True(whole.Log[^1].Train.TotalLoss < whole.Log[0].Train.TotalLoss);
        Assert.All(whole.Log, line => Assert.Null(line.Train.FromVoice.Kl));
        Assert.Equal(whole.Log.Select(line => line.Train.TotalLoss), parts.Log.Select(line => line.Train.TotalLoss));
        Assert.Equal(File.ReadAllBytes(folder["whole/weights.safetensors"]), File.ReadAllBytes(folder["parts/weights.safetensors"]));
        using TrainedModel model = TrainedModel.Load(folder["whole"]);
        Assert.All(model.Encode(Modality.Voice, train.Voice, train.Count).LogVariance, value => Assert.Equal(0f, value));
    }

    [Theory]
    [InlineData("gender", "Term 'attribute' needs clips of at least two values of 'gender' in the manifest; the training split has 0.")]
    [InlineData("age", "Term 'attribute' needs clips of at least two values of 'age' in the manifest; the training split has 0.")]
    [InlineData(
        "nationality", "Term 'attribute' needs clips of at least two values of 'nationality' in the manifest; the training split has 0.")]
    [InlineData("batch", "Term 'supervised-info-nce' needs two people in a batch; 'batch_size' is 1.")]
    [InlineData("pairs", "Term 'supervised-info-nce' needs 2 people with a voice and a face; the training split has 1.")]
    [InlineData("selection", "Terms of training identities alone have no validation loss; choose 'selection' \"validation-auc\".")]
    public void Run_CorpusLacksWhatATermNeeds_SaysSoBeforeAnythingIsWritten(string fault, string expected)
    {
        using var folder = new TemporaryFolder();
        FeatureTable train = Synthetic.Table(6, 2);
        TermOptions term = fault switch
        {
            "gender" => new AttributeOptions(),
            "age" => new AttributeOptions { Attribute = PersonTrait.Age },
            "nationality" => new AttributeOptions { Attribute = PersonTrait.Nationality },
            "selection" => new IdentityOptions(),
            _ => new SupervisedInfoNceOptions(),
        };
        Recipe recipe = Synthetic.Recipe() with { Objective = new ObjectiveOptions { Bound = BoundKind.None, Terms = [term] } };
        recipe = fault switch
        {
            "batch" => recipe with { Training = recipe.Training with { BatchSize = 1 } },
            "selection" => recipe with { Training = recipe.Training with { Selection = SelectionCriterion.ValidationLoss } },
            _ => recipe,
        };
        train = fault == "pairs" ? Synthetic.Without(train, voice: row => row < 2, face: row => row >= 4) : train;

        Exception e = Assert.Throws<InvalidDataException>(() => new Trainer(recipe, new TrainerOptions { Device = "cpu" })
            .Run(train, Synthetic.Table(4, 2, seed: 2, prefix: "v"), folder["run"]));

        Assert.Equal(expected, e.Message);
        Assert.False(Path.Exists(folder["run"]));
    }

    [Fact]
    public void Run_OptionalTermThatTheCorpusLacks_TrainsWithoutItAndSaysSo()
    {
        using var folder = new TemporaryFolder();
        Recipe recipe = Synthetic.Recipe(epochs: 1) with
        {
            Objective = new ObjectiveOptions { Terms = [new AttributeOptions { Optional = true }, new SupervisedInfoNceOptions()] },
        };

        TrainingResult result = new Trainer(recipe, new TrainerOptions { Device = "cpu", StopOnCollapse = false })
            .Run(Synthetic.Table(6, 2), Synthetic.Table(4, 2, seed: 2, prefix: "v"), folder["run"]);

        Assert.Equal(["supervised-info-nce"], result.Best.Train.Terms!.Keys);
        Assert.Contains(
            "An optional term was left out. Term 'attribute' needs clips of at least two values of 'gender' in the manifest; "
            + "the training split has 0.",
            RunSummary.Read(folder["run/metrics.json"]).Notes);
    }

    [Fact]
    public void SupervisedInfoNce_OneClipAPerson_IsSymmetricInfoNce()
    {
        using var scope = NewDisposeScope();
        FeatureTable table = People(4, 1);
        using TermSet set = Create(new SupervisedInfoNceOptions { Temperature = 0.3 }, table);
        Tensor voice = Means("voice", 4), face = Means("face", 4);

        double value = Value(set, voice, face, table).item<float>();

        Assert.Equal(Contrast.SymmetricInfoNce(voice, face, 0.3, [0, 1, 2, 3]).item<float>(), value, 1e-5);
    }

    // What the loss cannot fall below on four people.
    private static double Least(TermOptions options) => options switch
    {
        SupervisedInfoNceOptions { WithinModality: true } own => Math.Log(1 + (6 * Math.Exp((-1.0 / 3 - 1) / own.Temperature))),
        SupervisedInfoNceOptions own => Math.Log(1 + (3 * Math.Exp((-1.0 / 3 - 1) / own.Temperature))),
        IdentityOptions { Head: ClassifierHead.AmSoftmax } own =>
            Math.Log(1 + (3 * Math.Exp(own.Scale * ((-1.0 / 3) - 1 + own.Margin)))),
        IdentityOptions { Head: ClassifierHead.AamSoftmax } own =>
            Math.Log(1 + (3 * Math.Exp(own.Scale * ((-1.0 / 3) - Math.Cos(own.Margin))))),
        _ => 0.0,
    };

    private static TermSet Create(TermOptions options, FeatureTable table)
    {
        TermSet set = TermSet.Create(
            Synthetic.Recipe() with
            {
                Model = Synthetic.Recipe().Model with { LatentDimension = D },
                Objective = new ObjectiveOptions { Terms = [options] },
            },
            table,
            CPU);
        set.Terms[0].StartEpoch(1, modality => Rows(modality, table));
        return set;
    }

    // What an encoder would give of all training clips.
    private static TermRows Rows(Modality modality, FeatureTable table)
    {
        Tensor mean = Means($"train {modality}", table.Count).detach();
        return new TermRows(mean, mean, table.Clips);
    }

    private static Tensor Value(TermSet set, Tensor voice, Tensor face, FeatureTable table) => set.Terms[0].Evaluate(new TermBatch(
        new TermRows(voice, voice, table.Clips), new TermRows(face, face, table.Clips), table.Count, Noise()))!.Value.Value;

    private static Tensor Means(string name, int count)
    {
        (double[] values, long[] shape) = GradientCheck.Random(name, count, D);
        return tensor([.. values.Select(value => (float)value)], shape, requires_grad: true);
    }

    private static TrainingNoise Noise() => TrainingNoise.ForEpoch(1, 1, CPU);

    // Every second person is a man; ages are 20, 30, ...
    private static FeatureTable People(int identities, int clips, string prefix = "p")
    {
        FeatureTable table = Synthetic.Table(identities, clips, seed: prefix == "p" ? 1 : 2, prefix: prefix);
        return new FeatureTable
        {
            Clips =
            [
                .. table.Clips.Select(clip =>
                {
                    int number = int.Parse(clip.Identity[prefix.Length..], System.Globalization.CultureInfo.InvariantCulture);
                    return clip with { Gender = number % 2 == 0 ? "m" : "f", Age = 20 + (10 * number), Nationality = $"{number % 3}" };
                }),
            ],
            Voice = table.Voice,
            Face = table.Face,
            VoiceLength = table.VoiceLength,
            FaceLength = table.FaceLength,
        };
    }
}
