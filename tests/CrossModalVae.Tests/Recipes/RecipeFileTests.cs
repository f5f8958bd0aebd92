using System.Text.Json.Nodes;
using CrossModalVae.Audio;
using CrossModalVae.Augmentation;
using CrossModalVae.Clusters;
using CrossModalVae.Faces;
using CrossModalVae.Files;
using CrossModalVae.Numerics;
using CrossModalVae.Recipes;
using CrossModalVae.Recipes.Terms;
using CrossModalVae.Retrieval;
using CrossModalVae.Tests.Files;

namespace CrossModalVae.Tests.Recipes;

public sealed class RecipeFileTests : IDisposable
{
    private const string Bare = """{"schema":"crossmodalvae/recipe/1","name":"bare"}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Parse_NothingButAName_HasEveryDefault()
    {
        Recipe recipe = RecipeReader.Parse(Bare);

        Assert.Equal(RecipeWriter.Text(new Recipe { Name = "bare" }), RecipeWriter.Text(recipe));
        Assert.Null(recipe.Clustering.Eps);
        Assert.Null(recipe.Statistics);
        Assert.Null(recipe.Augmentation);
        Assert.DoesNotContain("augmentation", RecipeWriter.Text(recipe), StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_EmptyAugmentation_HasItsDefaultsAndTheSchemasAreTheSame()
    {
        JsonNode definitions = SchemaSamples.Load(FileSchema.Recipe)["$defs"]!;
        JsonObject Spelt(string section) => new(definitions[section]!["properties"]!.AsObject()
            .Where(property => property.Value!["default"] is not null)
            .Select(property => KeyValuePair.Create(property.Key, property.Value!["default"]?.DeepClone())));
        JsonObject spelt = JsonNode.Parse(Bare)!.AsObject();
        spelt["augmentation"] = Spelt("augmentation");
        spelt["augmentation"]!["voice"] = Spelt("voice_augmentation");
        spelt["augmentation"]!["face"] = Spelt("face_augmentation");

        Recipe empty = RecipeReader.Parse(Bare[..^1] + ""","augmentation":{}}""");

        Assert.Equal(new AugmentationOptions(), empty.Augmentation);
        Assert.Equal(new AugmentationOptions(), RecipeReader.Parse(spelt.ToJsonString()).Augmentation);
        JsonObject written = RecipeWriter.ToJson(empty)["augmentation"]!.AsObject();
        foreach ((string section, JsonObject fields) in new[]
        {
            ("augmentation", written),
            ("voice_augmentation", written["voice"]!.AsObject()),
            ("face_augmentation", written["face"]!.AsObject()),
        })
        {
            Assert.Equal(
                definitions[section]!["properties"]!.AsObject().Select(property => property.Key), fields.Select(property => property.Key));
        }

        Assert.Equal(
            EnumText.All<EffectCombination>(),
            definitions["voice_augmentation"]!["properties"]!["combine"]!["enum"]!.AsArray().Select(value => value!.GetValue<string>()));
    }

    [Fact]
    public void Hash_RecipeWithoutAugmentation_IsWhatItWasBeforeThereWasAny()
    {
        // Of the shipped demo recipe, by the version before the section existed.
        string path = Path.GetFullPath(Path.Combine(Fixtures.Grid, "..", "..", "..", "onnx", "demo", "card.json"));
        JsonNode card = JsonNode.Parse(File.ReadAllText(path))!;

        Assert.Equal((string)card["recipe_hash"]!, RecipeHash.Compute(RecipeReader.Parse(card["recipe"]!.ToJsonString())));
    }

    [Fact]
    public void Read_WhatWriteWrote_IsTheSameRecipe()
    {
        Recipe full = Full();
        TermOptions[] terms = [new SupervisedInfoNceOptions { WithinModality = true }, new IdentityOptions { Weight = 0.5, Margin = 0.3 }];
        Recipe recipe = full with { Objective = full.Objective with { Bound = BoundKind.None, Terms = terms } };
        string path = _folder["recipe.json"];

        RecipeWriter.Write(path, recipe);
        Recipe back = RecipeReader.Read(path);

        Assert.Equal(recipe.Voice, back.Voice);
        Assert.Equal(recipe.Face, back.Face);
        Assert.Equal(recipe.Objective with { Terms = [] }, back.Objective with { Terms = [] });
        Assert.Equal(recipe.Objective.Terms, back.Objective.Terms);
        Assert.Equal(recipe.Training, back.Training);
        Assert.Equal(recipe.Augmentation, back.Augmentation);
        Assert.Equal(recipe.Scoring, back.Scoring);
        Assert.Equal(recipe.Clustering, back.Clustering);
        Assert.Equal(recipe.Ranking, back.Ranking);
        Assert.Equal(recipe.Model.VoiceHidden, back.Model.VoiceHidden);
        Assert.Equal(recipe.Model.Dropout, back.Model.Dropout);
        Assert.Equal(recipe.Statistics!.Voice.Mean, back.Statistics!.Voice.Mean);
        Assert.Equal(recipe.Statistics.Face.StandardDeviation, back.Statistics.Face.StandardDeviation);
        Assert.Equal(File.ReadAllText(path), RecipeWriter.Text(back));
    }

    [Theory]
    [InlineData(
        """{ "term": "identity", "margins": 0.1 }""",
        "line 1: 'objective.terms[0].margins' is not a known field; did you mean 'margin'?")]
    [InlineData(
        """{ "term": "identiti" }""",
        "line 1: 'objective.terms[0].term' is \"identiti\"; expected one of \"supervised-info-nce\", \"identity\", ")]
    [InlineData("""{ "weight": 1 }""", "line 1: 'objective.terms[0].term' is missing; expected one of \"supervised-info-nce\", ")]
    [InlineData(
        """{ "term": "supervised-info-nce", "temperature": 0 }""",
        "line 1: 'objective.terms[0].temperature' is 0; expected a number above 0.")]
    [InlineData("""{ "term": "identity", "weight": 0 }""", "line 1: 'objective.terms[0].weight' is 0; expected a number above 0.")]
    [InlineData("3", "line 1: 'objective.terms[0]' is 3; expected an object")]
    public void Parse_TermWithAFault_SaysWhichAndWhatIsExpected(string term, string expected)
    {
        var error = Assert.Throws<InvalidDataException>(() => RecipeReader.Parse(
            $$$"""{"schema":"crossmodalvae/recipe/1","name":"x","objective":{"terms":[{{{term}}}]}}"""));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Hash_OfARecipeWithoutTerms_IsThatOfBeforeTheyWereKnown()
    {
        string text = RecipeWriter.Text(RecipeReader.Parse(Bare));

        Assert.DoesNotContain("\"terms\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"bound\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Schema_Defaults_AreTheRecords()
    {
        JsonObject schema = SchemaSamples.Load(FileSchema.Recipe);
        JsonObject spelt = JsonNode.Parse(Bare)!.AsObject();
        foreach (string section in new[] { "voice", "face", "model", "objective", "training", "scoring", "clustering", "ranking" })
        {
            spelt[section] = new JsonObject(schema["$defs"]![section]!["properties"]!.AsObject()
                .Where(property => property.Value!["default"] is not null)
                .Select(property => KeyValuePair.Create(property.Key, property.Value!["default"]?.DeepClone())));
        }

        Assert.Equal(RecipeWriter.Text(RecipeReader.Parse(Bare)), RecipeWriter.Text(RecipeReader.Parse(spelt.ToJsonString())));
    }

    [Theory]
    [InlineData("report")]
    [InlineData("voxceleb-scipy")]
    [InlineData("vgg-matlab")]
    [InlineData("kaldi-fbank")]
    [InlineData("log-mel-64")]
    [InlineData("log-mel-80")]
    public void Parse_Preset_IsItsOptionsUnderTheOtherFields(string name)
    {
        Recipe plain = RecipeReader.Parse($$$"""{"schema":"crossmodalvae/recipe/1","name":"x","voice":{"preset":"{{{name}}}"}}""");
        Recipe changed = RecipeReader.Parse(
            $$$"""{"schema":"crossmodalvae/recipe/1","name":"x","voice":{"pooling":"none","hop_s":0.02,"preset":"{{{name}}}","""
            + """ "normalisation":"clip-over-time-unbiased"}}""");

        Assert.Equal(VoicePresets.Get(name), plain.Voice);
        Assert.Equal(
            VoicePresets.Get(name) with
            {
                Pooling = TimePooling.None,
                HopSeconds = 0.02,
                Normalisation = FeatureNormalisation.ClipOverTimeUnbiased,
            },
            changed.Voice);
    }

    [Theory]
    [InlineData("report")]
    [InlineData("voxceleb-scipy")]
    [InlineData("vgg-matlab")]
    [InlineData("kaldi-fbank")]
    [InlineData("log-mel-64")]
    [InlineData("log-mel-80")]
    public void Write_Preset_SpellsItOutWithTheSameHash(string name)
    {
        Recipe named = RecipeReader.Parse($$$"""{"schema":"crossmodalvae/recipe/1","name":"x","voice":{"preset":"{{{name}}}"}}""");

        string text = RecipeWriter.Text(named);
        Recipe spelt = RecipeReader.Parse(text);

        Assert.DoesNotContain("preset", text, StringComparison.Ordinal);
        Assert.Equal(named.Voice, spelt.Voice);
        Assert.Equal(RecipeHash.Compute(named), RecipeHash.Compute(spelt));
        Assert.Equal(name == "report", RecipeHash.Compute(named) == RecipeHash.Compute(new Recipe { Name = "x" }));
    }

    [Fact]
    public void Write_OptionsAddedLater_AreLeftOutAtTheirDefaults()
    {
        // The hash of every model that was made before they came holds these fields and no others.
        JsonObject voice = RecipeWriter.ToJson(new Recipe { Name = "x" })["voice"]!.AsObject();

        Assert.Equal(
            [
                "sample_rate_hz", "duration_s", "crop", "short_clips", "remove_dc", "dither", "pre_emphasis", "window_s", "hop_s",
                "fft_length", "two_sided",
                "compression", "pooling", "normalisation",
            ],
            voice.Select(field => field.Key));
    }

    [Theory]
    [InlineData("""{"schema":"crossmodalvae/recipe/1","name":"x","voice":{"preset":"kaldi-fbanc"}}""",
        "'voice.preset' is \"kaldi-fbanc\"; expected one of \"report\", \"voxceleb-scipy\", \"vgg-matlab\", \"kaldi-fbank\", "
        + "\"log-mel-64\", \"log-mel-80\"; did you mean \"kaldi-fbank\"?")]
    [InlineData("""{"schema":"crossmodalvae/recipe/1","name":"x","voice":{"preset":"log-mel-80","log_floor":0}}""",
        "'voice.log_floor' is 0; expected a number above 0 and at most 1000000000.")]
    [InlineData("""{"schema":"crossmodalvae/recipe/1","name":"x","voice":{"hop_secs":0.01}}""",
        "'voice.hop_secs' is not a known field; did you mean 'hop_s'?")]
    [InlineData("""{"schema":"crossmodalvae/recipe/1","name":"x","objectiv":{}}""",
        "'objectiv' is not a known field; did you mean 'objective'?")]
    [InlineData("""{"schema":"crossmodalvae/recipe/1","name":"x","objective":{"alignment":"wasserstein"}}""",
        "'objective.alignment' is \"wasserstein\"; expected one of \"none\", \"sample-l2\", \"gaussian-wasserstein\".")]
    [InlineData("""{"schema":"crossmodalvae/recipe/1","name":"x","voice":{"pooling":"maen"}}""",
        "'voice.pooling' is \"maen\"; expected one of \"none\", \"mean\", \"mean-and-deviation\"; did you mean \"mean\"?")]
    [InlineData("""{"schema":"crossmodalvae/recipe/1","name":"x","training":{"epochs":0}}""",
        "'training.epochs' is 0; expected a whole number of at least 1.")]
    [InlineData("""{"schema":"crossmodalvae/recipe/1","name":"x","training":{"epochs":2.5}}""",
        "'training.epochs' is 2.5; expected a whole number of at least 1.")]
    [InlineData("""{"schema":"crossmodalvae/recipe/1","name":"x","training":{"epochs":3000000000}}""",
        "'training.epochs' is 3000000000; expected a whole number of 32 bits.")]
    [InlineData("""{"schema":"crossmodalvae/recipe/1","name":"x","training":{"seed":1.5}}""",
        "'training.seed' is 1.5; expected a whole number from -9007199254740991 to 9007199254740991.")]
    [InlineData("""{"schema":"crossmodalvae/recipe/1","name":"x","voice":{"remove_dc":1}}""",
        "'voice.remove_dc' is 1; expected true or false.")]
    [InlineData(
        """
        {"schema":"crossmodalvae/recipe/1","name":"x","statistics":{"voice":{"mean":[0],"standard_deviation":[1e39],"clip_count":3},
         "face":{"mean":[0],"standard_deviation":[1],"clip_count":3}}}
        """,
        "'statistics.voice.standard_deviation[0]' is 1e39; expected a number that a float can hold.")]
    [InlineData("""{"schema":"crossmodalvae/recipe/1","name":"x","model":{"dropout":1}}""",
        "'model.dropout' is 1; expected a number of at least 0 and below 1.")]
    [InlineData("""{"schema":"crossmodalvae/recipe/1","name":"x","model":{"voice_hidden":[512,0]}}""",
        "'model.voice_hidden[1]' is 0; expected a whole number of at least 1.")]
    [InlineData("""{"schema":"crossmodalvae/recipe/1","name":"x","clustering":{"eps":0}}""",
        "'clustering.eps' is 0; expected a number above 0 or \"auto\".")]
    [InlineData("""{"schema":"crossmodalvae/recipe/1","name":"x","clustering":{"eps":"knee"}}""",
        "'clustering.eps' is \"knee\"; expected a number above 0 or \"auto\".")]
    [InlineData("""{"schema":"crossmodalvae/recipe/1","name":"x","augmentation":{"voice":{"noise_probabilty":3}}}""",
        "'augmentation.voice.noise_probabilty' is not a known field; did you mean 'noise_probability'?")]
    [InlineData("""{"schema":"crossmodalvae/recipe/1","name":"x","augmentation":{"voice":{"noise_snr_min_db":16}}}""",
        "Section 'augmentation': 'NoiseSnrMinDb' is 16 and 'NoiseSnrMaxDb' 15; the first must not be larger.")]
    [InlineData("""{"schema":"crossmodalvae/recipe/1","name":"x","augmentation":{"views":0}}""",
        "'augmentation.views' is 0; expected a whole number from 1 to 64.")]
    [InlineData("""{"schema":"crossmodalvae/recipe/2","name":"x"}""",
        "'schema' is \"crossmodalvae/recipe/2\"; expected \"crossmodalvae/recipe/1\".")]
    [InlineData("""{"name":"x"}""", "'schema' is missing; expected \"crossmodalvae/recipe/1\".")]
    [InlineData("""{"schema":"crossmodalvae/recipe/1","name":"a b"}""",
        "'name' is \"a b\"; expected a name of letters, digits, '-', '_' and '.'.")]
    [InlineData("""{"schema":"crossmodalvae/recipe/1","name":"x","statistics":{"voice":{"mean":[0],"standard_deviation":"""
        + """[1,2],"clip_count":3},"face":{"mean":[0],"standard_deviation":[1],"clip_count":3}}}""",
            "'statistics.voice.standard_deviation' is an array of 2 items; expected as many items as 'mean' has, 1.")]
    public void Read_BrokenRecipe_NamesFileLineFieldFoundAndExpected(string json, string message)
    {
        string path = _folder.Write("r.json", json);

        var e = Assert.Throws<InvalidDataException>(() => RecipeReader.Read(path));

        Assert.Equal($"{path}: line 1: {message}", e.Message);
    }

    [Fact]
    public void Read_RepositoryRecipes_AllFollowTheSchema()
    {
        string folder = Path.GetFullPath(Path.Combine(Fixtures.Grid, "..", "..", "..", "pipelines"));
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json") : [];

        Assert.All(files, file => Assert.Equal(Path.GetFileNameWithoutExtension(file), RecipeReader.Read(file).Name));
    }

    [Fact]
    public void Validate_FaultsInSeveralSections_AreAllReported()
    {
        Recipe recipe = new()
        {
            Name = "x",
            Scoring = new ScoringOptions { BatchSize = 0 },
            Clustering = new ClusteringOptions { Eps = -1, MinSamples = 0 },
            Ranking = new RankingOptions { Count = 0, Metric = (RankingMetric)7 },
        };

        var e = Assert.Throws<ArgumentException>(recipe.Validate);

        Assert.Equal(
            "Section 'scoring': 'BatchSize' is 0; must be >= 1. Section 'clustering': 'Eps' is -1; "
            + "must be > 0. 'MinSamples' is 0; must be >= 1. "
            + "Section 'ranking': 'Count' is 0; must be >= 1. 'Metric' is 7; must be one of Cosine, "
            + "InnerProduct, Euclidean, GaussianWasserstein, MsVae.",
            e.Message);
    }

    [Fact]
    public void Hash_SectionsThatShapeTheModel_AndNoOthers_ChangeIt()
    {
        Recipe recipe = Full();
        string hash = RecipeHash.Compute(recipe);

        Recipe[] others =
        [
            recipe with { Voice = recipe.Voice with { Dither = 0 } },
            recipe with { Face = recipe.Face with { Width = 24 } },
            recipe with { Face = recipe.Face with { FrameCount = 4 } },
            recipe with { Face = recipe.Face with { Decoding = FaceDecoding.Exact } },
            recipe with { Face = recipe.Face with { Normalisation = FaceNormalisation.None } },
            recipe with { Model = recipe.Model with { FaceHidden = [1] } },
            recipe with { Objective = recipe.Objective with { Beta = 0.2 } },
            recipe with { Training = recipe.Training with { Seed = 2 } },
            recipe with { Statistics = null },
            recipe with { Augmentation = null },
            recipe with { Augmentation = recipe.Augmentation! with { Views = 2 } },
        ];
        Recipe same = recipe with
        {
            Name = "other",
            Description = "other",
            Scoring = new ScoringOptions(),
            Clustering = new ClusteringOptions(),
            Ranking = new RankingOptions(),
        };

        Assert.All(others, other => Assert.NotEqual(hash, RecipeHash.Compute(other)));
        Assert.Equal(hash, RecipeHash.Compute(same));
        Assert.Equal(hash, RecipeHash.Compute(RecipeReader.Parse(RecipeWriter.Text(recipe))));
        Assert.Matches("^[0-9a-f]{64}$", hash);
    }

    [SkippableFact]
    public void Hash_FromTheFileAlone_IsWhatAnotherLanguageComputes()
    {
        Tool.Require(Python.Has("json"), "Python");
        Recipe recipe = new() { Name = "x" };
        string path = _folder["r.json"];
        RecipeWriter.Write(path, recipe);

        // Python spells 1e-6 and whole floats otherwise than ECMAScript; the defaults hold one such number.
        string hash = Python.Run(
            "import json, hashlib, sys; r = json.load(open(sys.argv[1])); "
            + "d = {k: r[k] for k in ('voice', 'face', 'model', 'objective', 'training', 'statistics') if k in r}; "
            + "print(hashlib.sha256(json.dumps(d, sort_keys=True, separators=(',', "
            + "':')).replace('1e-06', '0.000001').encode()).hexdigest())",
            path);

        Assert.Equal(hash, RecipeHash.Compute(recipe));
    }

    internal static Recipe Full() => new()
    {
        Name = "full",
        Description = "Every option away from its default.",
        Voice = new VoiceOptions
        {
            SampleRateHz = 8000,
            DurationSeconds = 1.25,
            Crop = VoiceCrop.Center,
            ShortClips = ShortClipPolicy.Refuse,
            RemoveDc = false,
            Dither = 1e-7,
            PreEmphasis = 0.5,
            WindowSeconds = 0.02,
            HopSeconds = 0.005,
            FftLength = 256,
            TwoSided = false,
            Compression = SpectrumCompression.Log,
            Pooling = TimePooling.MeanAndDeviation,
            SignalScale = 1,
            DitherShape = DitherShape.Triangular,
            PreEmphasisStage = PreEmphasisStage.Frame,
            PreEmphasisEdge = PreEmphasisEdge.Reflect,
            Framing = VoiceFraming.CenterReflect,
            RemoveFrameMean = true,
            Window = VoiceWindow.Povey,
            Spectrum = SpectrumKind.Power,
            SpectrumScale = 1.0 / 3,
            MelBins = 20,
            MelFilters = MelFilters.Slaney,
            MelLowHz = 20.5,
            MelHighHz = 3_900,
            LogFloor = 1e-6,
        },
        Face = new FaceOptions
        {
            Width = 32,
            Height = 48,
            Colour = FaceColour.Rgb,
            Frames = FramePooling.Sampled,
            FrameCount = 3,
            Decoding = FaceDecoding.Fast,
            Normalisation = FaceNormalisation.Clip,
        },
        Model = new ModelOptions
        {
            LatentDimension = 7,
            VoiceHidden = [3],
            FaceHidden = [],
            DecoderHidden = [5, 6],
            Activation = Activation.Tanh,
            Dropout = 0.25,
        },
        Objective = new ObjectiveOptions
        {
            Beta = 0.01,
            BetaWarmUpEpochs = 3,
            Alignment = AlignmentKind.SampleL2,
            AlignmentWeight = 2,
            ContrastWeight = 0.5,
            ContrastTemperature = 0.07,
        },
        Training = new TrainingOptions
        {
            Epochs = 3,
            PassesPerEpoch = 2,
            BatchSize = 32,
            LearningRate = 3e-4,
            WeightDecay = 1e-5,
            GradientClipNorm = 0,
            Seed = -5,
            ValidationShare = 0.2,
            Selection = SelectionCriterion.ValidationAuc,
            Sampling = PairSampling.Identities,
        },
        Augmentation = new AugmentationOptions
        {
            Views = 5,
            Seed = -3,
            Voice = new VoiceAugmentationOptions
            {
                Combine = EffectCombination.Each,
                NoiseProbability = 0.31,
                NoiseSnrMinDb = 1,
                NoiseSnrMaxDb = 2,
                MusicProbability = 0.32,
                MusicSnrMinDb = 3,
                MusicSnrMaxDb = 4,
                BabbleProbability = 0.33,
                BabbleSnrMinDb = 5,
                BabbleSnrMaxDb = 6,
                BabbleVoicesMin = 7,
                BabbleVoicesMax = 8,
                ReverberationProbability = 0.34,
                Rt60MinSeconds = 0.35,
                Rt60MaxSeconds = 0.36,
                DirectMinDb = 9,
                DirectMaxDb = 10,
                SpeedProbability = 0.37,
                SpeedMin = 0.8,
                SpeedMax = 1.2,
                GainProbability = 0.38,
                GainMinDb = 11,
                GainMaxDb = 12,
                SpecAugmentProbability = 0.39,
                TimeMasks = 13,
                TimeMaskShare = 0.4,
                FrequencyMasks = 14,
                FrequencyMaskShare = 0.41,
            },
            Face = new FaceAugmentationOptions
            {
                FlipProbability = 0.42,
                CropProbability = 0.43,
                CropShareMin = 0.44,
                BrightnessProbability = 0.45,
                Brightness = 0.46,
                ContrastProbability = 0.47,
                ContrastMin = 0.48,
                ContrastMax = 0.49,
                BlurProbability = 0.5,
                BlurMin = 0.01,
                BlurMax = 0.03,
                CutOutProbability = 0.51,
                CutOutAreaMin = 0.52,
                CutOutAreaMax = 0.53,
            },
        },
        Scoring = new ScoringOptions { BatchSize = 3, Joint = JointEmbedding.ProductOfExperts },
        Clustering = new ClusteringOptions { Eps = 0.3, MinSamples = 2, Metric = DistanceMetric.Euclidean },
        Ranking = new RankingOptions { Metric = RankingMetric.Euclidean, Count = 3 },
        Statistics = new RecipeStatistics(
            new FeatureStatistics([0.1f, -1e-8f, 16777216f], [1f, 1e-12f, 3.4e38f], 20), new FeatureStatistics([1f / 3], [0.5f], 21)),
    };
}
