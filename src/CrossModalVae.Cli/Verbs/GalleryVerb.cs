using CrossModalVae.Models;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae gallery</c>: makes memory-mapped galleries, appends to them, forgets people, says what they hold.</summary>
internal static class GalleryVerb
{
    // As GalleryWriter writes them.
    private static string[] Files { get; } = ["gallery.json", .. Workflows.Embedding.Files, "embeddings.next"];

    internal static Command Create()
    {
        var command = new Command("gallery", "Make a gallery of embeddings on disk, append to it, forget people, say what it holds.");
        command.Subcommands.Add(CreateCreate());
        command.Subcommands.Add(CreateAppend());
        command.Subcommands.Add(CreateForget());
        command.Subcommands.Add(CreateInfo());
        return command;
    }

    private static Command CreateCreate()
    {
        Option<string> embeddings = Options.Embeddings();
        Output output = Options.Out("The gallery's folder.", "DIR", Files);
        Choice<FeaturePrecision> precision = Options.Precision("How numbers are stored; float16 halves memory and time, and rounds.");
        (Choice<Modality> modality, Choice<CorpusSplit> split) = Selection();
        Option<bool> json = Options.Json();
        var command = new Verb(
            "create",
            "Make a gallery of embeddings, with their standard deviations and reconstructions where they have them.",
            (
                "of faces, in half the memory",
                "cmvae gallery create --embeddings embeddings/first --out faces --modality face --precision float16"))
            {
                embeddings, output, precision, modality, split, json,
            };
        return command.Runs((parsed, cancellationToken) =>
        {
            EmbeddingSet set = Select(parsed.GetValue(embeddings)!, parsed.GetValue(modality), parsed.GetValue(split));
            output.Clear(parsed.GetValue(output)!); // --force, or nothing there
            using GalleryWriter writer = GalleryWriter.Create(
                parsed.GetValue(output)!, GalleryOptions.For(set, precision.ValueOrDefault(parsed)));
            Append(writer, set, parsed, json, cancellationToken);
            EmbeddingOrigin.Read(parsed.GetValue(embeddings)!)?.Write(parsed.GetValue(output)!);
        });
    }

    private static Command CreateAppend()
    {
        Option<string> embeddings = Options.Embeddings();
        Option<string> gallery = Options.Gallery();
        (Choice<Modality> modality, Choice<CorpusSplit> split) = Selection();
        Option<bool> json = Options.Json();
        var command = new Verb(
            "append",
            "Append embeddings to a gallery: all of them or, when stopped, none. Readers may have it open.",
            ("more faces", "cmvae gallery append --embeddings embeddings/second --gallery faces --modality face"))
            {
                embeddings, gallery, modality, split, json,
            };
        return command.Runs((parsed, cancellationToken) =>
        {
            EmbeddingSet set = Select(parsed.GetValue(embeddings)!, parsed.GetValue(modality), parsed.GetValue(split));
            EmbeddingOrigin? origin = EmbeddingOrigin.Read(parsed.GetValue(embeddings)!);
            origin?.Require(parsed.GetValue(gallery)!);
            using GalleryWriter writer = GalleryWriter.Open(parsed.GetValue(gallery)!);
            Append(writer, set, parsed, json, cancellationToken);
            if (origin is { Collapse: not PosteriorCollapse.None })
            {
                origin.Write(parsed.GetValue(gallery)!); // some of its rows carry nothing from now on
            }
        });
    }

