using System.Globalization;
using System.Text.Json;

namespace CrossModalVae.Bench;

/// <summary>
/// What every recipe reaches on people it has never seen, by the command line: train, export, embed and evaluate, seed by seed, on the
/// demo's corpus or another one. Rows that an earlier run finished in the same folder are read, not made again.
/// </summary>
internal sealed class RecipesBenchmark : IBenchmark
{
    public string Name => "recipes";

    public string Summary =>
        "test AUC of recipes by train, export, embed and evaluate: --recipes A,B --seeds 1,2,3 --manifest FILE --threads 2 "
        + "--face-encoder FILE --init-from FILE --folder TEMP --cmvae PATH";

    public void Run(BenchOptions options)
    {
        string cmvae = options.Text("cmvae", CommandRun.DefaultProgram);
        string root = Directory.CreateDirectory(options.Text("folder", Path.Combine(Path.GetTempPath(), "cmvae-bench-recipes"))).FullName;
        string recipes = Path.Combine(Path.GetDirectoryName(cmvae)!, "pipelines");
        string[] names = options.Text("recipes", string.Join(',', Shipped(recipes))).Split(',');
        string manifest = options.Text("manifest", "");
        if (manifest.Length == 0)
        {
            manifest = Path.Combine(root, "corpus", "manifest.jsonl");
            if (!File.Exists(manifest)) CommandRun.Of(cmvae, "", "corpus", "synth", "--out", Path.GetDirectoryName(manifest)!);
        }

        int[] seeds = options.Counts("seeds", 1, 2, 3);
        string threads = options.Text("threads", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture));
        Console.WriteLine();
        Console.WriteLine(
            "| recipe | seeds | AUC, % | mean | among people of one gender, % | MRR, voice to face and back "
            + "| minutes of training | of processor time |");
        Console.WriteLine("|---|---|---:|---:|---:|---:|---:|---:|");
        foreach (string name in names)
        {
            string? need = name switch { "best-pretrained" => "--face-encoder", "fine-tuned" => "--init-from", _ => null };
            string file = need is null ? "" : options.Text(need[2..], "");
            if (need is not null && file.Length == 0)
            {
                Console.Error.WriteLine($"{name}: left out; it needs {need}");
                continue;
            }

            string[] extra = need is null ? [] : [need, Path.GetFullPath(file)];
            try
            {
                Print(
                    name,
                    seeds,
                    [.. seeds.Select(seed => Measure(cmvae, manifest, name, seed, threads, extra, Path.Combine(root, $"{name}-{seed}")))]);
            }
            catch (InvalidOperationException e)
            {
                // A recipe may be refused on a corpus, as the report's is where its posteriors collapse; the others go on.
                Console.Error.WriteLine($"{name}: left out; {e.Message}");
            }
        }
    }

    private static IEnumerable<string> Shipped(string folder) =>
        Directory.GetFiles(folder, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal);

    private static Row Measure(
        string cmvae, string manifest, string recipe, int seed, string threads, string[] file, string folder)
    {
        string done = Path.Combine(folder, "row.json");
        if (File.Exists(done)) return JsonSerializer.Deserialize<Row>(File.ReadAllText(done))!;
        string run = Path.Combine(folder, "run"), model = Path.Combine(folder, "model");
        string embeddings = Path.Combine(folder, "embeddings"), evaluation = Path.Combine(folder, "evaluation.json");
        string[] encoder = file is ["--face-encoder", _] ? file : []; // the run knows what it started from, the model has a copy
        string text = seed.ToString(CultureInfo.InvariantCulture);
        CommandRun training = CommandRun.Of(
            cmvae,
            "",
            [
                "train", "--manifest", manifest, "--recipe", recipe, "--seed", text, "--threads", threads, "--out", run, "--force",
                .. file,
            ]);
        CommandRun.Of(cmvae, "", ["export", "--run", run, "--out", model, "--force", .. encoder]);
        CommandRun.Of(
            cmvae, "", ["embed", "--model", model, "--manifest", manifest, "--split", "test", "--out", embeddings, "--force"]);
        CommandRun.Of(cmvae, "", "evaluate", "--embeddings", embeddings, "--manifest", manifest, "--out", evaluation, "--force");
        Row row = Read(evaluation, training);
        File.WriteAllText(done, JsonSerializer.Serialize(row));
        return row;
    }

    private static Row Read(string evaluation, CommandRun training)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(evaluation));
        JsonElement[] scores =
        [
            .. json.RootElement.GetProperty("populations")[0].GetProperty("systems").EnumerateArray()
                .Single(system => system.GetProperty("system").GetString() == "model").GetProperty("scores").EnumerateArray(),
        ];
        return new Row(
            Figure("everybody", "voice-to-face", "auc"),
            Figure("G", "voice-to-face", "auc"),
            Figure("everybody", "voice-to-face", "mrr"),
            Figure("everybody", "face-to-voice", "mrr"),
            training.Seconds,
            training.ProcessorSeconds);

        double Figure(string stratum, string direction, string name) => scores
            .Single(s => s.GetProperty("stratum").GetString() == stratum && s.GetProperty("direction").GetString() == direction)
            .GetProperty("figures").GetProperty(name).GetProperty("value").GetDouble();
    }

    private static void Print(string name, int[] seeds, Row[] rows) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"| `{name}` | {string.Join(", ", seeds)} | {Percents(rows.Select(row => row.Auc))} | {100 * rows.Average(row => row.Auc):F1} "
        + $"| {Percents(rows.Select(row => row.SameGenderAuc))} "
        + $"| {rows.Average(row => row.MrrVoice):F3}, {rows.Average(row => row.MrrFace):F3} "
        + $"| {rows.Average(row => row.Seconds) / 60:F1} | {rows.Average(row => row.ProcessorSeconds) / 60:F1} |"));

    private static string Percents(IEnumerable<double> values) =>
        string.Join(", ", values.Select(value => string.Create(CultureInfo.InvariantCulture, $"{100 * value:F1}")));

    private sealed record Row(
        double Auc, double SameGenderAuc, double MrrVoice, double MrrFace, double Seconds, double ProcessorSeconds);
}
