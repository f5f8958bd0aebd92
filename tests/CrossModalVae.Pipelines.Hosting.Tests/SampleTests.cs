using System.Globalization;
using CrossModalVae.Corpora;
using CrossModalVae.Retrieval;
using CrossModalVae.Scoring;
using PeopleRanking;

namespace CrossModalVae.Pipelines.Hosting.Tests;

public class SampleTests
{
    [Fact]
    public void PredictionEngine_SaveThenRank_RanksAsTheRanker()
    {
        using var folder = new TemporaryFolder();
        string manifest = Path.Combine(Fixtures.Grid, "manifest.jsonl");
        var output = new StringWriter(CultureInfo.InvariantCulture);
        Manifest people = ManifestReader.Read(manifest);
        Clip[] clips = [.. people.Clips.Take(4)];

        VoiceRanking.Save(Repository.File("onnx", "demo"), manifest, folder["people.cmvae.zip"]);
        VoiceRanking.Rank(folder["people.cmvae.zip"], clips.Select(clip => people.VoicePath(clip)!), output);

        using ScoringModel model = ScoringModel.Load(Repository.File("onnx", "demo"));
        var ranker = new Ranker(model.Embed(people, Modality.Face), model.Recipe.Ranking.Metric);
        string[] lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            clips.Select(clip =>
            {
                IEnumerable<string> nearest = ranker.RankIdentities(model.EmbedVoice(people.VoicePath(clip)!).Mean, 3)
                    .Select(match => string.Create(CultureInfo.InvariantCulture, $"{match.Identity} {match.Score:F2}"));
                return $"audio.wav: {string.Join(", ", nearest)}";
            }),
            lines.Select(line => line.TrimEnd('\r')));
    }
}
