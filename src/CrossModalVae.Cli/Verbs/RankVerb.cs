using CrossModalVae.Calibration;
using CrossModalVae.Cli.Workflows;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae rank</c>: whose face goes with this voice, whose voice with this face.</summary>
internal static class RankVerb
{
    internal static Command Create()
    {
        Option<string> embeddings = Options.Embeddings();
        Option<string?> query = new("--query") { Description = "The clip that asks, as IDENTITY/CLIP.", HelpName = "CLIP" };
        Option<string?> person = new("--query-identity")
        {
            Description = "Instead of a clip: all clips of a person ask together.",
            HelpName = "IDENTITY",
        };
        Option<ProbeCombination?> combine = Options.Choice<ProbeCombination>(
            "--combine", "How the clips of --query-identity ask together. Default mean-embedding.");
        Option<string?> gallery = new("--gallery")
        {
            Description = "Rank this gallery folder instead of the other modality's rows of --embeddings.",
            HelpName = "DIR",
        };
        Option<RetrievalDirection?> direction = Options.Choice<RetrievalDirection>(
            "--direction", "Which modality asks. Default voice-to-face.");
        Option<int> count = Options.Count("--k", "How many matches to list.", 10, 1);
        Scoring scoring = new();
        Option<RankingMetric?> metric = Options.Choice<RankingMetric>("--metric", "What nearness means. Default cosine.");
        Filters filters = new();
        Option<string?> calibration = new("--calibration")
        {
            Description = "What 'cmvae calibrate' wrote: adds the probability that it is the same person.",
            HelpName = "FILE",
        };
        Option<double?> prior = Prior("How probable a match is before anything is compared. Default: what the calibration says.");
        Option<string?> output = new("--out") { Description = "Also write the ranking to a file (JSON).", HelpName = "FILE" };
        Option<string?> pictures = Options.Pictures("the probe and the faces of its matches (needs --manifest)");
        Option<string?> manifest = new("--manifest")
        {
            Description = "The corpus of the embeddings, for the faces of --pictures.",
            HelpName = "FILE",
        };
        Option<bool> json = Options.Json();

        var command = new Command("rank", "Rank the other modality's clips, or people, by nearness to a voice or a face.")
        {
            embeddings, query, person, combine, gallery, direction, count, metric, calibration, prior, output, pictures, manifest, json,
        };
        scoring.AddTo(command);
        filters.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(pictures) is not null && result.GetValue(manifest) is null)
            {
                result.AddError(
                    "--pictures is given without --manifest; name the manifest that the embeddings "
                    + "were made from, it says where the faces are.");
            }

            if (result.GetValue(query) is null == result.GetValue(person) is null)
            {
                result.AddError("Who asks? Give either --query IDENTITY/CLIP or --query-identity IDENTITY.");
            }

            if (result.GetValue(person) is null && result.GetResult(combine) is { Implicit: false })
            {
                result.AddError("--combine goes with --query-identity only: one clip asks as it is.");
            }

            if (result.GetValue(person) is not null && result.GetValue(calibration) is not null)
            {
                result.AddError("--calibration does not go with --query-identity: it was fitted to the scores of single clips that ask.");
            }

