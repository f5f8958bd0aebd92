using CrossModalVae.Audio;
using CrossModalVae.Clusters;
using CrossModalVae.Faces;
using CrossModalVae.Files;
using CrossModalVae.Numerics;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Recipes;

/// <summary>Reads a recipe, JSON by data-schemas/recipe.schema.json. What a recipe leaves out has its default; what it misspells is refused.</summary>
public static partial class RecipeReader
{
    /// <summary>Reads a recipe file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no recipe, misspells an option or gives it a value it cannot have; a line for every fault.</exception>
    public static Recipe Read(string path) => From(JsonFile.Read(path, FileSchema.Recipe));

    /// <summary>Reads a recipe from text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="place">What messages call it.</param>
    /// <exception cref="InvalidDataException">As for <see cref="Read"/>.</exception>
    public static Recipe Parse(string json, string place = "recipe") => From(JsonFile.Parse(json, place, FileSchema.Recipe));

    /// <summary>A recipe from a document that its schema has already accepted.</summary>
    /// <param name="source">The document, or the part of one that is a recipe.</param>
    /// <exception cref="InvalidDataException">Options contradict each other.</exception>
    internal static Recipe From(StrictJson source)
    {
        var recipe = new Recipe
        {
            Name = source["name"].AsString(),
            Description = source.Find("description")?.AsString() ?? "",
            Voice = Voice(new Section(source.Find("voice"))),
            Face = Face(new Section(source.Find("face"))),
            Model = Model(new Section(source.Find("model"))),
            Objective = Objective(new Section(source.Find("objective"))),
            Training = Training(new Section(source.Find("training"))),
            Augmentation = source.Find("augmentation") is StrictJson augmentation ? Augmentation(new Section(augmentation)) : null,
            Scoring = Scoring(new Section(source.Find("scoring"))),
            Clustering = Clustering(new Section(source.Find("clustering"))),
            Ranking = Ranking(new Section(source.Find("ranking"))),
            Statistics = source.Find("statistics") is StrictJson statistics
                ? new RecipeStatistics(Statistics(statistics["voice"]), Statistics(statistics["face"]))
                : null,
        };
        try
        {
            recipe.Validate();
        }
        catch (ArgumentException e) when (UserError.IsMarked(e))
        {
            throw new InvalidDataException($"{source.Place}: {e.Message}", e);
        }

        return recipe;
    }

    private static VoiceOptions Voice(Section s)
    {
        VoiceOptions d = s.Find("preset") is StrictJson preset ? VoicePresets.Get(preset.AsString()) : new VoiceOptions();
        return new VoiceOptions
        {
            SampleRateHz = s.Int32("sample_rate_hz", d.SampleRateHz),
            DurationSeconds = s.Double("duration_s", d.DurationSeconds),
            Crop = s.Enum("crop", d.Crop),
            ShortClips = s.Enum("short_clips", d.ShortClips),
            SignalScale = s.Double("signal_scale", d.SignalScale),
            RemoveDc = s.Boolean("remove_dc", d.RemoveDc),
            Dither = s.Double("dither", d.Dither),
            DitherShape = s.Enum("dither_shape", d.DitherShape),
            PreEmphasis = s.Double("pre_emphasis", d.PreEmphasis),
            PreEmphasisStage = s.Enum("pre_emphasis_stage", d.PreEmphasisStage),
            PreEmphasisEdge = s.Enum("pre_emphasis_edge", d.PreEmphasisEdge),
            Framing = s.Enum("framing", d.Framing),
            RemoveFrameMean = s.Boolean("remove_frame_mean", d.RemoveFrameMean),
            Window = s.Enum("window", d.Window),
            WindowSeconds = s.Double("window_s", d.WindowSeconds),
            HopSeconds = s.Double("hop_s", d.HopSeconds),
            FftLength = s.Int32("fft_length", d.FftLength),
            Spectrum = s.Enum("spectrum", d.Spectrum),
            SpectrumScale = s.Double("spectrum_scale", d.SpectrumScale),
            TwoSided = s.Boolean("two_sided", d.TwoSided),
            MelBins = s.Int32("mel_bins", d.MelBins),
            MelFilters = s.Enum("mel_filters", d.MelFilters),
            MelLowHz = s.Double("mel_low_hz", d.MelLowHz),
            MelHighHz = s.Double("mel_high_hz", d.MelHighHz),
            Compression = s.Enum("compression", d.Compression),
            LogFloor = s.Double("log_floor", d.LogFloor),
            Pooling = s.Enum("pooling", d.Pooling),
            Normalisation = s.Enum("normalisation", d.Normalisation),
        };
    }

