using CrossModalVae.Corpora;
using CrossModalVae.Scoring;

namespace CrossModalVae.Pipelines.Hosting.Tests;

/// <summary>This assembly runs without Microsoft.ML.ImageAnalytics, as an application without pictures does.</summary>
public class WithoutPicturesTests
{
    [Fact]
    public void FacePipelines_BatchedAndSavable_NeedNoPackageForPictures()
    {
        Assert.False(File.Exists(Path.Combine(AppContext.BaseDirectory, "Microsoft.ML.ImageAnalytics.dll")));
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        Manifest people = ManifestReader.Read(Path.Combine(Fixtures.Grid, "manifest.jsonl"));
        IDataView input = ml.Data.LoadFromEnumerable(
            people.Clips.Take(2).Select(clip => new Frame { Faces = people.FacePaths(clip)[0] }).ToArray());
        using ScoringModel model = ScoringModel.Load(Repository.File("onnx", "demo"));

        ml.Model.Save(model.CreateSavablePipeline(ml, Modality.Face).Fit(input), input.Schema, folder["faces.zip"]);

        IDataView loaded = new MLContext().Model.Load(folder["faces.zip"], out _).Transform(input);
        IDataView batched = model.CreateFacePipeline(ml).Fit(input).Transform(input);
        Assert.Equal(Features(batched), Features(loaded));
        Assert.NotEmpty(typeof(PipelineColumns).Assembly.GetTypes()); // ML.NET looks through them for mappings

        float[][] Features(IDataView view) => [.. view.GetColumn<float[]>(ModelColumns.FaceFeatures)];
    }

    private sealed class Frame
    {
        public string Faces { get; set; } = "";
    }
}
