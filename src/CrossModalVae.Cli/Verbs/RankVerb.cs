using CrossModalVae.Calibration;
using CrossModalVae.Cli.Workflows;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae rank</c>: whose face goes with this voice, whose voice with this face.</summary>
internal static class RankVerb
{
    internal static Command Create()
    {
        Option<string> embeddings = Options.Embeddings();
        Option<string?> query = new("--query")
        {
            Description = "The query clip, as IDENTITY/CLIP: this or --query-identity.",
            HelpName = "CLIP",
        };
        Option<string?> person = new("--query-identity")
        {
            Description = "Instead of --query: all clips of an identity form the query.",
            HelpName = "IDENTITY",
        };
        Choice<ProbeCombination> combine = new(
            "--combine", "How the clips of --query-identity form the query.", ProbeCombination.MeanEmbedding);
        Option<string?> gallery = Options.Folder(
            "--gallery", "Rank this gallery folder instead of the other modality's rows of --embeddings.");
        Choice<RetrievalDirection> direction = Options.Direction();
        Option<int> count = Options.Count("--k", "How many matches to list.", 10, 1);
        Scoring scoring = new();
        Choice<RankingMetric> metric = Options.Metric();
        Filters filters = new();
        Option<string?> calibration = Options.File(
            "--calibration", "What 'cmvae calibrate' wrote: adds the probability that a match is of the same person.");
        Option<double?> prior = Options.Prior(
            "The prior probability of a match. Default: the one given to 'cmvae calibrate', else one over the number of people ranked.");
        Output output = new("--out", "Also write the ranking to a file (JSON).", "FILE");
        Output pictures = Options.Pictures("the query and the faces of its matches (needs --manifest)", "ranking");
        Option<string?> manifest = Options.File("--manifest", "The corpus of the embeddings, for the faces of --pictures.");
        Option<string?> root = Options.Root();
        Option<bool> json = Options.Json();
        var command = new Verb(
            "rank",
            "Rank the other modality's clips, or identities, by similarity to a voice or a face: whose face goes with this voice?",
            (
                "the ten faces nearest to a voice",
                "cmvae rank --embeddings embeddings/first --query id10270/5r0dWxy17C8/00001 --split test"),
            (
                "the people whose voices fit the face of a person best",
                "cmvae rank --embeddings embeddings/first --query-identity id10270 --direction face-to-voice --by identity --k 5"))
        {
            embeddings, query, person, combine, gallery, direction, count, metric, calibration, prior, output, pictures, manifest, root,
            json,
        };
        scoring.AddTo(command);
        filters.AddTo(command);
        command.RefuseIf(
            result => result.GetValue(pictures) is not null && result.GetValue(manifest) is null,
            "--pictures is given without --manifest; name the manifest that the embeddings were made from, it says where the faces are.");
        command.RefuseIf(
            result => result.GetValue(root) is not null && result.GetValue(manifest) is null, "--root goes with --manifest only.");
        command.RefuseIf(
            result => result.GetValue(query) is null == result.GetValue(person) is null,
            "The query is missing or given twice; must be either --query IDENTITY/CLIP or --query-identity IDENTITY.");
        command.RefuseIf(
            result => result.GetValue(person) is null && result.IsGiven(combine),
            "--combine goes with --query-identity only: a single clip needs no combination.");
        command.RefuseIf(
            result => result.GetValue(person) is not null && result.GetValue(calibration) is not null,
            "--calibration does not go with --query-identity: it was fitted to the scores of single query clips.");
        command.RefuseIf(
            result => result.GetValue(prior) is not null && result.GetValue(calibration) is null, "--prior goes with --calibration only.");
        return command.Runs((parsed, cancellationToken) =>
        {
            var options = new GalleryRankingOptions
            {
                Embeddings = parsed.GetValue(embeddings)!,
                Query = parsed.GetValue(query),
                QueryIdentity = parsed.GetValue(person),
                Gallery = parsed.GetValue(gallery),
                Direction = direction.ValueOrDefault(parsed),
                Metric = metric.ValueOrDefault(parsed),
                Calibration = parsed.GetValue(calibration) is string file ? CalibrationFile.Read(file) : null,
                Prior = parsed.GetValue(prior),
                Request = new RankingRequest
                {
                    Count = parsed.GetValue(count),
                    Identities = scoring.Read(parsed),
                    Combination = combine.ValueOrDefault(parsed),
                    Filter = filters.Read(parsed),
                },
            };
            parsed.Say("ranking");
            Ranking ranking = GalleryRanking.Run(options, parsed.InvocationConfiguration.Error, cancellationToken);
            if (parsed.GetValue(output) is string path)
            {
                RankingFile.Write(path, ranking);
            }

            if (parsed.GetValue(pictures) is string folder)
            {
                Manifest corpus = ManifestReader.Read(parsed.GetValue(manifest)!, parsed.GetValue(root));
                string clip = ranking.Query.Clip ?? GalleryRanking.FirstClip(options);
                var own = new SheetRanking(new ClipKey(ranking.Query.Identity, clip), ranking.Matches, ranking.Place!);
                string about = ResultPictures.About(
                    ResultPictures.NameOf(options.Gallery ?? options.Embeddings),
                    $"{Counted.Of(ranking.Place!.IdentityCount, "person")}, {Counted.Of(ranking.GalleryCount, "clip")}",
                    EnumText.Of(ranking.Metric),
                    ranking.Filter.Describe(),
                    ranking.Identities is IdentityAggregation { Score: IdentityScore score } ? $"people by {EnumText.Of(score)}" : "");
                RankingPictures.Draw(corpus, options.Direction, [own], about).SaveBoth(folder, "ranking");
            }

            parsed.Print(json, () => RankingFile.Text(ranking), writer => Terminal.RankingTables.Print(writer, ranking));
        });
    }

