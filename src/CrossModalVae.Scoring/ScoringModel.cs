using CrossModalVae.Audio;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Faces;
using CrossModalVae.Features;
using CrossModalVae.Scoring.Encoders;

namespace CrossModalVae.Scoring;

/// <summary>
/// A model folder and its recipe, ready to embed: what was exported and nothing else. Loading checks that the recipe is the one the model
/// was trained by, that every graph is the file its card was written for, and that it carries this library's metadata. Threads may share
/// one. Owns native sessions: dispose it, after the pipelines and generators made of it are no longer used.
/// </summary>
public sealed class ScoringModel : IDisposable
{
    // Graphs agree with the trainer within 1e-4 on the CPU; a GPU sums in other orders and smaller pieces. With less precision the example
    // is of the graphs themselves: another machine may round a number that lies between two steps to the other one.
    private const double ExampleTolerance = 1e-3;
    private const double RoundedExampleTolerance = 5e-2;

    private readonly RecipeEncoders _frontEnds;
    private readonly VoiceFrontEnd _voice;
    private readonly FaceFrontEnd _face;
    private readonly OnnxBatchOptions _voiceBatches;
    private readonly OnnxBatchOptions _faceBatches;

    private ScoringModel(
        string folder, ModelCard card, Recipe recipe, RecipeEncoders frontEnds, StartedDevice device, SoundReading? reading)
    {
        (Reading, _frontEnds) = (reading, frontEnds);
        Card = card;
        Recipe = recipe;
        (Device, RefusedDevices) = (device.Device, device.Refused);
        _voice = new VoiceFrontEnd(recipe.Voice, reading, frontEnds.Encoders.Voice);
        _face = new FaceFrontEnd(recipe.Face, frontEnds.Encoders.Face);
        _voiceBatches = Batches(recipe, Device, OnnxContract.VoiceMean, OnnxContract.VoiceLogVariance);
        _faceBatches = Batches(recipe, Device, OnnxContract.FaceMean, OnnxContract.FaceLogVariance);
        EncoderInput voice = EncoderInput.Of(recipe, Modality.Voice, _voice.FeatureCount);
        EncoderInput face = EncoderInput.Of(recipe, Modality.Face, _face.FeatureCount);
        int latent = recipe.Model.LatentDimension;
        var opened = new List<OnnxEncoder>();
        OnnxEncoder Open(string file, OnnxTensor input, params OnnxTensor[] outputs)
        {
            opened.Add(ModelFolder.Open(folder, card, file, input, outputs, device));
            return opened[^1];
        }

        try
        {
            VoiceEncoder = Open(
                OnnxContract.VoiceEncoderFile,
                new(OnnxContract.VoiceFeatures, voice.RowLength),
                new(OnnxContract.VoiceMean, latent),
                new(OnnxContract.VoiceLogVariance, latent));
            FaceEncoder = Open(
                OnnxContract.FaceEncoderFile,
                new(OnnxContract.FaceFeatures, face.RowLength),
                new(OnnxContract.FaceMean, latent),
                new(OnnxContract.FaceLogVariance, latent));
            Decoder = !recipe.Objective.HasDecoder ? null : Open(
                OnnxContract.DecoderFile,
                new(OnnxContract.Latent, recipe.Model.DecodedDimension),
                new(OnnxContract.FaceReconstruction, face.ExampleLength),
                new(OnnxContract.VoiceReconstruction, voice.ExampleLength));
        }
        catch
        {
            opened.ForEach(encoder => encoder.Dispose());
            throw;
        }
    }

    /// <summary>What the model folder says about itself.</summary>
    public ModelCard Card { get; }

    /// <summary>The recipe: the card's, with the scoring, clustering and ranking sections of the recipe file where one was given.</summary>
    public Recipe Recipe { get; }

    /// <summary>Where the graphs are computed.</summary>
    public ExecutionDevice Device { get; }

    /// <summary>The devices that were asked for before it, and why they do not start; empty where it was the first.</summary>
    public IReadOnlyList<RefusedDevice> RefusedDevices { get; }

    /// <summary>Which faults of sound files are tolerated; null for none.</summary>
    public SoundReading? Reading { get; }