    private static FaceOptions Face(Section s)
    {
        var d = new FaceOptions();
        return new FaceOptions
        {
            Width = s.Int32("width", d.Width),
            Height = s.Int32("height", d.Height),
            Colour = s.Enum("colour", d.Colour),
            Frames = s.Enum("frames", d.Frames),
            FrameCount = s.Int32("frame_count", d.FrameCount),
            Decoding = s.Enum("decoding", d.Decoding),
            Normalisation = s.Enum("normalisation", d.Normalisation),
        };
    }

    private static ModelOptions Model(Section s)
    {
        var d = new ModelOptions();
        return new ModelOptions
        {
            LatentDimension = s.Int32("latent_dimension", d.LatentDimension),
            VoiceHidden = s.Widths("voice_hidden", d.VoiceHidden),
            FaceHidden = s.Widths("face_hidden", d.FaceHidden),
            DecoderHidden = s.Widths("decoder_hidden", d.DecoderHidden),
            Activation = s.Enum("activation", d.Activation),
            Dropout = s.Double("dropout", d.Dropout),
        };
    }

    private static ObjectiveOptions Objective(Section s)
    {
        var d = new ObjectiveOptions();
        return new ObjectiveOptions
        {
            Beta = s.Double("beta", d.Beta),
            BetaWarmUpEpochs = s.Int32("beta_warm_up_epochs", d.BetaWarmUpEpochs),
            Alignment = s.Enum("alignment", d.Alignment),
            AlignmentWeight = s.Double("alignment_weight", d.AlignmentWeight),
            ContrastWeight = s.Double("contrast_weight", d.ContrastWeight),
            ContrastTemperature = s.Double("contrast_temperature", d.ContrastTemperature),
        };
    }

    private static TrainingOptions Training(Section s)
    {
        var d = new TrainingOptions();
        return new TrainingOptions
        {
            Epochs = s.Int32("epochs", d.Epochs),
            PassesPerEpoch = s.Int32("passes_per_epoch", d.PassesPerEpoch),
            BatchSize = s.Int32("batch_size", d.BatchSize),
            LearningRate = s.Double("learning_rate", d.LearningRate),
            WeightDecay = s.Double("weight_decay", d.WeightDecay),
            GradientClipNorm = s.Double("gradient_clip_norm", d.GradientClipNorm),
            Seed = s.Int64("seed", d.Seed),
            ValidationShare = s.Double("validation_share", d.ValidationShare),
            Selection = s.Enum("selection", d.Selection),
            Sampling = s.Enum("sampling", d.Sampling),
        };
    }

    private static ScoringOptions Scoring(Section s)
    {
        var d = new ScoringOptions();
        return new ScoringOptions { BatchSize = s.Int32("batch_size", d.BatchSize), Joint = s.Enum("joint", d.Joint) };
    }

    private static ClusteringOptions Clustering(Section s)
    {
        var d = new ClusteringOptions();
        return new ClusteringOptions
        {
            Method = s.Enum("method", d.Method),
            Eps = s.Find("eps") is { Kind: System.Text.Json.JsonValueKind.Number } eps ? eps.AsDouble() : d.Eps,
            MinSamples = s.Int32("min_samples", d.MinSamples),
            MinClusterSize = s.Int32("min_cluster_size", d.MinClusterSize),
            Selection = s.Enum("selection", d.Selection),
            Metric = s.Enum("metric", d.Metric),
        };
    }

    private static RankingOptions Ranking(Section s)
    {
        var d = new RankingOptions();
        return new RankingOptions { Metric = s.Enum("metric", d.Metric), Count = s.Int32("count", d.Count) };
    }

    private static FeatureStatistics Statistics(StrictJson source)
    {
        float[] mean = source["mean"].AsArray(value => value.AsSingle());
        StrictJson deviation = source["standard_deviation"];
        return deviation.Children.Count == mean.Length
            ? new FeatureStatistics(mean, deviation.AsArray(value => value.AsSingle()), source["clip_count"].AsInt32())
            : throw deviation.Fault($"as many items as 'mean' has, {mean.Length}");
    }

    /// <summary>A section that may be absent, its fields with defaults.</summary>
    private readonly struct Section(StrictJson? source)
    {
        public StrictJson? Find(string name) => source?.Find(name);

        public int Int32(string name, int otherwise) => Find(name)?.AsInt32() ?? otherwise;

        public long Int64(string name, long otherwise) => Find(name)?.AsInt64() ?? otherwise;

        public double Double(string name, double otherwise) => Find(name)?.AsDouble() ?? otherwise;

        public bool Boolean(string name, bool otherwise) => Find(name)?.AsBoolean() ?? otherwise;

        public IReadOnlyList<int> Widths(string name, IReadOnlyList<int> otherwise) => Find(name)?.AsArray(width => width.AsInt32()) ?? otherwise;

        public T Enum<T>(string name, T otherwise)
            where T : struct, Enum => Find(name)?.AsEnum<T>() ?? otherwise;
    }
}
