using CrossModalVae.Onnx;
using CrossModalVae.Pipelines.Bundles;

namespace CrossModalVae.Pipelines.Tests.Bundles;

public class ModelFolderTests
{
    [Fact]
    public void Contract_IsTheExporters()
    {
        Assert.Equal(OnnxContract.VoiceEncoderFile, ModelFolder.VoiceEncoderFile);
        Assert.Equal(OnnxContract.FaceEncoderFile, ModelFolder.FaceEncoderFile);
        Assert.Equal(OnnxContract.DecoderFile, ModelFolder.DecoderFile);
        Assert.Equal(OnnxContract.RoleKey, ModelFolder.RoleKey);
        Assert.Equal(OnnxContract.SchemaKey, ModelFolder.SchemaKey);
        Assert.Equal(OnnxContract.Schema, ModelFolder.Schema);
        Assert.Equal(OnnxContract.RecipeHashKey, ModelFolder.RecipeHashKey);
        Assert.Equal(OnnxContract.WeightsHashKey, ModelFolder.WeightsHashKey);
        Assert.Equal(OnnxContract.Latent, ModelFolder.Latent);
        Assert.Equal(ModelFolder.VoiceFeatures, OnnxContract.Features(Modality.Voice));
        Assert.Equal(ModelFolder.VoiceMean, OnnxContract.Mean(Modality.Voice));
        Assert.Equal(ModelFolder.VoiceLogVariance, OnnxContract.LogVariance(Modality.Voice));
        Assert.Equal(ModelFolder.VoiceReconstruction, OnnxContract.Reconstruction(Modality.Voice));
        Assert.Equal(ModelFolder.FaceFeatures, OnnxContract.Features(Modality.Face));
        Assert.Equal(ModelFolder.FaceMean, OnnxContract.Mean(Modality.Face));
        Assert.Equal(ModelFolder.FaceLogVariance, OnnxContract.LogVariance(Modality.Face));
        Assert.Equal(ModelFolder.FaceReconstruction, OnnxContract.Reconstruction(Modality.Face));
    }
}
