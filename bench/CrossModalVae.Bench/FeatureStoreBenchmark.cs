using System.Globalization;
using CrossModalVae.Corpora;

namespace CrossModalVae.Bench;

/// <summary>
/// The feature store through the command line: clips a second of preparing it, how much sooner training and embedding are there with it
/// than with files, and the memory of preparing a corpus of VoxCeleb1's shape. The rival is the same command without <c>--features</c>.
/// </summary>
internal sealed class FeatureStoreBenchmark : IBenchmark
{
    private const double Mebibyte = 1 << 20;
    private const string TrainingLine = "training '";

    public string Name => "features";

    public string Summary =>
        "cmvae prepare, and train and embed with --features: --identities 100 --clips 20 --share 0.1 --folder TEMP --cmvae PATH";

    public void Run(BenchOptions options)
    {
        string root = options.Text("folder", Path.Combine(Path.GetTempPath(), "cmvae-bench-features"));
        string cmvae = options.Text("cmvae", CommandRun.DefaultProgram);
        string recipe = Path.Combine(Path.GetDirectoryName(cmvae)!, "pipelines", "demo.json");
        string identities = options.Text("identities", "100");
        string clips = options.Text("clips", "20");
        double share = options.Number("share", 0.1);
        try
        {
            Console.WriteLine();
            Console.WriteLine("| command | clips | seconds | clips/s | peak memory, MiB |");
            Console.WriteLine("|---|---:|---:|---:|---:|");
            string corpus = Path.Combine(root, "corpus");
            Command("corpus", "synth", "--identities", identities, "--clips-per-identity", clips, "--out", corpus);
            Prepare(cmvae, Path.Combine(corpus, "manifest.jsonl"), recipe, root, "synthetic");
            string tree = Path.Combine(root, "tree");
            foreach (double part in new[] { share / 4, share })
            {
                new VoxCelebTree(tree).Make(part);
                Command("corpus", "voxceleb", "--root", tree, "--out", Path.Combine(tree, "manifest.jsonl"));
                Prepare(cmvae, Path.Combine(tree, "manifest.jsonl"), recipe, root, "VoxCeleb1's shape");
                Directory.Delete(tree, recursive: true);
            }

            Compare(cmvae, Path.Combine(corpus, "manifest.jsonl"), recipe, root);
        }
        finally
        {
            if (Directory.Exists(root))
            {
                Directory.Delete(root, recursive: true);
            }
        }

        void Command(params string[] arguments) => CommandRun.Of(cmvae, "", arguments);
    }

    private static void Prepare(string cmvae, string manifest, string recipe, string root, string what)
    {
        int clips = ManifestReader.Read(manifest).Clips.Count;
        foreach (string precision in new[] { "float16", "float32" })
        {
            string store = Path.Combine(root, "store");
            File.Delete(store);
            CommandRun run = CommandRun.Of(
                cmvae, "", "prepare", "--manifest", manifest, "--recipe", recipe, "--out", store, "--precision", precision);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| prepare, {precision}, {what} | {clips} | {run.Seconds:F1} | "
                + $"{clips / run.Seconds:F0} | {run.PeakBytes / Mebibyte:F0} |"));
        }
    }

    private static void Compare(string cmvae, string manifest, string recipe, string root)
    {
        string store = Path.Combine(root, "store");
        File.Delete(store);
        CommandRun.Of(cmvae, "", "prepare", "--manifest", manifest, "--recipe", recipe, "--out", store);
        string[] train = ["train", "--manifest", manifest, "--recipe", recipe, "--epochs", "1"];
        double files = CommandRun.Of(cmvae, TrainingLine, [.. train, "--out", Path.Combine(root, "run-files")]).SecondsToLine;
        double stored =
            CommandRun.Of(cmvae, TrainingLine, [.. train, "--out", Path.Combine(root, "run-store"), "--features", store]).SecondsToLine;
        string model = Path.Combine(root, "model");
        CommandRun.Of(cmvae, "", "export", "--run", Path.Combine(root, "run-files"), "--out", model);
        string[] embed = ["embed", "--manifest", manifest, "--model", model];
        double embedFiles = CommandRun.Of(cmvae, "", [.. embed, "--out", Path.Combine(root, "e-files")]).Seconds;
        double embedStored = CommandRun.Of(cmvae, "", [.. embed, "--out", Path.Combine(root, "e-store"), "--features", store]).Seconds;

        Console.WriteLine();
        Console.WriteLine("| from start of process, seconds | from files | from the store | ratio |");
        Console.WriteLine("|---|---:|---:|---:|");
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"| train, to its first epoch | {files:F2} | {stored:F2} | {files / stored:F1} |"));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| embed, to its end | {embedFiles:F2} | {embedStored:F2} | {embedFiles / embedStored:F1} |"));
    }
}