    private static Command CreateForget()
    {
        var people = new Argument<string[]>("PERSON") { Description = "Whose rows go: identities.", Arity = ArgumentArity.OneOrMore };
        Option<string> gallery = Options.Gallery();
        Option<bool> json = Options.Json();
        var command = new Verb(
            "forget",
            "Remove all rows of people from a gallery, so that no file of it has a byte of them. Stopped, it has all rows or the others; "
            + "the next writer ends what is left. Readers that have it open see the rows until they open it again.",
            ("a person who asks for it", "cmvae gallery forget id10009 --gallery faces"))
            {
                people, gallery, json,
            };
        return command.Runs((parsed, _) =>
        {
            string[] names = parsed.GetValue(people)!;
            using GalleryWriter writer = GalleryWriter.Open(parsed.GetValue(gallery)!);
            if (names.Except(writer.Identities, StringComparer.Ordinal).FirstOrDefault() is string unknown)
            {
                throw new InvalidDataException(
                    $"{writer.Folder}: has no row of '{unknown}'; expected people of the gallery. Nothing is removed.");
            }

            int removed = writer.Forget(row => names.Contains(row.Identity, StringComparer.Ordinal));
            parsed.PrintLine(
                json,
                new { folder = writer.Folder, identities = names, removed, rows = writer.Count },
                $"{writer.Folder}: {Counted.Of(removed, "row")} removed, now {writer.Count} x {writer.Options.Dimension}");
        });
    }

    private static Command CreateInfo()
    {
        Option<string> gallery = Options.Gallery();
        Option<bool> json = Options.Json();
        var command = new Verb(
            "info", "Say what a gallery holds.", ("how many rows, of whom", "cmvae gallery info --gallery faces")) { gallery, json };
        return command.Runs((parsed, _) =>
        {
            using Gallery opened = Gallery.Open(parsed.GetValue(gallery)!);
            int identities = opened.Rows.Select(row => row.Identity).Distinct(StringComparer.Ordinal).Count();
            Dictionary<string, int> modalities = opened.Rows.GroupBy(row => EnumText.Of(row.Modality))
                .OrderBy(rows => rows.Key, StringComparer.Ordinal)
                .ToDictionary(rows => rows.Key, rows => rows.Count());
            string precision = EnumText.Of(opened.Options.Precision);
            bool deviations = opened.Options.HasStandardDeviations;
            int features = opened.Options.ReconstructionLength;
            var result = new
            {
                folder = opened.Folder,
                rows = opened.Count,
                dimension = opened.Options.Dimension,
                precision,
                standard_deviations = deviations,
                reconstruction_length = features,
                identities,
                modalities,
            };
            string[] lines =
            [
                $"{opened.Folder}: {Counted.Of(opened.Count, "row")} x {opened.Options.Dimension}, {precision}, "
                    + $"{Counted.Of(identities, "identity")}",
                .. modalities.Select(rows => $"  {rows.Key}: {Counted.Of(rows.Value, "row")}"),
                $"  standard deviations: {(deviations ? "kept" : "not kept")}",
                $"  reconstructions: {(features > 0 ? Counted.Of(features, "feature") : "not kept")}",
            ];
            parsed.PrintLine(json, result, string.Join(Environment.NewLine, lines));
        });
    }

    private static (Choice<Modality> Modality, Choice<CorpusSplit> Split) Selection() => (
        new("--modality", "Take this modality's rows only. Default: all."), new("--split", "Take this split's rows only. Default: all."));

    private static EmbeddingSet Select(string folder, Modality? modality, CorpusSplit? split)
    {
        EmbeddingSet chosen = EmbeddingFile.Read(folder)
            .Where(row => (modality is null || row.Modality == modality) && (split is null || row.Split == split));
        return chosen.Count > 0
            ? chosen
            : throw new InvalidDataException($"{folder}: has no row of this modality and split; expected some.");
    }

    private static void Append(
        GalleryWriter writer, EmbeddingSet set, ParseResult parsed, Option<bool> json, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        parsed.Say($"appending {Counted.Of(set.Count, "row")}");
        writer.Append(set);
        parsed.PrintLine(
            json,
            new { folder = writer.Folder, appended = set.Count, rows = writer.Count, dimension = writer.Options.Dimension },
            $"{writer.Folder}: {Counted.Of(set.Count, "row")} appended, now {writer.Count} x {writer.Options.Dimension}");
    }
}
