using System.Security.Cryptography;
using CrossModalVae.Audio;
using CrossModalVae.Encoders;
using CrossModalVae.Files;
using CrossModalVae.Onnx.Protos;
using static CrossModalVae.Onnx.Protos.Tensor.Types;

namespace CrossModalVae.Onnx.Fused;

/// <summary>Writes the posterior of a modality, [B, D] each, on features of a graph.</summary>
internal delegate void PosteriorWriter(OnnxGraphBuilder graph, Modality modality, string features, string mean, string logVariance);

/// <summary>A model's graphs from samples and pixels to embeddings. The same weights and hashes give the same bytes.</summary>
internal sealed record FusedGraphs(byte[] Voice, byte[] Face)
{
    /// <summary>Builds both; the model's weights tell towers from rows, and pretrained encoders become part of the graphs.</summary>
    /// <exception cref="InvalidDataException">A pretrained encoder cannot be part of a graph.</exception>
    public static FusedGraphs Build(
        Recipe recipe,
        IReadOnlyList<FrontEndGraph> frontEnds,
        MultimodalVaeWeights shape,
        PosteriorWriter write,
        string recipeHash,
        string weightsHash)
    {
        return new FusedGraphs(BuildVoice(), BuildFace());

        byte[] BuildVoice()
        {
            VoiceOptions options = recipe.Voice;
            var graph = new OnnxGraphBuilder("voice_fused");
            string samples = graph.Input(
                OnnxContract.VoiceSamples,
                ElementType.Float,
                ["samples"],
                Invariant($"mono, {options.SampleRateHz} Hz, -1 to 1, of any length"));
            var frontEnd = new VoiceGraph(graph, options);
            string crop = frontEnd.Crop(samples);
            string features = options.Encoder is VoiceEncoderOptions { Takes: VoiceEncoderInput.Samples } ? crop : frontEnd.Features(crop);
            features = options.Encoder is VoiceEncoderOptions encoder
                ? Open(graph, Modality.Voice, encoder.Input).Voice(
                    frontEnd.Steps, encoder, features, frontEnd.FrameCount, shape.Voice.InputCount)
                : shape.Voice.Tower is null && options.Pooling == TimePooling.None
                ? graph.Node("Flatten", "voice_row", [features], ("axis", 1))
                : features;
            return Finish(graph, Modality.Voice, features, frontEnd.Fault(samples), [
                (OnnxContract.SampleRateKey, Invariant($"{options.SampleRateHz}")),
                (OnnxContract.InputKey, Invariant($"float32 [batch, samples], mono, -1 to 1, {options.SampleRateHz} Hz")),
            ]);
        }

        byte[] BuildFace()
        {
            var graph = new OnnxGraphBuilder("face_fused");
            string pixels = graph.Input(
                OnnxContract.FacePixels, ElementType.Uint8, ["height", "width", 3], "red, green, blue of upright pictures of any size");
            var frontEnd = new FaceGraph(graph, recipe.Face);
            string features = frontEnd.Planes(pixels);
            features = recipe.Face.Encoder is FaceEncoderOptions encoder
                ? Open(graph, Modality.Face, encoder.Input).Face(frontEnd.Steps, encoder, features, shape.Face.InputCount)
                : shape.Face.Tower is null ? frontEnd.Row(frontEnd.Features(features))
                : shape.Face.Tower.Input.UnitCount > 1 ? frontEnd.OnePicture(frontEnd.Features(features))
                : frontEnd.Features(features);
            return Finish(graph, Modality.Face, features, frontEnd.Fault(pixels), [
                (OnnxContract.InputKey, "uint8 [batch, height, width, 3], red, green, blue, upright"),
            ]);
        }

        PretrainedGraph Open(OnnxGraphBuilder graph, Modality modality, string input)
        {
            string path = frontEnds.Single(frontEnd => frontEnd.Modality == modality).Path;
            PretrainedGraph encoder = PretrainedGraph.Read(path, $"{EnumText.Of(modality)}.encoder", input);
            graph.OpsetVersion = encoder.OpsetVersion;
            return encoder;
        }

        byte[] Finish(
            OnnxGraphBuilder graph, Modality modality, string features, string fault, IEnumerable<(string Key, string Value)> about)
        {
            string prefix = EnumText.Of(modality), role = OnnxContract.Role(OnnxContract.FusedFile(modality));
            (string mean, string logVariance) = ($"{prefix}_posterior_mean", $"{prefix}_posterior_log_variance");
            write(graph, modality, features, mean, logVariance);
            graph.Node("Add", OnnxContract.Mean(modality), [mean, fault]); // [B, D]
            graph.Node("Add", OnnxContract.LogVariance(modality), [logVariance, fault]); // [B, D]
            int dimension = recipe.Model.LatentDimension;
            graph.Output(OnnxContract.Mean(modality), dimension, "posterior mean; NaN for what the front end refuses");
            graph.Output(OnnxContract.LogVariance(modality), dimension, "posterior log-variance; NaN for what the front end refuses");
            Dictionary<string, string> metadata = OnnxGraphs.Metadata(role, recipeHash, weightsHash);
            foreach ((string key, string value) in about)
            {
                metadata[key] = value;
            }

            return graph.Build($"The {prefix} front end and encoder of the recipe '{recipe.Name}' in one graph.", metadata);
        }
    }

    /// <summary>Writes finished encoders, such as those of less precision, node by node, after the front ends.</summary>
    public static PosteriorWriter Encoders(OnnxGraphs graphs) => (graph, modality, features, mean, logVariance) =>
    {
        string prefix = $"{EnumText.Of(modality)}_encoder/";
        graph.Include(
            Model.Parser.ParseFrom(graphs.Encoder(modality)),
            prefix,
            new Dictionary<string, string> { [OnnxContract.Features(modality)] = features });
        graph.Node("Identity", mean, [prefix + OnnxContract.Mean(modality)]); // [B, D]
        graph.Node("Identity", logVariance, [prefix + OnnxContract.LogVariance(modality)]); // [B, D]
    };

    /// <summary>The card's entry of a graph.</summary>
    public static ModelCardFile Describe(Modality modality, int dimension, byte[] graph) => new(
        OnnxContract.FusedFile(modality),
        Convert.ToHexStringLower(SHA256.HashData(graph)),
        [
            modality == Modality.Voice
                ? new ModelCardTensor(OnnxContract.VoiceSamples, [null, null])
                : new ModelCardTensor(OnnxContract.FacePixels, [null, null, null, 3]) { Type = "uint8" },
        ],
        [
            new ModelCardTensor(OnnxContract.Mean(modality), [null, dimension]),
            new ModelCardTensor(OnnxContract.LogVariance(modality), [null, dimension]),
        ]);
}
