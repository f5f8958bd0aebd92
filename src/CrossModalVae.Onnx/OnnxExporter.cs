using System.Security.Cryptography;
using System.Text;
using CrossModalVae.Features;
using CrossModalVae.Files;
using CrossModalVae.Onnx.Fused;
using CrossModalVae.Onnx.Precision;
using Microsoft.ML.OnnxRuntime;

namespace CrossModalVae.Onnx;

/// <summary>What the model card says besides what export measures.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>The recipe as used, statistics included.</summary>
    public required Recipe Recipe { get; init; }

    /// <summary>What the model was trained on.</summary>
    public required ModelCardData Data { get; init; }

    /// <summary>Scores by name, as in voice_to_face.auc; empty where nothing was measured.</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new Dictionary<string, double>();

    /// <summary>Which encoders' posteriors collapsed in training. Default none.</summary>
    public PosteriorCollapse Collapse { get; init; }

    /// <summary>What a reader of the scores must know, a sentence each; empty where nothing is.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The recipe's pretrained encoders, of which the folder gets copies; empty where it has none.</summary>
    public IReadOnlyList<FrontEndGraph> FrontEnds { get; init; } = [];

    /// <summary>Whether the folder also gets graphs from samples and pixels to embeddings. Default no.</summary>
    public bool Fused { get; init; }

    /// <summary>The networks of <see cref="FrontEnds"/>, which fused graphs are compared with. Default none.</summary>
    public FrozenEncoders Encoders { get; init; } = FrozenEncoders.None;

    /// <summary>Encoders of less precision than float32, and the limit of what they may cost; null for float32. With
    /// <see cref="Fused"/> they are in the fused graphs too, whose front ends stay float32. Default null.</summary>
    public PrecisionOptions? Precision { get; init; }

    /// <summary>Seed of the inputs at which graph and trainer are compared, and of the clips that less precision is measured on. Default
    /// 1.</summary>
    public long Seed { get; init; } = 1;
}

/// <summary>A pretrained encoder that a model's recipe has.</summary>
/// <param name="Modality">Voice or face.</param>
/// <param name="Path">The file.</param>
/// <param name="Inputs">Its inputs, for the card; null in a shape is free.</param>
/// <param name="Outputs">Its outputs, for the card.</param>
public sealed record FrontEndGraph(
    Modality Modality, string Path, IReadOnlyList<ModelCardTensor> Inputs, IReadOnlyList<ModelCardTensor> Outputs);

/// <summary>
/// Writes a model folder: graphs, copies of the recipe's pretrained encoders and a card, no decoder where the recipe trains none. Nothing
/// is written before ONNX Runtime has agreed with the trainer at every batch size of <see cref="OnnxContract.ParityBatchSizes"/>; the
/// folder appears whole or not at all.
/// </summary>
public static class OnnxExporter
{
    private const string IntendedUse =
        "Research on what faces and voices have in common: embedding, clustering and ranking of clips whose people have agreed to it.";

    private const string Misuse =
        "Not for identifying, tracking or profiling people, nor for deciding anything about a person: "
        + "a voice tells a face only in part, and errors differ between groups of people.";

    /// <summary>Exports a model.</summary>
    /// <param name="folder">The model folder. One that export wrote before is replaced; any other content is refused.</param>
    /// <param name="weights">The trained model.</param>
    /// <param name="reference">The model as its trainer computes it.</param>
    /// <param name="options">Recipe, data and scores for the card.</param>
    /// <param name="cancellationToken">Stops the work before anything is written.</param>
    /// <returns>The card that was written.</returns>
    /// <exception cref="InvalidOperationException">Graph and trainer disagree by more than
    /// <see cref="OnnxContract.Tolerance"/>, or less precision costs more than its limit.</exception>
    /// <exception cref="InvalidDataException">There are too few clips to measure what less precision costs.</exception>
    /// <exception cref="IOException">The folder holds something else, or cannot be written.</exception>
    public static ModelCard Export(
        string folder,
        MultimodalVaeWeights weights,
        IMultimodalVaeReference reference,
        OnnxExportOptions options,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(options);
        Recipe recipe = FrontEndCopies.Name(options.Recipe, options.FrontEnds);
        string recipeHash = RecipeHash.Compute(recipe);
        OnnxGraphs graphs = OnnxGraphs.Build(weights, recipeHash);
        string weightsHash = WeightsHash.Compute(weights);
        return Export(folder, graphs, Posterior, weights, reference, options, recipe, weightsHash, null, cancellationToken);

        void Posterior(OnnxGraphBuilder graph, Modality modality, string x, string mean, string logVariance) =>
            OnnxGraphs.Posterior(graph, modality == Modality.Voice ? weights.Voice : weights.Face, x, mean, logVariance);
    }

