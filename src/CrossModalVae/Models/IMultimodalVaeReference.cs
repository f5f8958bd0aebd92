namespace CrossModalVae.Models;

/// <summary>The trained model as its trainer computes it, which an exported graph must agree with.</summary>
public interface IMultimodalVaeReference
{
    /// <summary>The posterior of a batch of features as the front end delivers them.</summary>
    /// <param name="modality">Voice or face.</param>
    /// <param name="features">[B, F] row-major.</param>
    /// <param name="batchSize">B.</param>
    /// <returns>Mean and log-variance, each [B, D] row-major.</returns>
    (float[] Mean, float[] LogVariance) Encode(Modality modality, float[] features, int batchSize);

    /// <summary>The reconstruction of both modalities from latent points, in the front ends' units.</summary>
    /// <param name="latent">[B, D] row-major.</param>
    /// <param name="batchSize">B.</param>
    /// <returns>Face [B, Ff] and voice [B, Fv], row-major.</returns>
    (float[] Face, float[] Voice) Decode(float[] latent, int batchSize);
}
