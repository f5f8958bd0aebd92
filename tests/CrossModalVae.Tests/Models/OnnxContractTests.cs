using CrossModalVae.Models;

namespace CrossModalVae.Tests.Models;

public class OnnxContractTests
{
    /// <summary>Exported models outlive this code: the names are those of onnx/README.md.</summary>
    [Theory]
    [InlineData(Modality.Voice, "voice-encoder.onnx", "voice-encoder", "voice_features", "voice_mean", "voice_log_variance")]
    [InlineData(Modality.Face, "face-encoder.onnx", "face-encoder", "face_features", "face_mean", "face_log_variance")]
    public void Encoder_Names_AreThePublishedOnes(
        Modality modality, string file, string role, string features, string mean, string logVariance)
    {
        Assert.Equal(file, OnnxContract.EncoderFile(modality));
        Assert.Equal(role, OnnxContract.Role(file));
        Assert.Equal(features, OnnxContract.Features(modality));
        Assert.Equal(mean, OnnxContract.Mean(modality));
        Assert.Equal(logVariance, OnnxContract.LogVariance(modality));
    }

    [Fact]
    public void Encoder_OfAJointEmbedding_Refuses()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => OnnxContract.Mean(Modality.Joint));

        Assert.StartsWith("'modality' must be Voice or Face.", error.Message, StringComparison.Ordinal);
    }
}