    /// <summary>The recipe's pretrained encoders, of the copies in the model folder; they end with the model.</summary>
    public FrozenEncoders FrontEnds => _frontEnds.Encoders;

    /// <summary>voice_features [B, F] to voice_mean and voice_log_variance [B, D].</summary>
    public OnnxEncoder VoiceEncoder { get; }

    /// <summary>face_features [B, F] to face_mean and face_log_variance [B, D].</summary>
    public OnnxEncoder FaceEncoder { get; }

    /// <summary>
    /// latent [B, D], or with private parts [B, D + 2 P], to face_reconstruction and voice_reconstruction [B, F] in the front ends' units;
    /// null where the recipe trains no decoder.
    /// </summary>
    public OnnxEncoder? Decoder { get; }

    /// <summary>Loads a model folder.</summary>
    /// <param name="modelFolder">The folder with card.json and the graphs.</param>
    /// <param name="recipeFile">
    /// The recipe to score by, as used or as it was before training; it must be the model's but for scoring, clustering and ranking.
    /// Default: recipe.json of the folder, else the card's own.
    /// </param>
    /// <param name="device">Where the graphs are computed: the first of these that starts. Default the CPU.</param>
    /// <param name="reading">Which faults of sound files are tolerated, and the list of files that had them. Default none.</param>
    /// <exception cref="FileNotFoundException">The card, a graph or the recipe is missing.</exception>
    /// <exception cref="InvalidDataException">A file is not what it must be, the recipe is another one, a graph has another SHA-256 than
    /// the card says, or is not this library's.</exception>
    /// <exception cref="InvalidOperationException">No device starts; the message names what is missing.</exception>
    public static ScoringModel Load(
        string modelFolder, string? recipeFile = null, DeviceOrder? device = null, SoundReading? reading = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(modelFolder);
        ModelCard card = ModelCardReader.Read(modelFolder);
        ModelCardReader.CheckFiles(modelFolder, card);
        string ownRecipe = Path.Combine(modelFolder, ModelFolder.RecipeFile);
        string? chosen = recipeFile ?? (File.Exists(ownRecipe) ? ownRecipe : null);
        StartedDevice started = (device ?? DeviceOrder.Cpu).Start();
        RecipeEncoders frontEnds = ModelFolder.OpenFrontEnds(modelFolder, card, started);
        try
        {
            Recipe recipe = chosen is null ? frontEnds.Recipe : ReadRecipe(chosen, modelFolder, card, frontEnds);
            return new ScoringModel(modelFolder, card, recipe, frontEnds, started, reading);
        }
        catch
        {
            frontEnds.Dispose();
            throw;
        }
    }