    /// <summary>
    /// Exports an ensemble as one model: each encoder graph holds all members, its embedding the members' unit-length posterior means side
    /// by side, each times the root of its weight, so that cosines are the weighted means of the members' cosines.
    /// </summary>
    /// <param name="folder">The model folder. One that export wrote before is replaced; any other content is refused.</param>
    /// <param name="members">At least two, of the same front ends.</param>
    /// <param name="options">Data and scores for the card; its recipe is made from the members'.</param>
    /// <param name="cancellationToken">Stops the work before anything is written.</param>
    /// <returns>The card that was written.</returns>
    /// <exception cref="ArgumentException">The members cannot be put together; the message says why.</exception>
    /// <exception cref="InvalidOperationException">Graph and trainers disagree by more than
    /// <see cref="OnnxContract.Tolerance"/>, or less precision costs more than its limit.</exception>
    /// <exception cref="InvalidDataException">There are too few clips to measure what less precision costs.</exception>
    /// <exception cref="IOException">The folder holds something else, or cannot be written.</exception>
    public static ModelCard Export(
        string folder,
        IReadOnlyList<EnsembleMember> members,
        OnnxExportOptions options,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(options);
        Ensemble ensemble = Ensemble.Of(members);
        ModelCardMember[] shown =
        [
            .. ensemble.Members.Select(member => new ModelCardMember(
                member.Recipe.Name,
                RecipeHash.Compute(member.Recipe),
                WeightsHash.Compute(member.Weights),
                member.Weight,
                member.Weights.Voice.LatentDimension)),
        ];
        Recipe recipe = FrontEndCopies.Name(ensemble.Recipe, options.FrontEnds);
        string weightsHash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(
            '\n', shown.Select(member => Invariant($"{member.WeightsHash} {member.Weight:R}"))))));
        string recipeHash = RecipeHash.Compute(recipe);
        return Export(
            folder,
            OnnxGraphs.Build(ensemble, recipeHash, weightsHash),
            Posterior,
            members[0].Weights with { Decoder = null },
            ensemble,
            options,
            recipe,
            weightsHash,
            shown,
            cancellationToken);

        void Posterior(OnnxGraphBuilder graph, Modality modality, string x, string mean, string logVariance) =>
            OnnxGraphs.Members(graph, ensemble, modality, x, mean, logVariance);
    }

    private static ModelCard Export(
        string folder,
        OnnxGraphs graphs,
        PosteriorWriter posterior,
        MultimodalVaeWeights shape,
        IMultimodalVaeReference reference,
        OnnxExportOptions options,
        Recipe recipe,
        string weightsHash,
        IReadOnlyList<ModelCardMember>? members,
        CancellationToken cancellationToken)
    {
        FusedGraphs? fused = options.Fused ? Fuse(posterior) : null;
        var measured = new List<ModelCardMeasurement>();
        foreach (int batchSize in OnnxContract.ParityBatchSizes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            measured.AddRange(OnnxParity.Measure(graphs, shape, reference, batchSize, options.Seed));
        }

        foreach (int batchSize in fused is null ? [] : FusedParity.BatchSizes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            measured.AddRange(FusedParity.Measure(fused!, options.Recipe, options.Encoders, reference.Encode, batchSize, options.Seed));
        }

        RequireAgreement(measured);
        ReducedGraphs? reduced = options.Precision is PrecisionOptions precision
            ? ReducedGraphs.Build(graphs, shape, precision, weightsHash, options.Seed, cancellationToken)
            : null;
        (graphs, weightsHash) = (reduced?.Graphs ?? graphs, reduced?.WeightsHash ?? weightsHash);
        if (fused is not null && reduced is not null)
        {
            fused = Fuse(FusedGraphs.Encoders(graphs));
            reduced.RequireAgreement(fused, shape, options);
        }

        int dimension = recipe.Model.LatentDimension;
        var card = new ModelCard
        {
            Name = recipe.Name,
            Description = recipe.Description,
            Recipe = recipe,
            RecipeHash = RecipeHash.Compute(recipe),
            WeightsHash = weightsHash,
            Opset = OnnxContract.OpsetVersion,
            Members = members,
            Files =
            [
                Describe(shape.Voice, dimension, graphs.VoiceEncoder),
                Describe(shape.Face, dimension, graphs.FaceEncoder),
                .. graphs.Decoder is null ? Array.Empty<ModelCardFile>() : [Describe(shape.Decoder!, graphs.Decoder)],
                .. fused is null
                    ? Array.Empty<ModelCardFile>()
                    :
                    [
                        FusedGraphs.Describe(Modality.Voice, dimension, fused.Voice),
                        FusedGraphs.Describe(Modality.Face, dimension, fused.Face),
                    ],
                .. options.FrontEnds.Select(frontEnd => FrontEndCopies.Describe(recipe, frontEnd)),
            ],
            Parity = new ModelCardParity(OnnxContract.Tolerance, $"ONNX Runtime {OrtEnv.Instance().GetVersionString()}, CPU", measured),
            Data = options.Data,
            Metrics = options.Metrics,
            Collapse = options.Collapse,
            Example = reduced is null
                ? OnnxParity.Example(shape, reference, options.Seed)
                : OnnxParity.Example(shape, graphs, options.Seed),
            Precision = reduced?.Cost,
            Notes = [.. options.Notes, .. options.FrontEnds.Select(frontEnd => FrontEndCopies.Note(recipe, frontEnd))],
            IntendedUse = IntendedUse,
            Misuse = Misuse,
        };
        RequireModelFolderOrNothing(folder);
        AtomicFolder.Replace(folder, partial =>
        {
            File.WriteAllBytes(Path.Combine(partial, OnnxContract.VoiceEncoderFile), graphs.VoiceEncoder);
            File.WriteAllBytes(Path.Combine(partial, OnnxContract.FaceEncoderFile), graphs.FaceEncoder);
            if (graphs.Decoder is not null)
            {
                File.WriteAllBytes(Path.Combine(partial, OnnxContract.DecoderFile), graphs.Decoder);
            }

            if (fused is not null)
            {
                File.WriteAllBytes(Path.Combine(partial, OnnxContract.VoiceFusedFile), fused.Voice);
                File.WriteAllBytes(Path.Combine(partial, OnnxContract.FaceFusedFile), fused.Face);
            }

            FrontEndCopies.Write(partial, recipe, options.FrontEnds);
            ModelCardWriter.Write(partial, card);
        });
        return card;

        FusedGraphs Fuse(PosteriorWriter write) =>
            FusedGraphs.Build(recipe, options.FrontEnds, shape, write, RecipeHash.Compute(recipe), weightsHash);
    }

    private static void RequireModelFolderOrNothing(string folder)
    {
        if (File.Exists(folder))
        {
            throw new IOException($"{folder}: is a file; expected a folder, an empty place or a model folder to replace.");
        }

        if (Directory.Exists(folder)
            && Directory.EnumerateFileSystemEntries(folder).Any()
            && !File.Exists(Path.Combine(folder, ModelCard.FileName)))
        {
            throw new IOException(
                $"{folder}: holds other files and no {ModelCard.FileName}; expected an empty place or a model folder to replace.");
        }
    }

    private static void RequireAgreement(IEnumerable<ModelCardMeasurement> measured)
    {
        if (measured.FirstOrDefault(own => !(own.LargestError <= OnnxContract.Tolerance)) is { } m) // a NaN disagrees too
        {
            throw UserError.Mark(new InvalidOperationException(
                Invariant($"{m.File} disagrees with the trainer by {m.LargestError:0.0e+0} at batch {m.BatchSize}; ")
                + Invariant($"must be at most {OnnxContract.Tolerance:0.0e+0}. Nothing was written.")));
        }
    }

    private static ModelCardFile Describe(GaussianEncoderWeights encoder, int dimension, byte[] graph) => new(
        OnnxContract.EncoderFile(encoder.Modality),
        Convert.ToHexStringLower(SHA256.HashData(graph)),
        [
            encoder.Tower is null
                ? Matrix(OnnxContract.Features(encoder.Modality), encoder.InputCount)
                : new ModelCardTensor(OnnxContract.Features(encoder.Modality), [null, .. TowerGraph.InputShape(encoder.Tower.Input)]),
        ],
        [
            Matrix(OnnxContract.Mean(encoder.Modality), dimension),
            Matrix(OnnxContract.LogVariance(encoder.Modality), dimension),
        ]);

    private static ModelCardFile Describe(SharedDecoderWeights decoder, byte[] graph) => new(
        OnnxContract.DecoderFile,
        Convert.ToHexStringLower(SHA256.HashData(graph)),
        [Matrix(OnnxContract.Latent, decoder.LatentDimension)],
        [
            Matrix(OnnxContract.FaceReconstruction, decoder.FaceLength),
            Matrix(OnnxContract.VoiceReconstruction, decoder.VoiceLength),
        ]);

    private static ModelCardTensor Matrix(string name, int length) => new(name, [null, length]);
}