    /// <summary>Whether clips or identities are scored, and how: the same options for <c>rank</c> and <c>calibrate</c>.</summary>
    internal sealed class Scoring
    {
        private readonly Choice<RankedUnit> _by = new(
            "--by", "What is scored: clips, or identities by all their clips.", RankedUnit.Clip);

        private readonly Choice<IdentityScore> _aggregate = new(
            "--aggregate",
            "With --by identity, its score: its best clip's (favours people with many clips), the mean of all (favours people with few: "
            + "their means vary most), the mean of its --top best, or the mean shrunken towards the gallery's "
            + "(one-clip people have no advantage).",
            IdentityScore.Best);

        private readonly Option<double?> _shrinkage = Options.OptionalNumber(
            "--shrinkage",
            "With --aggregate shrunken-mean: the clips that the gallery's mean counts as. "
            + "Default: the square root of the most clips that a person has.",
            "K",
            new NumberRange(Whole: false, 0));

        private readonly Option<int?> _top = Options.OptionalCount("--top", "With --aggregate top-m: m. Default: 5.", 1);

        internal void AddTo(Command command)
        {
            command.Options.Add(_by);
            command.Options.Add(_aggregate);
            command.Options.Add(_top);
            command.Options.Add(_shrinkage);
            command.RefuseIf(
                result => result.GetValue(_aggregate) is not null && result.GetValue(_by) != RankedUnit.Identity,
                "--aggregate goes with --by identity only.");
            command.RefuseIf(
                result => result.GetValue(_top) is not null && result.GetValue(_aggregate) != IdentityScore.TopM,
                "--top goes with --aggregate top-m only.");
            command.RefuseIf(
                result => result.IsGiven(_shrinkage) && result.GetValue(_aggregate) != IdentityScore.ShrunkenMean,
                "--shrinkage goes with --aggregate shrunken-mean only.");
        }

        internal IdentityAggregation? Read(ParseResult parsed) => _by.ValueOrDefault(parsed) != RankedUnit.Identity
            ? null
            : new IdentityAggregation
            {
                Score = _aggregate.ValueOrDefault(parsed),
                TopCount = parsed.GetValue(_top) ?? IdentityAggregation.Best.TopCount,
                Shrinkage = parsed.GetValue(_shrinkage),
            };
    }

    /// <summary>The values of <c>--by</c>.</summary>
    private enum RankedUnit
    {
        Clip,
        Identity,
    }

    /// <summary>Which rows of the gallery take part.</summary>
    private sealed class Filters
    {
        private const double MostYears = 150;

        private readonly CheckedText _gender = Options.Word("--gender", "Only rows of this gender.", null, "m", "f");
        private readonly Choice<CorpusSplit> _split = new("--split", "Only rows of this split.");
        private readonly Option<string?> _nationality = new("--nationality")
        {
            Description = "Only rows of this nationality, as the corpus spells it.",
            HelpName = "NAME",
        };

        private readonly Option<double?> _leastAge = Age("--least-age", "Only rows of at least this age.");
        private readonly Option<double?> _largestAge = Age("--largest-age", "Only rows of at most this age.");
        private readonly Choice<QueryExclusion> _exclude = new(
            "--exclude", "Leave out the query's own clip, or its whole video.", QueryExclusion.None);

        internal void AddTo(Command command)
        {
            foreach (Option option in new Option[] { _gender, _split, _nationality, _leastAge, _largestAge, _exclude })
            {
                command.Options.Add(option);
            }
        }

        internal RankingFilter Read(ParseResult parsed) => new()
        {
            Gender = parsed.GetValue(_gender),
            Split = parsed.GetValue(_split),
            Nationality = parsed.GetValue(_nationality),
            LeastAge = parsed.GetValue(_leastAge),
            LargestAge = parsed.GetValue(_largestAge),
            Exclude = _exclude.ValueOrDefault(parsed),
        };

        private static Option<double?> Age(string name, string what) =>
            Options.OptionalNumber(name, what, "YEARS", new NumberRange(Whole: false, 0, MostYears));
    }
}
