using System.Xml.Linq;
using CrossModalVae.Calibration;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Metrics;
using CrossModalVae.Numerics;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Cli.Tests;

/// <summary><c>cmvae rank</c> and <c>cmvae calibrate</c> on made embeddings.</summary>
public sealed class RankTests : IDisposable
{
    private const int People = 48;
    private const int Clips = 4;

    private readonly TemporaryFolder _folder = new();

    public RankTests() => EmbeddingFile.Write(_folder["e"], Corpus());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Rank_IdentitiesByMean_IsWhatTheLibraryRanks()
    {
        string output = await Run(
            "rank", "--query", "p40/v0/c0", "--by", "identity", "--aggregate", "mean", "--k", "3", "--out", _folder["r.json"], "--json");

        Ranking ranking = RankingFile.Read(_folder["r.json"]);
        EmbeddingSet all = Corpus();
        EmbeddingSet voice = all.Where(row => row is { Identity: "p40", Clip: "v0/c0", Modality: Modality.Voice });
        EmbeddingSet faces = all.Where(row => row.Modality == Modality.Face);
        Assert.Equal(
            new RankingRequest { Count = 3, Identities = IdentityAggregation.Mean }.Rank(new Ranker(faces), voice), ranking.Matches);
        Assert.Equal(await File.ReadAllTextAsync(_folder["r.json"]), output);
        Assert.Equal((People * Clips, new RankingProbe("p40", "v0/c0")), (ranking.GalleryCount, ranking.Query));
        Assert.All(ranking.Matches, match => Assert.Equal(Clips, match.ClipCount));
    }

    [Fact]
    public async Task Rank_Filters_LeaveOthersOut()
    {
        await Run(
            "rank", "--query", "p40/v0/c0", "--direction", "face-to-voice", "--gender", "f", "--split", "test", "--nationality", "Peru",
            "--least-age", "20", "--largest-age", "45",
            "--exclude", "video", "--k", "100", "--out", _folder["r.json"]);

        Ranking ranking = RankingFile.Read(_folder["r.json"]);
        EmbeddingRow[] expected =
        [
            .. Corpus().Rows
                .Where(row => row is { Modality: Modality.Voice, Gender: "f", Split: CorpusSplit.Test })
                .Where(row => row is { Nationality: "Peru", Age: >= 20 and <= 45 }
                    && !(row.Identity == "p40" && row.Clip.StartsWith("v0/", StringComparison.Ordinal))),
        ];
        Assert.NotEmpty(expected);
        Assert.Contains(expected, row => row.Identity == "p40");
        Assert.Equal(
            expected.Select(row => $"{row.Identity}/{row.Clip}").Order(StringComparer.Ordinal),
            ranking.Matches.Select(match => $"{match.Identity}/{match.Clip}").Order(StringComparer.Ordinal));
        Assert.Equal(expected.Length, ranking.GalleryCount);
        Assert.Equal(
            "gender f, split test, nationality Peru, age from 20, age to 45, without the query's video", ranking.Filter.Describe());
    }

