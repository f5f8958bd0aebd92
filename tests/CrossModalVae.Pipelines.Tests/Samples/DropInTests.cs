using System.Globalization;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Models;
using CrossModalVae.Retrieval;
using CrossModalVae.Scoring;
using DropIn;

namespace CrossModalVae.Pipelines.Tests.Samples;

public class DropInTests
{
    private static readonly string Auditions = Path.Combine(AppContext.BaseDirectory, "auditions.tsv");

    [Fact]
    public void Run_SmallModel_RanksTheFacesThatTheRankerRanks()
    {
        using var folder = new TemporaryFolder();
        ModelFolders.Write(folder.Root, ModelFolders.Recipe(recipe => recipe with { Ranking = new RankingOptions { Count = 3 } }));

        AssertRanksAsTheRanker(folder.Root);
    }

    [SkippableFact]
    public void Run_ReferenceModel_RanksTheFacesThatTheRankerRanks()
    {
        Skip.IfNot(File.Exists(Path.Combine(TestFiles.ReferenceModel, ModelCard.FileName)), "onnx/demo has not been exported.");

        AssertRanksAsTheRanker(TestFiles.ReferenceModel);
    }

    private static void AssertRanksAsTheRanker(string modelFolder)
    {
        var output = new StringWriter(CultureInfo.InvariantCulture);

        DubbingStudio.Run(Auditions, TestFiles.GridManifest, modelFolder, output);

        using ScoringModel model = ScoringModel.Load(modelFolder);
        Manifest manifest = ManifestReader.Read(TestFiles.GridManifest);
        EmbeddingSet voices = model.Embed(manifest, Modality.Voice)
            .Where(row => row.Identity is "x04" or "x05" or "x06" or "x07" or "x08");
        var ranker = new Ranker(model.Embed(manifest, Modality.Face), model.Recipe.Ranking.Metric);
        string[] lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        int[] priorities = [0, 2, 0, 2, 0];
        Assert.Equal(5, lines.Length);
        for (int i = 0; i < lines.Length; i++)
        {
            string nearest = string.Join(
                ", ",
                ranker.RankIdentities(voices[i], 3)
                    .Select(match => string.Create(CultureInfo.InvariantCulture, $"{match.Identity} {match.Score:F2}")));
            Assert.Equal($"A-10{i + 1}  priority {priorities[i]}  nearest faces: {nearest}", lines[i].TrimEnd('\r'));
        }
    }
}
