using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using CrossModalVae.Cli.Terminal;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Evaluation;
using CrossModalVae.Numerics;
using Spectre.Console;

namespace CrossModalVae.Cli.Tests;

/// <summary><c>cmvae report</c> on made embeddings; a whole run's is in <see cref="WholeWayTests"/>.</summary>
public sealed class ReportTests : IDisposable
{
    private const string Markup = "<script>alert(1)</script>";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Report_NamesWithMarkup_AreEscapedEverywhere()
    {
        EmbeddingFile.Write(_folder["e"], People(12, Markup));
        await Run(
            "cluster", "--embeddings", _folder["e"], "--modality", "face", "--out", _folder["c.json"], "--eps", "0.3",
            "--min-samples", "2");
        await Run("evaluate", "--embeddings", _folder["e"], "--out", _folder["m.json"], "--draws", "20");

        await Run(
            "report", "--embeddings", _folder["e"], "--evaluation", _folder["m.json"], "--clusters", _folder["c.json"],
            "--title", $"Of {Markup}", "--out", _folder["r.html"]);

        string page = await File.ReadAllTextAsync(_folder["r.html"]);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("<title>Of &lt;script&gt;alert(1)&lt;/script&gt;</title>", page, StringComparison.Ordinal);
        Assert.Contains(">0&lt;script&gt;alert(1)&lt;/script&gt;<", page, StringComparison.Ordinal); // the first cluster's person
    }

    [Fact]
    public async Task Report_OfAnEvaluation_HasItsFiguresAndPicturesAndNothingOfTheNetwork()
    {
        EmbeddingFile.Write(_folder["e"], People(12, ""));
        await Run("evaluate", "--embeddings", _folder["e"], "--out", _folder["m.json"], "--draws", "20");
        await Run("evaluate", "--embeddings", _folder["e"], "--out", _folder["n.json"], "--draws", "0");

        await Run("report", "--evaluation", _folder["m.json"], _folder["n.json"], "--out", _folder["r.html"]);
        await Run("report", "--evaluation", _folder["m.json"], _folder["n.json"], "--out", _folder["again.html"]);

        string page = await File.ReadAllTextAsync(_folder["r.html"]);
        EvaluationReport report = EvaluationFile.Read(_folder["m.json"]);
        MetricValue auc = report.VoiceToFace.Auc;
        Assert.Contains($">{PopulationTables.Text(auc.Value, auc.Interval)}<", page, StringComparison.Ordinal);
        Assert.All(report.Summary, line => Assert.Contains(HtmlEncoder.Default.Encode(line), page, StringComparison.Ordinal));
        Assert.Equal(
            ["summary", "evaluation-1", "evaluation-2", "making"],
            Regex.Matches(page, "<h2 id=\"([^\"]*)\"").Select(found => found.Groups[1].Value));
        Assert.Equal(6, Regex.Count(page, "<img src=\"data:image/svg&#x2B;xml;base64,")); // three curves of each
        Assert.DoesNotMatch("(src|href)=\"(?!data:|#)", page);
        Assert.DoesNotContain("http:", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https:", page, StringComparison.Ordinal);
        Assert.Equal(page, await File.ReadAllTextAsync(_folder["again.html"]));
    }

    [Fact]
    public async Task Report_ModelThatKnowsGenderOnly_Warns()
    {
        EmbeddingFile.Write(_folder["e"], Genders(16));
        await Run("evaluate", "--embeddings", _folder["e"], "--out", _folder["m.json"], "--draws", "50");

        await Run("report", "--evaluation", _folder["m.json"], "--out", _folder["r.html"]);

        Assert.Contains(
            "<b>Warning:</b> nothing beyond gender is shown: among people of the same gender",
            await File.ReadAllTextAsync(_folder["r.html"]),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("report --out r.html", "there is nothing to report")]
    [InlineData("report --evaluation m.json --manifest m.jsonl --out r.html", "--manifest goes with --embeddings or --clusters")]
    [InlineData("report --evaluation m.json --split test --out r.html", "--split goes with --embeddings only.")]
    [InlineData("report --evaluation none.json --out r.html", "none.json")]
    [InlineData("report --run none --out r.html", "log.jsonl")]
    public async Task Report_WithoutWhatItNeeds_SaysSoAndWritesNothing(string line, string expected)
    {
        string[] words = [.. line.Split(' ').Select(word => word.Contains('.', StringComparison.Ordinal) ? _folder[word] : word)];

        (int exitCode, _, string error) = await Cmvae.RunAsync(words);

        Assert.Equal(2, exitCode);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["r.html"]));
    }

    [Fact]
    public void PageWriter_SentencesAndTables_AreItemsInOrder()
    {
        using var page = new PageWriter();
        Table table = Tables.Start(["who [x]"], "count");
        table.Row("a[b]", "3");

        page.WriteLine("Two lines:");
        page.Write("note: careful\nwarning: more\n\n");
        Tables.Write(page, table);
        page.Write("an end");

        Assert.Equal(
            [("text", "Two lines:"), ("note", "careful"), ("warning", "more"), ("table", ""), ("text", "an end")],
            page.Items.Select(item => (item.Kind, item.Text)));
        Assert.Equal([new PageCell("who [x]", false), new PageCell("count", true)], page.Items[3].Header);
        Assert.Equal([new PageCell("a[b]", false), new PageCell("3", true)], Assert.Single(page.Items[3].Rows));
    }

    // Every person is one place, a little away from which the clips of both modalities lie.
    private static EmbeddingSet People(int count, string suffix) => Make(count, suffix, person => person);

    private static EmbeddingSet Genders(int count) => Make(count, "", person => person % 2);

    private static EmbeddingSet Make(int count, string suffix, Func<int, int> place)
    {
        const int Dimension = 16, Clips = 3;
        var random = new SeededRandom(4);
        var values = new List<float>();
        var rows = new List<EmbeddingRow>();
        for (int person = 0; person < count; person++)
        {
            foreach (Modality modality in new[] { Modality.Voice, Modality.Face })
            {
                for (int clip = 0; clip < Clips; clip++)
                {
                    values.AddRange(Enumerable.Range(0, Dimension).Select(
                        d => (d == place(person) ? 1f : 0) + (0.1f * (float)random.NextGaussian())));
                    rows.Add(new EmbeddingRow
                    {
                        Identity = $"{person}{suffix}",
                        Clip = $"c{clip}",
                        Modality = modality,
                        Split = CorpusSplit.Test,
                        Gender = person % 2 == 0 ? "f" : "m",
                    });
                }
            }
        }

        return new EmbeddingSet([.. values], Dimension, rows);
    }

    private static async Task Run(params string[] args)
    {
        (int exitCode, _, string error) = await Cmvae.RunAsync(args);
        Assert.True(exitCode == 0, error);
    }
}