    [Fact]
    public async Task Rank_WholeIdentityAsks_FindsItself()
    {
        string output = await Run(
            "rank", "--query-identity", "p41", "--combine", "mean-score", "--by", "identity", "--k", "1", "--out", _folder["r.json"]);

        Ranking ranking = RankingFile.Read(_folder["r.json"]);
        Assert.Equal(new RankingProbe("p41", null) { ClipCount = Clips, Combination = ProbeCombination.MeanScore }, ranking.Query);
        Assert.Equal("p41", Assert.Single(ranking.Matches).Identity);
        Assert.StartsWith(
            $"voice-to-face, query p41, {Clips} clips by mean-score, cosine, among {People * Clips} clips",
            output,
            StringComparison.Ordinal);
        Assert.Contains("the same person", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CalibrateAndRank_Validation_AddsProbabilities()
    {
        string table = await Run(
            "calibrate", "--split", "validation", "--prior", "0.1", "--out", _folder["c.json"], "--pictures", _folder["p"]);
        string output = await Run("rank", "--query", "p40/v0/c0", "--calibration", _folder["c.json"], "--out", _folder["r.json"]);

        CalibrationReport report = CalibrationFile.Read(_folder["c.json"]);
        Ranking ranking = RankingFile.Read(_folder["r.json"]);
        Assert.Equal(report.Calibration, ranking.Calibration);
        Assert.Equal(0.1, report.Calibration.Prior);
        Assert.True(report.After.LogLoss < report.Before.LogLoss);
        Assert.All(ranking.Matches, match => Assert.Equal(report.Calibration.Probability(match.Score), match.Probability));
        Assert.StartsWith("voice-to-face, cosine: log-odds = ", table, StringComparison.Ordinal);
        Assert.Contains("score as log-odds", table, StringComparison.Ordinal);
        Assert.Contains("at a prior of 10%", output, StringComparison.Ordinal);
        Assert.Equal("svg", XDocument.Load(Path.Combine(_folder["p"], "reliability.svg")).Root!.Name.LocalName);
        Assert.True(File.Exists(Path.Combine(_folder["p"], "reliability.png")));
    }

    [Fact]
    public async Task Rank_CalibrationWithoutPrior_TakesOneOverThePeopleRanked()
    {
        await Run("calibrate", "--out", _folder["c.json"]);
        string all = await Run("rank", "--query", "p40/v0/c0", "--calibration", _folder["c.json"], "--out", _folder["r.json"]);
        string women = await Run(
            "rank", "--query", "p40/v0/c0", "--calibration", _folder["c.json"], "--gender", "f", "--split", "test",
            "--out", _folder["w.json"]);
        await Run(
            "rank", "--query", "p40/v0/c0", "--calibration", _folder["c.json"], "--prior", "0.5", "--out", _folder["h.json"]);

        await Run("calibrate", "--prior", "0.5", "--out", _folder["half.json"]);
        await Run("rank", "--query", "p40/v0/c0", "--calibration", _folder["half.json"], "--out", _folder["g.json"]);

        ScoreCalibration fitted = CalibrationFile.Read(_folder["c.json"]).Calibration;
        Assert.Equal(0.5, fitted.Prior);
        Assert.Equal(fitted, RankingFile.Read(_folder["g.json"]).Calibration); // one half that was asked for is kept
        Assert.Equal(fitted with { Prior = 1.0 / People }, RankingFile.Read(_folder["r.json"]).Calibration);
        Assert.Equal(fitted with { Prior = 1.0 / 8 }, RankingFile.Read(_folder["w.json"]).Calibration);
        Assert.Equal(fitted, RankingFile.Read(_folder["h.json"]).Calibration);
        Assert.Contains("at a prior of 2.08%, one of the 48 people ranked; --prior sets another", all, StringComparison.Ordinal);
        Assert.Contains("same person (prior 12.5%)", women, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rank_PersonAskedFor_HasAPlaceInTextJsonAndPicture()
    {
        string clips = await Run("rank", "--query", "p40/v0/c0", "--k", "1", "--out", _folder["r.json"]);
        string people = await Run("rank", "--query", "p40/v0/c0", "--by", "identity", "--k", "1", "--out", _folder["i.json"]);
        string men = await Run("rank", "--query", "p40/v0/c0", "--gender", "m", "--out", _folder["m.json"]);

        RankingPlace place = RankingFile.Read(_folder["r.json"]).Place!, byIdentity = RankingFile.Read(_folder["i.json"]).Place!;
        EmbeddingSet all = Corpus();
        RankedRow[] ranked = new Ranker(all.Where(row => row.Modality == Modality.Face)).Search(
            all.Where(row => row is { Identity: "p40", Clip: "v0/c0", Modality: Modality.Voice }), People * Clips)[0];
        EmbeddingRow[] faces = [.. all.Rows.Where(row => row.Modality == Modality.Face)];
        Assert.Equal(
            new RankingPlace(Array.FindIndex(ranked, row => faces[row.Row].Identity == "p40") + 1, People * Clips, Clips, People), place);
        Assert.Equal((People, 1, People), (byIdentity.RankedCount, byIdentity.OwnCount, byIdentity.IdentityCount));
        Assert.Contains(
            $"p40: the right person stands at rank {place.Rank} of 192 clips, the best of their 4; by chance about 39",
            clips,
            StringComparison.Ordinal);
        Assert.Contains($"rank {byIdentity.Rank} of 48 people; by chance about 25", people, StringComparison.Ordinal);
        Assert.Contains("p40: the right person is not among the 96 clips ranked", men, StringComparison.Ordinal);
        Assert.Null(RankingFile.Read(_folder["m.json"]).Place!.Rank);
    }

    [Fact]
    public async Task Rank_ShrunkenMean_IsWhatTheLibraryRanks()
    {
        await Run(
            "rank", "--query", "p40/v0/c0", "--by", "identity", "--aggregate", "shrunken-mean", "--shrinkage", "3", "--out",
            _folder["r.json"]);

        Ranking ranking = RankingFile.Read(_folder["r.json"]);
        EmbeddingSet all = Corpus();
        Assert.Equal(IdentityAggregation.ShrunkenMean with { Shrinkage = 3 }, ranking.Identities);
        Assert.Equal(
            new RankingRequest { Identities = ranking.Identities }.Rank(
                new Ranker(all.Where(row => row.Modality == Modality.Face)),
                all.Where(row => row is { Identity: "p40", Clip: "v0/c0", Modality: Modality.Voice })),
            ranking.Matches);
        Assert.Equal(
            "cmvae: --shrinkage goes with --aggregate shrunken-mean only.",
            (await Refused("rank", "--query", "p40/v0/c0", "--by", "identity", "--shrinkage", "3")).Split('\n')[0].TrimEnd());
    }

    [Fact]
    public async Task Rank_OtherPrior_ShiftsTheLogOdds()
    {
        await Run("calibrate", "--by", "identity", "--aggregate", "top-m", "--top", "2", "--out", _folder["c.json"]);
        await Run(
            "rank", "--query", "p40/v0/c0", "--by", "identity", "--aggregate", "top-m", "--top", "2", "--calibration", _folder["c.json"],
            "--prior", "0.01", "--out", _folder["r.json"]);

        ScoreCalibration used = RankingFile.Read(_folder["r.json"]).Calibration!;
        Assert.Equal(CalibrationFile.Read(_folder["c.json"]).Calibration with { Prior = 0.01 }, used);
    }

    [Fact]
    public async Task Rank_CalibrationOfOtherScores_IsRefused()
    {
        await Run("calibrate", "--out", _folder["c.json"]);

        Assert.Equal(
            "cmvae: The calibration is for other scores: ranked identities by their best clip is asked for, "
            + "it was fitted to clips. Calibrate those that are ranked.",
            await Refused("rank", "--query", "p40/v0/c0", "--by", "identity", "--calibration", _folder["c.json"]));
    }

    [Fact]
    public async Task Rank_PeopleOfTheCalibration_AreWarnedOf()
    {
        await Run("calibrate", "--out", _folder["c.json"]);

        (int exitCode, _, string error) = await Cmvae.RunAsync(
            "rank", "--embeddings", _folder["e"], "--query", "p20/v0/c0", "--split", "test", "--calibration", _folder["c.json"]);

        Assert.Equal(0, exitCode);
        Assert.Equal(
            "warning: the calibration was fitted to 1 of the identities in the query or the list; their probabilities are too optimistic.",
            error.TrimEnd());
    }

    [Fact]
    public async Task Calibrate_TestSplit_IsRefusedUnlessSaid()
    {
        Assert.StartsWith(
            "cmvae: --split is test: probabilities fitted to the identities that are then evaluated are too optimistic; "
            + "use validation, or --allow-test where nothing is evaluated.",
            await Refused("calibrate", "--split", "test", "--out", _folder["c.json"]),
            StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["c.json"]));

        await Run("calibrate", "--split", "test", "--allow-test", "--out", _folder["c.json"]);

        Assert.Equal(CorpusSplit.Test, CalibrationFile.Read(_folder["c.json"]).Split);
    }

    [Fact]
    public async Task Calibrate_TrainSplit_IsWarnedOf()
    {
        (int exitCode, _, string error) = await Cmvae.RunAsync(
            "calibrate", "--embeddings", _folder["e"], "--split", "train", "--out", _folder["c.json"]);

        Assert.Equal(0, exitCode);
        Assert.Equal(
            "warning: fitted to the train split: scores of identities seen in training are better than "
            + "those of others, so probabilities will be too confident.",
            error.TrimEnd());
    }

    [Fact]
    public async Task Rank_NobodyPasses_SaysWhatWasAskedFor() =>
        Assert.Equal(
            $"cmvae: None of the gallery's {People * Clips} rows passes the filter: face, gender f, nationality Atlantis.",
            await Refused("rank", "--query", "p40/v0/c0", "--gender", "f", "--nationality", "Atlantis"));

    [Theory]
    [InlineData("p40/v0/c9", "--query", "of clip 'p40/v0/c9'; expected IDENTITY/CLIP of one of its rows such as 'p40/v0/c0'.")]
    [InlineData("p40", "--query", "of clip 'p40'; expected IDENTITY/CLIP of one of its rows such as 'p40/v0/c0'.")]
    [InlineData("p49", "--query-identity", "of 'p49'; expected an identity of its rows such as 'p09'.")]
    public async Task Rank_UnknownQuery_NamesTheNearest(string query, string option, string sentence) =>
        Assert.Equal($"cmvae: {_folder["e"]}: has no voice row {sentence}", await Refused("rank", option, query));

    [Theory]
    [InlineData("", "The query is missing or given twice; must be either --query IDENTITY/CLIP or --query-identity IDENTITY.")]
    [InlineData(
        "--query a/1 --query-identity a",
        "The query is missing or given twice; must be either --query IDENTITY/CLIP or --query-identity IDENTITY.")]
    [InlineData("--query a/1 --combine mean-score", "--combine goes with --query-identity only: a single clip needs no combination.")]
    [InlineData("--query-identity a --calibration c",
        "--calibration does not go with --query-identity: it was fitted to the scores of single query clips.")]
    [InlineData("--query a/1 --prior 0.5", "--prior goes with --calibration only.")]
    [InlineData("--query a/1 --calibration c --prior 1", "--prior is 1; must be above 0 and below 1.")]
    [InlineData("--query a/1 --aggregate mean", "--aggregate goes with --by identity only.")]
    [InlineData("--query a/1 --by identity --top 3", "--top goes with --aggregate top-m only.")]
    public async Task Rank_OptionsThatDoNotGoTogether_AreRefused(string options, string sentence) =>
        Assert.StartsWith(
            $"cmvae: {sentence}",
            await Refused(["rank", .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries)]),
            StringComparison.Ordinal);

    [Fact]
    public async Task Rank_GalleryOfItsOwn_IsRankedInstead()
    {
        EmbeddingSet test = Corpus().Where(row => row.Split == CorpusSplit.Test);
        using (var writer = GalleryWriter.Create(_folder["g"], GalleryOptions.For(test)))
        {
            writer.Append(test);
        }

        await Run("rank", "--query", "p40/v0/c0", "--gallery", _folder["g"], "--out", _folder["g.json"]);
        await Run("rank", "--query", "p40/v0/c0", "--split", "test", "--out", _folder["r.json"]);

        Ranking ofGallery = RankingFile.Read(_folder["g.json"]);
        Assert.Equal(RankingFile.Read(_folder["r.json"]).Matches, ofGallery.Matches);
        Assert.Equal(test.Rows.Count(row => row.Modality == Modality.Face), ofGallery.GalleryCount);
    }

    [Fact]
    public async Task Rank_SameOrderForEverybody_IsRefused()
    {
        EmbeddingSet good = Corpus();
        var values = (float[])good.Values.Clone();
        for (int row = 0; row < good.Count; row++)
        {
            if (good.Rows[row].Modality == Modality.Voice)
            {
                good[0].CopyTo(values.AsSpan(row * good.Dimension)); // one voice for everybody
            }
        }

        EmbeddingFile.Write(_folder["e"], new EmbeddingSet(values, good.Dimension, good.Rows));

        Assert.Equal(
            $"cmvae: The 10 nearest faces are the same, in the same order, for all {People * Clips} voice queries; "
            + "rankings must depend on the query.",
            await Refused("rank", "--query", "p40/v0/c0"));
    }

    // People 0 to 15 in training, 16 to 31 in validation, the others in the test split; every other is female, every third from Peru.
    private static EmbeddingSet Corpus()
    {
        var values = new List<float>();
        var rows = new List<EmbeddingRow>();
        for (int p = 0; p < People; p++)
        {
            var random = SeededRandom.For(4, $"person {p}");
            double[] centre = [.. Enumerable.Range(0, 12).Select(_ => random.NextGaussian())];
            for (int clip = 0; clip < Clips; clip++)
            {
                foreach (Modality modality in (Modality[])[Modality.Voice, Modality.Face])
                {
                    values.AddRange(centre.Select(x => (float)(x + (0.8 * random.NextGaussian()))));
                    rows.Add(new EmbeddingRow
                    {
                        Identity = $"p{p:00}",
                        Clip = $"v{clip / 2}/c{clip}",
                        Modality = modality,
                        Split = (CorpusSplit)(p / 16),
                        Gender = p % 2 == 0 ? "f" : "m",
                        Nationality = p % 3 == 0 || p == 40 ? "Peru" : "Chile",
                        Age = p,
                    });
                }
            }
        }

        return new EmbeddingSet([.. values], 12, rows);
    }

    private async Task<string> Run(string verb, params string[] args)
    {
        (int exitCode, string output, string error) = await Cmvae.RunAsync([verb, "--embeddings", _folder["e"], .. args]);
        Assert.True(exitCode == 0, error);
        return output;
    }

    private async Task<string> Refused(params string[] args)
    {
        (int exitCode, _, string error) = await Cmvae.RunAsync([args[0], "--embeddings", _folder["e"], .. args[1..]]);
        Assert.Equal(2, exitCode);
        return error.TrimEnd();
    }
}
