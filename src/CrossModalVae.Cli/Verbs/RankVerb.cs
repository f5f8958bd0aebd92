using System.CommandLine;
using System.Globalization;
using CrossModalVae.Cli.Workflows;
using CrossModalVae.Clustering;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Evaluation;
using CrossModalVae.Files;
using CrossModalVae.Retrieval;
using Spectre.Console;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae rank</c>: whose face goes with this voice, whose voice with this face.</summary>
internal static class RankVerb
{
    internal static Command Create()
    {
        Option<string> embeddings = Options.Embeddings();
        Option<string> query = new("--query") { Description = "The clip that asks, as IDENTITY/CLIP.", Required = true, HelpName = "CLIP" };
        Option<RetrievalDirection?> direction = Options.Choice<RetrievalDirection>("--direction", "Which modality asks. Default voice-to-face.");
        Option<int> count = Options.Count("--k", "How many matches to list.", 10, 1);
        Option<bool> identities = new("--identities") { Description = "Rank identities, each by its nearest clip, instead of clips." };
        Option<DistanceMetric?> metric = Options.Choice<DistanceMetric>("--metric", "What nearness means. Default cosine.");
        Option<string?> output = new("--out") { Description = "Also write the ranking to a file (JSON).", HelpName = "FILE" };
        Option<string?> pictures = Options.Pictures("the probe and the faces of its matches (needs --manifest)");
        Option<string?> manifest = new("--manifest") { Description = "The corpus of the embeddings, for the faces of --pictures.", HelpName = "FILE" };
        Option<bool> json = Options.Json();

        var command = new Command("rank", "Rank the other modality's clips by nearness to one clip's voice or face.")
        {
            embeddings, query, direction, count, identities, metric, output, pictures, manifest, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(pictures) is not null && result.GetValue(manifest) is null)
            {
                result.AddError("--pictures is given without --manifest; name the manifest that the embeddings were made from, it says where the faces are.");
            }
        });
        command.SetAction(parsed =>
        {
            string folder = parsed.GetValue(embeddings)!;
            RetrievalDirection way = parsed.GetValue(direction) ?? RetrievalDirection.VoiceToFace;
            DistanceMetric distance = parsed.GetValue(metric) ?? DistanceMetric.Cosine;
            (Modality asking, Modality answering) =
                way == RetrievalDirection.VoiceToFace ? (Modality.Voice, Modality.Face) : (Modality.Face, Modality.Voice);

            EmbeddingSet all = EmbeddingFile.Read(folder);
            int row = Find(all, parsed.GetValue(query)!, asking, folder);
            EmbeddingSet gallery = all.Where(r => r.Modality == answering);
            if (gallery.Count == 0)
            {
                throw new InvalidDataException($"{folder}: has no {EnumText.Of(answering)} rows to rank; expected some.");
            }

            var ranking = new RankingOptions { Metric = distance, Count = parsed.GetValue(count) };
            IReadOnlyList<RankedMatch> matches = EmbeddingSteps.Rank(all, row, gallery, ranking, parsed.GetValue(identities));
            var key = new ClipKey(all.Rows[row].Identity, all.Rows[row].Clip);
            var result = new Ranking(way, distance, key, gallery.Count, matches);
            if (parsed.GetValue(output) is string file)
            {
                RankingFile.Write(file, result);
            }

            if (parsed.GetValue(pictures) is string pictureFolder)
            {
                RankingPictures.Write(ManifestReader.Read(parsed.GetValue(manifest)!), way, [(key, matches)], gallery.Count, pictureFolder);
            }

            TextWriter writer = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
            {
                writer.Write(RankingFile.Text(result));
            }
            else
            {
                Print(writer, key, way, matches);
            }

            return CommandLine.Done;
        });
        return command;
    }

    private static int Find(EmbeddingSet all, string query, Modality asking, string folder)
    {
        for (int i = 0; i < all.Count; i++)
        {
            if (all.Rows[i].Modality == asking && $"{all.Rows[i].Identity}/{all.Rows[i].Clip}" == query)
            {
                return i;
            }
        }

        string example = all.Rows.FirstOrDefault(r => r.Modality == asking) is EmbeddingRow first ? $" such as '{first.Identity}/{first.Clip}'" : "";
        throw new InvalidDataException($"{folder}: has no {EnumText.Of(asking)} row of clip '{query}'; expected IDENTITY/CLIP of one of its rows{example}.");
    }

    private static void Print(TextWriter writer, ClipKey query, RetrievalDirection direction, IReadOnlyList<RankedMatch> matches)
    {
        writer.WriteLine($"{EnumText.Of(direction)}, query {query.Identity}/{query.Clip}");
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn(new TableColumn("rank").RightAligned());
        table.AddColumn("identity");
        table.AddColumn("clip");
        table.AddColumn(new TableColumn("score").RightAligned());
        table.AddColumn("");
        foreach (RankedMatch match in matches)
        {
            table.AddRow(
                match.Rank.ToString(CultureInfo.InvariantCulture),
                Markup.Escape(match.Identity),
                Markup.Escape(match.Clip),
                match.Score.ToString("0.0000", CultureInfo.InvariantCulture),
                match.Identity == query.Identity ? "the same person" : "");
        }

        Terminal.Tables.Write(writer, table);
    }
}
