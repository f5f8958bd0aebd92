using System.Diagnostics;
using System.Globalization;
using CrossModalVae.Corpora;

namespace CrossModalVae.Bench;

/// <summary>
/// A corpus of VoxCeleb1's size through the command line: seconds and peak memory of making its manifest and of checking every file, each
/// as a process of its own. There is no rival: the bounds are ours (1 GiB, minutes).
/// </summary>
internal sealed class CorpusBenchmark : IBenchmark
{
    private const double Mebibyte = 1 << 20;

    public string Name => "corpus";

    public string Summary =>
        "corpus voxceleb and corpus check on a tree of VoxCeleb1's size: --share 1 --jobs 2 --folder TEMP --keep no --cmvae PATH";

    public void Run(BenchOptions options)
    {
        double share = options.Number("share", 1);
        string jobs = options.Text("jobs", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture));
        string root = options.Text("folder", Path.Combine(Path.GetTempPath(), "cmvae-bench-voxceleb"));
        string cmvae = options.Text("cmvae", CommandRun.DefaultProgram);
        bool keep = options.Text("keep", "no") == "yes";
        string manifest = Path.Combine(root, "manifest.jsonl");
        try
        {
            if (!File.Exists(Path.Combine(root, "vox1_meta.csv")))
            {
                var watch = Stopwatch.StartNew();
                (int identities, int videos, int utterances, int frames) = new VoxCelebTree(root).Make(share);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{identities} people, {videos} videos, {utterances} utterances, "
                    + $"{frames} frames made in {watch.Elapsed.TotalSeconds:F0} s"));
            }

            Console.WriteLine();
            Console.WriteLine("| command | seconds | peak memory, MiB |");
            Console.WriteLine("|---|---:|---:|");
            Measure(cmvae, "corpus", "voxceleb", "--root", root, "--out", manifest, "--force");
            Measure(cmvae, "corpus", "check", "--manifest", manifest, "--jobs", jobs);
            MeasureReader(manifest);
        }
        finally
        {
            if (!keep && Directory.Exists(root)) Directory.Delete(root, recursive: true);
        }
    }

    private static void Measure(string cmvae, params string[] arguments)
    {
        CommandRun run = CommandRun.Of(cmvae, "", arguments);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| cmvae {arguments[0]} {arguments[1]} | {run.Seconds:F1} | {run.PeakBytes / Mebibyte:F0} |"));
    }

    /// <summary>The median of some readings in this process, and what the clips take once they are there.</summary>
    private static void MeasureReader(string manifest)
    {
        const int Rounds = 5;
        var seconds = new List<double>();
        long before = GC.GetTotalMemory(forceFullCollection: true), after = 0;
        for (int round = 0; round < Rounds; round++)
        {
            var watch = Stopwatch.StartNew();
            Manifest read = ManifestReader.Read(manifest);
            seconds.Add(watch.Elapsed.TotalSeconds);
            after = GC.GetTotalMemory(forceFullCollection: true);
            GC.KeepAlive(read);
        }

        seconds.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| ManifestReader.Read (held, not peak) | {seconds[Rounds / 2]:F1} | {(after - before) / Mebibyte:F0} |"));
    }
}
