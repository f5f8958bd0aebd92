using System.Security.Cryptography;
using System.Text;
using CrossModalVae.Features;
using CrossModalVae.Files;
using CrossModalVae.Onnx.Fused;
using CrossModalVae.Onnx.Protos;
using Google.Protobuf;

namespace CrossModalVae.Onnx.Precision;

/// <summary>The graphs of a model with encoders of less precision, and what that costs. The decoder stays float32.</summary>
/// <param name="Graphs">The files.</param>
/// <param name="WeightsHash">SHA-256 that stands for the weights as they are rounded.</param>
/// <param name="Cost">The loss, for the card.</param>
internal sealed record ReducedGraphs(OnnxGraphs Graphs, string WeightsHash, ModelCardPrecision Cost)
{
    // More clips move a range's ends no more than the 0.01 % that it leaves out.
    private const int CalibrationClips = 256;

    // Of a unit's size; a step of 8 bits is 1/255 of a range, one of 11 bits 1/2048.
    private const double Float16Limit = 0.01;
    private const double Int8Limit = 0.1;

    /// <summary>Rewrites the encoders of float32 graphs and measures the loss.</summary>
    /// <exception cref="InvalidOperationException">The loss is beyond the limit.</exception>
    /// <exception cref="InvalidDataException">There are too few clips to tell.</exception>
    public static ReducedGraphs Build(
        OnnxGraphs graphs,
        MultimodalVaeWeights shape,
        PrecisionOptions options,
        string weightsHash,
        long seed,
        CancellationToken cancellationToken)
    {
        options.Validate();
        Model voice = Reduce(graphs.VoiceEncoder, shape.Voice, options, seed, cancellationToken);
        Model face = Reduce(graphs.FaceEncoder, shape.Face, options, seed, cancellationToken);
        string hash = Hash(weightsHash, voice, face);
        var reduced = new OnnxGraphs(
            WithHash(voice, hash), WithHash(face, hash), graphs.Decoder is null ? null : WithHash(Parse(graphs.Decoder), hash));
        ModelCardPrecision cost = PrecisionLoss.Measure(graphs, reduced, shape, options, seed, cancellationToken);
        int? clips = options.Kind == ModelPrecision.Int8 ? Math.Min(options.Training!.Count, CalibrationClips) : null;
        return new ReducedGraphs(reduced, hash, cost with { CalibrationClips = clips });
    }

    /// <summary>
    /// Refuses fused graphs that give other posteriors than front ends and these encoders. Their front ends differ in the last bits, and a
    /// number near the border of two steps takes the one or the other.
    /// </summary>
    /// <exception cref="InvalidOperationException">They differ by more than such numbers explain.</exception>
    public void RequireAgreement(FusedGraphs fused, MultimodalVaeWeights shape, OnnxExportOptions options)
    {
        double limit = Cost.Kind == ModelPrecision.Float16 ? Float16Limit : Int8Limit;
        foreach (ModelCardMeasurement m in FusedParity.BatchSizes.SelectMany(size => FusedParity.Measure(
            fused, options.Recipe, options.Encoders, Encode, size, options.Seed)))
        {
            if (!(m.LargestError <= limit)) // a NaN disagrees too
            {
                throw UserError.Mark(new InvalidOperationException(
                    Invariant($"{m.File} in {EnumText.Of(Cost.Kind)} disagrees with front end and encoder by {m.LargestError:0.0e+0} at ")
                    + Invariant($"batch {m.BatchSize}; must be at most {limit:0.0e+0}. Nothing was written.")));
            }
        }

        (float[] Mean, float[] LogVariance) Encode(Modality modality, float[] features, int batchSize) =>
            OnnxParity.Encode(Graphs, modality == Modality.Voice ? shape.Voice : shape.Face, features, batchSize);
    }

    private static Model Reduce(
        byte[] graph, GaussianEncoderWeights encoder, PrecisionOptions options, long seed, CancellationToken cancellationToken)
    {
        Model model = Parse(graph);
        if (options.Kind == ModelPrecision.Float16)
        {
            return HalfGraph.Of(model);
        }

        var tensors = new QuantisedTensors(model.Graph);
        string[] sources = [.. tensors.Chosen.Select(tensors.SourceOf).Distinct()];
        EncoderRows rows = Draw(options.Training!, encoder, CalibrationClips, seed);
        if (rows.Count == 0)
        {
            throw new InvalidDataException(
                $"The training clips have no {EnumText.Of(encoder.Modality)}; expected some, to find the ranges of 8-bit activations on.");
        }

        return QuantisedGraph.Of(model, tensors, ActivationRanges.Find(model, sources, rows, cancellationToken));
    }

    /// <summary>Some rows of a source that have an encoder's modality, drawn by the seed.</summary>
    internal static EncoderRows Draw(FeatureSource source, GaussianEncoderWeights encoder, int most, long seed)
    {
        int[] rows = source.RowsWith(encoder.Modality);
        SeededRandom.For(seed, "precision").Shuffle(rows.AsSpan());
        return new EncoderRows(source, encoder, [.. rows.Take(most).Order()]);
    }

    private static Model Parse(byte[] graph) => Model.Parser.ParseFrom(graph);

    // Of other constants come other embeddings, which are no match for those of the trained weights.
    private static string Hash(string weightsHash, params Model[] models)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(weightsHash));
        foreach (Tensor constant in models.SelectMany(model => model.Graph.Initializer))
        {
            hash.AppendData(constant.RawData.Span);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static byte[] WithHash(Model model, string hash)
    {
        model.MetadataProps.Single(property => property.Key == OnnxContract.WeightsHashKey).Value = hash;
        return model.ToByteArray();
    }
}