    /// <summary>Embeds one modality of a corpus: posterior means, or joint embeddings. Clips without it are left out.</summary>
    /// <param name="manifest">The corpus, or a part of it.</param>
    /// <param name="modality">What to embed.</param>
    /// <param name="progress">Receives the number of clips read so far.</param>
    /// <param name="cancellationToken">Ends the work between clips.</param>
    /// <returns>A row for each clip that has the modality, in the manifest's order.</returns>
    /// <exception cref="InvalidDataException">A wav or jpg file is broken; the message names it.</exception>
    /// <exception cref="FileNotFoundException">A wav or jpg file is missing.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public EmbeddingSet Embed(
        Manifest manifest, Modality modality, IProgress<int>? progress = null, CancellationToken cancellationToken = default) =>
            Embed(manifest, [modality], EmbeddingParts.None, progress, cancellationToken);

    /// <summary>Embeds several modalities of a corpus in one pass over its files.</summary>
    /// <param name="manifest">The corpus, or a part of it.</param>
    /// <param name="modalities">What to embed, at least one; for <paramref name="parts"/> voices and faces only.</param>
    /// <param name="parts">What to compute beside the means. Default nothing.</param>
    /// <param name="progress">Receives the number of clips read so far.</param>
    /// <param name="cancellationToken">Ends the work between clips.</param>
    /// <returns>For each clip in the manifest's order a row for each modality it has, voice, face, joint.</returns>
    /// <exception cref="ArgumentException">No modality is asked for, or parts that joint embeddings do not have.</exception>
    /// <exception cref="InvalidDataException">A wav or jpg file is broken; the message names it.</exception>
    /// <exception cref="FileNotFoundException">A wav or jpg file is missing.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public EmbeddingSet Embed(
        Manifest manifest,
        IReadOnlyCollection<Modality> modalities,
        EmbeddingParts parts = EmbeddingParts.None,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(modalities);
        RequireEmbeddable(modalities, parts);
        return new ManifestEmbedder(this, manifest, modalities, parts).Run(progress, cancellationToken);
    }

    /// <summary>
    /// Embeds several modalities of a corpus from prepared features; no wav or jpg file is opened. A float32 store gives exactly what the
    /// files give, a float16 store what its rounding leaves (<see cref="FeaturePrecision.Float16"/>).
    /// </summary>
    /// <param name="features">The store, prepared by this model's recipe.</param>
    /// <param name="manifest">The corpus, or a part of the one that was prepared.</param>
    /// <param name="modalities">What to embed, at least one; for <paramref name="parts"/> voices and faces only.</param>
    /// <param name="parts">What to compute beside the means. Default nothing.</param>
    /// <param name="progress">Receives the number of clips read so far.</param>
    /// <param name="cancellationToken">Ends the work between clips.</param>
    /// <returns>For each clip in the manifest's order a row for each modality it has, voice, face, joint.</returns>
    /// <exception cref="ArgumentException">No modality is asked for, or parts that joint embeddings do not have.</exception>
    /// <exception cref="InvalidDataException">The store was prepared by another recipe or from other
    /// clips or files, or is damaged.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public EmbeddingSet Embed(
        FeatureStore features,
        Manifest manifest,
        IReadOnlyCollection<Modality> modalities,
        EmbeddingParts parts = EmbeddingParts.None,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(modalities);
        RequireEmbeddable(modalities, parts);
        features.RequireRecipe(Recipe);
        features.RequireClips(manifest, manifest.Clips);
        return new ManifestEmbedder(this, manifest, modalities, parts).Run(features, progress, cancellationToken);
    }

    /// <summary>The posterior of one voice. Threads may share the model.</summary>
    /// <param name="voice">The clip, at any rate; the recipe's crop of it is embedded.</param>
    /// <exception cref="ArgumentException">The clip is shorter than one frame, or too short for a recipe that refuses short
    /// clips.</exception>
    public ClipPosterior EmbedVoice(AudioClip voice) => ScoreVoices(VoiceFeatures(voice), 1)[0];

    /// <summary>The posterior of one voice.</summary>
    /// <param name="path">A sound file; see <see cref="AudioFile"/> for what is read.</param>
    /// <param name="cancellationToken">Stops a decoder.</param>
    /// <exception cref="FileNotFoundException">There is no such file, or no program to decode it with.</exception>
    /// <exception cref="InvalidDataException">The file cannot be read, or holds too little sound.</exception>
    public ClipPosterior EmbedVoice(string path, CancellationToken cancellationToken = default) =>
        ScoreVoices(_voice.Extract(path, cancellationToken: cancellationToken), 1, cancellationToken)[0];

    /// <summary>The posterior of one voice.</summary>
    /// <param name="sound">The bytes of an uncompressed wav or NIST SPHERE file.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="InvalidDataException">The bytes are no such sound, or hold too little of it.</exception>
    public ClipPosterior EmbedVoice(ReadOnlyMemory<byte> sound, string name = "the sound") =>
        ScoreVoices(VoiceFeatures(sound, name), 1)[0];

    /// <summary>The posterior of one voice, of a stream from its position to its end.</summary>
    /// <param name="sound">An uncompressed wav or NIST SPHERE file; it stays open.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="InvalidDataException">The bytes are no such sound, or hold too little of it.</exception>
    public ClipPosterior EmbedVoice(Stream sound, string name = "the sound") => EmbedVoice(ReadAll(sound), name);

    /// <summary>The posterior of one face.</summary>
    /// <param name="frames">Pictures of the face, at least one; what the recipe does with several is done.</param>
    /// <exception cref="ArgumentException">There is no picture.</exception>
    public ClipPosterior EmbedFace(params IReadOnlyList<FaceImage> frames) => ScoreFaces(FaceFeatures(frames), 1)[0];

    /// <summary>The posterior of one face.</summary>
    /// <param name="picture">The bytes of a JPEG or PNG file.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="InvalidDataException">The bytes are no such picture.</exception>
    public ClipPosterior EmbedFace(ReadOnlyMemory<byte> picture, string name = "the picture") =>
        ScoreFaces(FaceFeatures([picture], name), 1)[0];

    /// <summary>The posterior of one face, of a stream from its position to its end.</summary>
    /// <param name="picture">A JPEG or PNG file; it stays open.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="InvalidDataException">The bytes are no such picture.</exception>
    public ClipPosterior EmbedFace(Stream picture, string name = "the picture") => EmbedFace(ReadAll(picture), name);

    /// <summary>The features of one voice, for <see cref="ScoreVoices"/>; the slow part, which several threads may do.</summary>
    /// <param name="voice">The clip, at any rate.</param>
    /// <returns>[F], a row of the voice encoder's.</returns>
    /// <exception cref="ArgumentException">The clip is shorter than one frame, or too short for a recipe that refuses short
    /// clips.</exception>
    public float[] VoiceFeatures(AudioClip voice)
    {
        var features = new float[_voice.FeatureCount];
        _voice.Extract(voice, features);
        return features;
    }

    /// <summary>The features of one voice, for <see cref="ScoreVoices"/>.</summary>
    /// <param name="sound">The bytes of an uncompressed wav or NIST SPHERE file.</param>
    /// <param name="name">What messages call it.</param>
    /// <returns>[F], a row of the voice encoder's.</returns>
    /// <exception cref="InvalidDataException">The bytes are no such sound, or hold too little of it.</exception>
    public float[] VoiceFeatures(ReadOnlyMemory<byte> sound, string name = "the sound")
    {
        var features = new float[_voice.FeatureCount];
        _voice.Extract(sound, name, 0, null, features);
        return features;
    }

    /// <summary>The features of one face, for <see cref="ScoreFaces"/>.</summary>
    /// <param name="frames">Pictures of the face, at least one.</param>
    /// <returns>[F], a row of the face encoder's.</returns>
    /// <exception cref="ArgumentException">There is no picture.</exception>
    public float[] FaceFeatures(IReadOnlyList<FaceImage> frames)
    {
        var features = new float[_face.FeatureCount];
        _face.Extract(frames, features);
        return features;
    }

    /// <summary>The features of one face, for <see cref="ScoreFaces"/>.</summary>
    /// <param name="pictures">The bytes of JPEG or PNG files, at least one.</param>
    /// <param name="name">What messages call them.</param>
    /// <returns>[F], a row of the face encoder's.</returns>
    /// <exception cref="ArgumentException">There is no picture.</exception>
    /// <exception cref="InvalidDataException">The bytes are no such pictures.</exception>
    public float[] FaceFeatures(IReadOnlyList<ReadOnlyMemory<byte>> pictures, string name = "the picture")
    {
        var features = new float[_face.FeatureCount];
        _face.Extract(pictures, name, [], features);
        return features;
    }

    /// <summary>The posteriors of voices.</summary>
    /// <param name="features">[N, F], row-major.</param>
    /// <param name="count">N.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="ArgumentException">The features are not N rows of F numbers.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public PosteriorRows ScoreVoices(ReadOnlySpan<float> features, int count, CancellationToken cancellationToken = default) =>
        new(VoiceEncoder.Score(features, count, _voiceBatches, cancellationToken), Recipe.Model.LatentDimension);

    /// <summary>The posteriors of faces.</summary>
    /// <param name="features">[N, F], row-major.</param>
    /// <param name="count">N.</param>
    /// <param name="cancellationToken">Ends the work between batches.</param>
    /// <exception cref="ArgumentException">The features are not N rows of F numbers.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public PosteriorRows ScoreFaces(ReadOnlySpan<float> features, int count, CancellationToken cancellationToken = default) =>
        new(FaceEncoder.Score(features, count, _faceBatches, cancellationToken), Recipe.Model.LatentDimension);

    /// <summary>Lets the encoders embed the card's example, which must give what the trainer gave.</summary>
    /// <returns>False where the card, an older one, has no example.</returns>
    /// <exception cref="InvalidDataException">An encoder gives something else; the message has both numbers.</exception>
    public bool CheckExample()
    {
        if (Card.Example is not ModelCardExample example)
        {
            return false;
        }

        double tolerance = Card.Precision is null ? ExampleTolerance : RoundedExampleTolerance;
        Check(Modality.Voice, VoiceEncoder, Recipe.Statistics!.Voice, example.VoiceMean);
        Check(Modality.Face, FaceEncoder, Recipe.Statistics.Face, example.FaceMean);
        return true;

        void Check(Modality modality, OnnxEncoder encoder, FeatureStatistics statistics, IReadOnlyList<float> expected)
        {
            int length = encoder.Inputs[0].Length, block = EncoderInput.Of(Recipe, modality, length).BlockLength;
            float[] row = ModelCardExample.Draw(statistics, block, length, 1, new SeededRandom(example.Seed));
            ReadOnlySpan<float> found = (modality == Modality.Voice ? ScoreVoices(row, 1) : ScoreFaces(row, 1)).Means;
            for (int d = 0; d < found.Length; d++)
            {
                if (d >= expected.Count || !(Math.Abs(found[d] - expected[d]) <= tolerance * Math.Max(1, Math.Abs(expected[d]))))
                {
                    string wanted = d < expected.Count ? expected[d].ToString("G6", CultureInfo.InvariantCulture) : "no such number";
                    throw new InvalidDataException(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{encoder.FilePath}: gives {found[d]:G6} as dimension {d} of the card's example; ")
                        + $"expected {wanted}, the trainer's.");
                }
            }
        }
    }

    /// <summary>Releases the native sessions.</summary>
    public void Dispose()
    {
        VoiceEncoder.Dispose();
        FaceEncoder.Dispose();
        Decoder?.Dispose();
        _frontEnds.Dispose();
    }

    private static ReadOnlyMemory<byte> ReadAll(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.GetBuffer().AsMemory(0, (int)memory.Length);
    }

    private static OnnxBatchOptions Batches(Recipe recipe, ExecutionDevice device, params string[] outputs) =>
        new() { BatchSize = recipe.Scoring.BatchSize, Device = device, OutputTensorNames = outputs };

    private void RequireEmbeddable(IReadOnlyCollection<Modality> modalities, EmbeddingParts parts)
    {
        if (parts != EmbeddingParts.None && modalities.Contains(Modality.Joint))
        {
            throw new ArgumentException(
                "'modalities' has joint, and a joint embedding has neither standard deviations nor a reconstruction; "
                + "ask for voice and face.",
                nameof(modalities));
        }

        if (Decoder is null && parts.HasFlag(EmbeddingParts.Reconstructions))
        {
            throw UserError.Mark(new ArgumentException(
                $"The model '{Card.Name}' has no decoder ('objective.bound' of its recipe is none); expected one, for reconstructions.",
                nameof(parts)));
        }

        if (Recipe.Objective.Bound == BoundKind.Conditional && parts.HasFlag(EmbeddingParts.Reconstructions))
        {
            throw UserError.Mark(new ArgumentException(
                $"The model '{Card.Name}' is conditional ('objective.bound' of its recipe): its decoders make each modality of the other's "
                + "embedding only; a clip's own is not reconstructed.",
                nameof(parts)));
        }

        if (modalities.Count == 0)
        {
            throw new ArgumentException("'modalities' is empty; must name at least one of voice, face, joint.", nameof(modalities));
        }
    }

    private static Recipe ReadRecipe(string recipeFile, string modelFolder, ModelCard card, RecipeEncoders frontEnds)
    {
        Recipe recipe = frontEnds.Resolve(RecipeReader.Read(recipeFile));

        // A recipe that has not been used has no statistics; the model's own are then the only difference it may have.
        Recipe used = recipe.Statistics is null ? recipe with { Statistics = card.Recipe.Statistics } : recipe;
        string hash = RecipeHash.Compute(used);
        return hash == card.RecipeHash
            ? used
            : throw new InvalidDataException(
                $"{recipeFile}: the recipe's hash is {hash}; expected {card.RecipeHash}, "
                + $"as {Path.Combine(modelFolder, ModelCard.FileName)} says: the model was trained by another recipe.");
    }
}
