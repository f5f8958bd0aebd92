using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>
/// D(z): one network that gives both modalities, or, where these have private parts of the latent space, z = [u, w_voice, w_face], one a
/// modality, of [u, its own w]. Gives standardised [face; voice], [B, Ff + Fv].
/// </summary>
/// <param name="Face">The network that gives the face; of both modalities where there is one.</param>
/// <param name="Voice">The network that gives the voice, the same where there is one.</param>
/// <param name="PrivateDimension">P; 0 for one network.</param>
/// <param name="FaceLength">Ff.</param>
/// <param name="VoiceLength">Fv.</param>
internal sealed record SharedDecoder(DecoderStack Face, DecoderStack Voice, int PrivateDimension, int FaceLength, int VoiceLength)
{
    /// <summary>Builds the modules and registers them with the model, which owns them, under names of their own.</summary>
    public static SharedDecoder Create(ModelOptions options, EncoderInput voice, EncoderInput face, Action<string, nn.Module> register)
    {
        int p = options.PrivateDimension;
        DecoderStack ofFace = p == 0
            ? DecoderStack.Create(options, options.LatentDimension, "", [face, voice], register)
            : DecoderStack.Create(options, options.LatentDimension + p, "face_", [face], register);
        DecoderStack ofVoice = p == 0 ? ofFace : DecoderStack.Create(options, options.LatentDimension + p, "voice_", [voice], register);
        return new SharedDecoder(ofFace, ofVoice, p, face.ExampleLength, voice.ExampleLength);
    }

    public Tensor Forward(Tensor latent, TrainingNoise? noise)
    {
        if (PrivateDimension == 0)
        {
            return Face.Forward(latent, noise); // [B, Ff + Fv]
        }

        long p = PrivateDimension, d = latent.shape[1] - (2 * p);
        Tensor ofFace = cat([latent.narrow(1, 0, d), latent.narrow(1, d + p, p)], 1); // [B, D + P]
        return cat([Face.Forward(ofFace, noise), Voice.Forward(latent.narrow(1, 0, d + p), noise)], 1); // [B, Ff + Fv]
    }

    public void Refresh()
    {
        Face.Refresh();
        Voice.Refresh();
    }

    /// <summary>The decoder as plain arrays.</summary>
    /// <param name="statistics">Of both modalities.</param>
    /// <param name="hidden">The hidden layers of a stack's name.</param>
    /// <param name="layer">The fully connected layer of a name.</param>
    /// <param name="array">The array of a name.</param>
    public SharedDecoderWeights ToWeights(
        RecipeStatistics statistics, Func<string, IEnumerable<DenseLayer>> hidden, Func<string, Activation, DenseLayer> layer,
        Func<string, NamedArray> array) =>
        new(Face.Layers(hidden, layer), statistics.Face, statistics.Voice)
        {
            VoiceLayers = PrivateDimension == 0 ? null : Voice.Layers(hidden, layer),
            PrivateDimension = PrivateDimension,
            FaceLength = FaceLength,
            VoiceLength = VoiceLength,
            FaceBranch = Face.Face?.ToWeights("face_branch", layer, array),
            VoiceBranch = Voice.Voice?.ToWeights("voice_branch", layer, array),
        };
}
