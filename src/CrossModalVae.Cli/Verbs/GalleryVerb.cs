using System.Text.Json;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae gallery</c>: makes memory-mapped galleries of embeddings, appends to them, and says what they hold.</summary>
internal static class GalleryVerb
{
    internal static Command Create()
    {
        var command = new Command("gallery", "Make a gallery of embeddings on disk, append to it, say what it holds.");
        command.Subcommands.Add(CreateCreate());
        command.Subcommands.Add(CreateAppend());
        command.Subcommands.Add(CreateInfo());
        return command;
    }

    private static Command CreateCreate()
    {
        Option<string> embeddings = Options.Embeddings();
        Option<string> output = Options.Out("The gallery's folder.", "DIR");
        Option<FeaturePrecision?> precision = Options.Choice<FeaturePrecision>(
            "--precision", "How numbers are kept. Default float32; float16 halves memory and time and rounds.");
        (Option<Modality?> modality, Option<CorpusSplit?> split) = Selection();
        Option<bool> json = Options.Json();
        var command = new Command(
            "create", "Make a gallery of embeddings, with all that they hold: standard deviations and reconstructions too.")
            {
                embeddings, output, precision, modality, split, json,
            };
        command.SetAction(parsed =>
        {
            EmbeddingSet set = Select(parsed.GetValue(embeddings)!, parsed.GetValue(modality), parsed.GetValue(split));
            using GalleryWriter writer = GalleryWriter.Create(
                parsed.GetValue(output)!, GalleryOptions.For(set, parsed.GetValue(precision) ?? FeaturePrecision.Float32));
            return Append(writer, set, parsed, json);
        });
        return command;
    }

    private static Command CreateAppend()
    {
        Option<string> embeddings = Options.Embeddings();
        Option<string?> gallery = Options.Gallery(isRequired: true);
        (Option<Modality?> modality, Option<CorpusSplit?> split) = Selection();
        Option<bool> json = Options.Json();
        var command = new Command(
            "append", "Append embeddings to a gallery: all of them or, where it is stopped, none. Readers may have it open.")
            {
                embeddings, gallery, modality, split, json,
            };
        command.SetAction(parsed =>
        {
            EmbeddingSet set = Select(parsed.GetValue(embeddings)!, parsed.GetValue(modality), parsed.GetValue(split));
            using GalleryWriter writer = GalleryWriter.Open(parsed.GetValue(gallery)!);
            return Append(writer, set, parsed, json);
        });
        return command;
    }

    private static Command CreateInfo()
    {
        Option<string?> gallery = Options.Gallery(isRequired: true);
        Option<bool> json = Options.Json();
        var command = new Command("info", "Say what a gallery holds.") { gallery, json };
        command.SetAction(parsed =>
        {
            using Gallery opened = Gallery.Open(parsed.GetValue(gallery)!);
            int identities = opened.Rows.Select(row => row.Identity).Distinct(StringComparer.Ordinal).Count();
            Dictionary<string, int> modalities = opened.Rows.GroupBy(row => EnumText.Of(row.Modality))
                .OrderBy(rows => rows.Key, StringComparer.Ordinal)
                .ToDictionary(rows => rows.Key, rows => rows.Count());
            string precision = EnumText.Of(opened.Options.Precision);
            TextWriter writer = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
            {
                writer.WriteLine(JsonSerializer.Serialize(new
                {
                    folder = opened.Folder,
                    rows = opened.Count,
                    dimension = opened.Options.Dimension,
                    precision,
                    standard_deviations = opened.Options.HasStandardDeviations,
                    reconstruction_length = opened.Options.ReconstructionLength,
                    identities,
                    modalities,
                }));
            }
            else
            {
                writer.WriteLine(
                    $"{opened.Folder}: {opened.Count} rows x {opened.Options.Dimension}, {precision}, {identities} identities");
                foreach ((string name, int count) in modalities)
                {
                    writer.WriteLine($"  {name}: {count} rows");
                }

                writer.WriteLine($"  standard deviations: {(opened.Options.HasStandardDeviations ? "kept" : "not kept")}");
                writer.WriteLine(
                    "  reconstructions: "
                    + $"{(opened.Options.ReconstructionLength > 0 ? $"{opened.Options.ReconstructionLength} features" : "not kept")}");
            }

            return CommandLine.Done;
        });
        return command;
    }

    private static (Option<Modality?> Modality, Option<CorpusSplit?> Split) Selection() => (
        Options.Choice<Modality>("--modality", "Take this modality's rows only. Default all."),
        Options.Choice<CorpusSplit>("--split", "Take this split's rows only. Default all."));

    private static EmbeddingSet Select(string folder, Modality? modality, CorpusSplit? split)
    {
        EmbeddingSet chosen = EmbeddingFile.Read(folder)
            .Where(row => (modality is null || row.Modality == modality) && (split is null || row.Split == split));
        return chosen.Count > 0
            ? chosen
            : throw new InvalidDataException($"{folder}: has no row of this modality and split; expected some.");
    }

    private static int Append(GalleryWriter writer, EmbeddingSet set, ParseResult parsed, Option<bool> json)
    {
        writer.Append(set);
        parsed.InvocationConfiguration.Output.WriteLine(parsed.GetValue(json)
            ? JsonSerializer.Serialize(
                new { folder = writer.Folder, appended = set.Count, rows = writer.Count, dimension = writer.Options.Dimension })
            : $"{writer.Folder}: {set.Count} rows appended, now {writer.Count} x {writer.Options.Dimension}");
        return CommandLine.Done;
    }
}