            if (result.GetValue(prior) is not null && result.GetValue(calibration) is null)
            {
                result.AddError("--prior goes with --calibration only.");
            }
        });
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                TextWriter writer = parsed.InvocationConfiguration.Output;
                RetrievalDirection way = parsed.GetValue(direction) ?? RetrievalDirection.VoiceToFace;
                var options = new GalleryRankingOptions
                {
                    Embeddings = parsed.GetValue(embeddings)!,
                    Query = parsed.GetValue(query),
                    QueryIdentity = parsed.GetValue(person),
                    Gallery = parsed.GetValue(gallery),
                    Direction = way,
                    Metric = parsed.GetValue(metric) ?? RankingMetric.Cosine,
                    Calibration = parsed.GetValue(calibration) is string file ? CalibrationFile.Read(file) : null,
                    Prior = parsed.GetValue(prior),
                    Request = new RankingRequest
                    {
                        Count = parsed.GetValue(count),
                        Identities = scoring.Read(parsed),
                        Combination = parsed.GetValue(combine) ?? ProbeCombination.MeanEmbedding,
                        Filter = filters.Read(parsed),
                    },
                };
                Ranking ranking = GalleryRanking.Run(options, parsed.InvocationConfiguration.Error, cancellationToken);
                if (parsed.GetValue(output) is string path)
                {
                    RankingFile.Write(path, ranking);
                }

                if (parsed.GetValue(pictures) is string folder)
                {
                    Manifest corpus = ManifestReader.Read(parsed.GetValue(manifest)!);
                    string clip = ranking.Query.Clip ?? GalleryRanking.FirstClip(options);
                    RankingPictures.Write(
                        corpus, way, [(new ClipKey(ranking.Query.Identity, clip), ranking.Matches)], ranking.GalleryCount, folder);
                }

                if (parsed.GetValue(json))
                {
                    writer.Write(RankingFile.Text(ranking));
                }
                else
                {
                    Terminal.RankingTables.Print(writer, ranking);
                }

                return CommandLine.Done;
            },
            CancellationToken.None));
        return command;
    }

    internal static Option<double?> Prior(string what) =>
        Options.Checked(new Option<double?>("--prior") { Description = what, HelpName = "P" }, value =>
            value is null or (> 0 and < 1)
                ? null
                : $"--prior is {value.Value.ToString(CultureInfo.InvariantCulture)}; must be > 0 and < 1.");

    /// <summary>Whether clips or identities are scored, and how: the same options for <c>rank</c> and <c>calibrate</c>.</summary>
    internal sealed class Scoring
    {
        private readonly Option<RankedUnit?> _by = Options.Choice<RankedUnit>(
            "--by", "What is scored: clips, or identities by all their clips. Default clip.");
        private readonly Option<IdentityScore?> _aggregate = Options.Choice<IdentityScore>(
            "--aggregate", "With --by identity, its score: its best clip's, the mean of all, or the mean of its --top best. Default best.");

        private readonly Option<int?> _top = Options.OptionalCount("--top", "With --aggregate top-m: m. Default 5.", 1);

        internal void AddTo(Command command)
        {
            command.Options.Add(_by);
            command.Options.Add(_aggregate);
            command.Options.Add(_top);
            command.Validators.Add(result =>
            {
                if (result.GetValue(_aggregate) is not null && result.GetValue(_by) != RankedUnit.Identity)
                {
                    result.AddError("--aggregate goes with --by identity only.");
                }

                if (result.GetValue(_top) is not null && result.GetValue(_aggregate) != IdentityScore.TopM)
                {
                    result.AddError("--top goes with --aggregate top-m only.");
                }
            });
        }

        internal IdentityAggregation? Read(ParseResult parsed) => parsed.GetValue(_by) != RankedUnit.Identity
            ? null
            : new IdentityAggregation
            {
                Score = parsed.GetValue(_aggregate) ?? IdentityScore.Best,
                TopCount = parsed.GetValue(_top) ?? IdentityAggregation.Best.TopCount,
            };
    }

    /// <summary>What <c>--by</c> may be.</summary>
    private enum RankedUnit
    {
        Clip,
        Identity,
    }

    /// <summary>Which rows of the gallery take part.</summary>
    private sealed class Filters
    {
        private readonly Option<string?> _gender = new("--gender") { Description = "Only rows of this gender.", HelpName = "m|f" };
        private readonly Option<CorpusSplit?> _split = Options.Choice<CorpusSplit>("--split", "Only rows of this split.");
        private readonly Option<string?> _nationality = new("--nationality")
        {
            Description = "Only rows of this nationality, as the corpus spells it.",
            HelpName = "NAME",
        };
        private readonly Option<double?> _leastAge = new("--least-age")
        {
            Description = "Only rows of at least this age.",
            HelpName = "YEARS",
        };
        private readonly Option<double?> _largestAge = new("--largest-age")
        {
            Description = "Only rows of at most this age.",
            HelpName = "YEARS",
        };
        private readonly Option<QueryExclusion?> _exclude = Options.Choice<QueryExclusion>(
            "--exclude", "Leave out the query's own clip, or its whole video. Default none.");

        internal void AddTo(Command command)
        {
            foreach (Option option in new Option[] { _gender, _split, _nationality, _leastAge, _largestAge, _exclude })
            {
                command.Options.Add(option);
            }

            _gender.AcceptOnlyFromAmong("m", "f");
        }

        internal RankingFilter Read(ParseResult parsed) => new()
        {
            Gender = parsed.GetValue(_gender),
            Split = parsed.GetValue(_split),
            Nationality = parsed.GetValue(_nationality),
            LeastAge = parsed.GetValue(_leastAge),
            LargestAge = parsed.GetValue(_largestAge),
            Exclude = parsed.GetValue(_exclude) ?? QueryExclusion.None,
        };
    }
}
