using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using CrossModalVae.Recipes;

namespace CrossModalVae.Models;

/// <summary>The hash of a trained model: SHA-256, 64 lower-case hexadecimal digits.</summary>
internal static class WeightsHash
{
    /// <summary>
    /// Over shapes, activations, weights and statistics, in the order voice encoder, face encoder, decoder where there is one.
    /// </summary>
    public static string Compute(MultimodalVaeWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (GaussianEncoderWeights encoder in (GaussianEncoderWeights[])[weights.Voice, weights.Face])
        {
            Append(hash, encoder.Statistics);
            Append(hash, encoder.Tower?.Layers);
            Append(hash, [.. encoder.Hidden, encoder.Mean, encoder.LogVariance]);
        }

        if (weights.Decoder is SharedDecoderWeights decoder)
        {
            Append(hash, decoder.Layers);
            Append(hash, decoder.VoiceLayers ?? []);
            Append(hash, decoder.FaceStatistics);
            Append(hash, decoder.VoiceStatistics);
            foreach (UpsamplingWeights? branch in (UpsamplingWeights?[])[decoder.FaceBranch, decoder.VoiceBranch])
            {
                Append(hash, branch is null ? [] : [branch.Seed]);
                Append(hash, branch?.Layers);
            }

            if (decoder.FaceIsLogit || decoder.VoiceIsLogit)
            {
                hash.AppendData([(byte)(decoder.FaceIsLogit ? 1 : 0), (byte)(decoder.VoiceIsLogit ? 1 : 0)]);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, LayerWeights? layers)
    {
        foreach ((string name, NamedArray array) in layers?.Arrays ?? [])
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData(MemoryMarshal.AsBytes<long>(array.Shape.ToArray()));
            hash.AppendData(MemoryMarshal.AsBytes<float>(array.Values));
        }
    }

    private static void Append(IncrementalHash hash, FeatureStatistics statistics)
    {
        hash.AppendData(MemoryMarshal.AsBytes<float>(statistics.Mean));
        hash.AppendData(MemoryMarshal.AsBytes<float>(statistics.StandardDeviation));
    }

    private static void Append(IncrementalHash hash, IReadOnlyList<DenseLayer> layers)
    {
        foreach (DenseLayer layer in layers)
        {
            hash.AppendData(MemoryMarshal.AsBytes<int>(new[] { layer.OutputCount, layer.InputCount, (int)layer.Activation }));
            hash.AppendData(MemoryMarshal.AsBytes<float>(layer.Weight));
            hash.AppendData(MemoryMarshal.AsBytes<float>(layer.Bias));
        }
    }
}
