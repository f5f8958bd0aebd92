using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>The contrastive term, which separates identities.</summary>
internal static class Contrast
{
    // Added to squared lengths under a square root: below any length that matters, above what float32 loses.
    private const double LengthFloor = 1e-12;

    // Added to a logit that must not count: exp of it is 0 in float32 and float64, and unlike infinity it has a gradient of 0 and not NaN.
    public const float Excluded = -1e9f;

    /// <summary>
    /// Symmetric InfoNCE (van den Oord et al. 2018, arXiv 1807.03748; symmetric as in CLIP, Radford et al. 2021) on cosine similarities of
    /// posterior means divided by a temperature: the mean of both directions' cross-entropies, in nats; about ln B at chance. Another pair
    /// of the same identity is not a negative: it is left out.
    /// </summary>
    /// <param name="voiceMean">mu of voices, [B, D].</param>
    /// <param name="faceMean">mu of faces, [B, D]; row i belongs to voice i.</param>
    /// <param name="temperature">Above 0.</param>
    /// <param name="identities">B numbers, equal for the same identity.</param>
    /// <returns>A scalar; 0 where no row has a negative.</returns>
    public static Tensor SymmetricInfoNce(Tensor voiceMean, Tensor faceMean, double temperature, IReadOnlyList<int> identities)
    {
        long b = voiceMean.shape[0];
        Tensor similarity = UnitLength(voiceMean).mm(UnitLength(faceMean).t()).Over(temperature); // [B, B]
        Tensor positive = similarity.diagonal(0, 0, 1); // [B]
        Tensor logits = ExcludeSameIdentity(similarity, identities); // [B, B]
        Tensor voiceToFace = logits.logsumexp(1) - positive; // [B]
        Tensor faceToVoice = logits.logsumexp(0) - positive; // [B]
        return voiceToFace.Plus(faceToVoice).sum().Over(2.0 * b); // []
    }

    /// <summary>Rows at unit length, [B, D].</summary>
    public static Tensor UnitLength(Tensor x) => x / (x * x).sum(1, true).Plus(LengthFloor).sqrt(); // [B, D]

    private static Tensor ExcludeSameIdentity(Tensor similarity, IReadOnlyList<int> identities)
    {
        int b = identities.Count;
        var mask = new float[(long)b * b];
        bool any = false;
        for (int i = 0; i < b; i++)
        {
            for (int j = 0; j < b; j++)
            {
                if (i != j && identities[i] == identities[j])
                {
                    mask[((long)i * b) + j] = Excluded;
                    any = true;
                }
            }
        }

        return any ? similarity.Plus(tensor(mask, [b, b], device: similarity.device)) : similarity; // [B, B]
    }
}
