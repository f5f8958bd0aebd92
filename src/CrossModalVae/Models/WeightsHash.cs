using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CrossModalVae.Recipes;

namespace CrossModalVae.Models;

/// <summary>The fingerprint of a trained model: two models with the same fingerprint compute the same.</summary>
public static class WeightsHash
{
    /// <summary>SHA-256 over shapes, activations, weights and statistics, in the order voice encoder, face encoder, decoder.</summary>
    /// <param name="weights">The trained model.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public static string Compute(MultimodalVaeWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, weights.Voice);
        Append(hash, weights.Face);
        foreach (DenseLayer layer in weights.Decoder.Layers)
        {
            Append(hash, layer);
        }

        Append(hash, weights.Decoder.FaceStatistics);
        Append(hash, weights.Decoder.VoiceStatistics);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, GaussianEncoderWeights encoder)
    {
        Append(hash, encoder.Statistics);
        foreach (DenseLayer layer in encoder.Hidden)
        {
            Append(hash, layer);
        }

        Append(hash, encoder.Mean);
        Append(hash, encoder.LogVariance);
    }

    private static void Append(IncrementalHash hash, FeatureStatistics statistics)
    {
        hash.AppendData(MemoryMarshal.AsBytes<float>(statistics.Mean));
        hash.AppendData(MemoryMarshal.AsBytes<float>(statistics.StandardDeviation));
    }

    private static void Append(IncrementalHash hash, DenseLayer layer)
    {
        hash.AppendData(MemoryMarshal.AsBytes<int>(new[] { layer.OutputCount, layer.InputCount, (int)layer.Activation }));
        hash.AppendData(MemoryMarshal.AsBytes<float>(layer.Weight));
        hash.AppendData(MemoryMarshal.AsBytes<float>(layer.Bias));
    }
}
