using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Metrics;
using CrossModalVae.Numerics;

namespace CrossModalVae.Bench;

/// <summary>
/// AUC and equal error rate of many trials, ours and scikit-learn's in turn; and <c>cmvae evaluate</c> as a process of its own on generated
/// embeddings of people with gender, nationality and age: every stratum, both directions, baselines and bootstrap draws.
/// </summary>
internal sealed class EvaluationBenchmark : IBenchmark
{
    private const string Script = "verification.py";
    private static readonly string[] Nationalities = ["USA", "UK", "Canada", "India", "Ireland", "Norway"];

    public string Name => "evaluate";

    public string Summary =>
        "AUC and EER of many trials against scikit-learn (bench/rivals/verification.py), and cmvae evaluate as a whole: "
        + "--trials 10000000 --clips 5000 --people 250 --dimension 100 --draws 1000 --pairs 3 --python /usr/bin/python3 --cmvae PATH";

    public void Run(BenchOptions options)
    {
        string folder = Directory.CreateTempSubdirectory("cmvae-bench-").FullName;
        try
        {
            Verification(folder, options);
            Whole(folder, options);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Verification(string folder, BenchOptions options)
    {
        int count = options.Count("trials", 10_000_000), pairs = options.Count("pairs", 3);
        string python = options.Text("python", "/usr/bin/python3"), scoreFile = Path.Combine(folder, "scores.f32"),
            targetFile = Path.Combine(folder, "targets.u8");
        bool hasRival = OneLineProcess.CanImport(python, "sklearn");
        if (!hasRival)
        {
            Console.WriteLine(
                $"scikit-learn is left out: '{python}' cannot import it (apt-get install python3-sklearn, or --python PATH).");
        }
        var random = new SeededRandom(1);
        var scores = new float[count];
        var targets = new bool[count];
        for (int i = 0; i < count; i++)
        {
            targets[i] = (i & 1) == 0;
            scores[i] = (float)(random.NextGaussian() + (targets[i] ? 1 : 0));
        }

        File.WriteAllBytes(scoreFile, MemoryMarshal.AsBytes(scores.AsSpan()));
        File.WriteAllBytes(targetFile, MemoryMarshal.AsBytes(targets.AsSpan()));
        List<double> ours = [], learn = [], plain = [];
        double auc = 0, eer = 0, apart = double.NaN;
        string versions = "";
        for (int pair = 0; pair < pairs; pair++)
        {
            long start = Stopwatch.GetTimestamp();
            RocCurve curve = RocCurve.Compute(scores, targets);
            (auc, eer) = (curve.AreaScore, curve.EqualErrorRate);
            ours.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            if (hasRival)
            {
                OneLineProcess line = OneLineProcess.Run(
                    python, OneLineProcess.Rival(Script), "--scores", scoreFile, "--targets", targetFile);
                learn.Add(line.Number("seconds"));
                plain.Add(line.Number("numpy_seconds"));
                apart = Math.Max(Math.Abs(auc - line.Number("auc")), Math.Abs(eer - line.Number("eer")));
                versions = $"scikit-learn {line.Text("sklearn")}, numpy {line.Text("numpy")}";
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"AUC and equal error rate of {count} trials, {Environment.ProcessorCount} processors, "
            + $"median of {pairs} rounds in turn; {versions}."));
        Console.WriteLine();
        Console.WriteLine("| way | seconds |");
        Console.WriteLine("|---|---:|");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| CrossModalVae | {Sorted.Median(ours):F2} |"));
        if (hasRival)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| roc_auc_score and roc_curve | {Sorted.Median(learn):F2} |"));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| numpy: argsort, cumsum | {Sorted.Median(plain):F2} |"));
            Console.WriteLine();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"**{Sorted.Median(learn.Zip(ours, (r, o) => r / o)):F1}** times faster than scikit-learn, "
                + $"{Sorted.Median(plain.Zip(ours, (r, o) => r / o)):F1} than numpy; "
                + $"AUC {auc:F6}, EER {eer:F6}, at most {apart:E1} from scikit-learn's."));
        }

        Console.WriteLine();
    }

    private static void Whole(string folder, BenchOptions options)
    {
        int clips = options.Count("clips", 5000), people = options.Count("people", 250), dimension = options.Count("dimension", 100),
            draws = options.Count("draws", 1000);
        string embeddings = Path.Combine(folder, "embeddings"), other = Path.Combine(folder, "other");
        EmbeddingFile.Write(embeddings, Embeddings(clips, people, dimension, seed: 1));
        EmbeddingFile.Write(other, Embeddings(clips, people, dimension, seed: 2));
        string cmvae = options.Text("cmvae", CommandRun.DefaultProgram), out1 = Path.Combine(folder, "m.json"),
            count = draws.ToString(CultureInfo.InvariantCulture);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{clips} test clips of {people} people x {dimension}, 5 strata, both directions, every pair up to 20 million, {draws} draws, "
            + $"{Environment.ProcessorCount} processors; the whole process."));
        Console.WriteLine();
        Console.WriteLine("| command | seconds | peak MB |");
        Console.WriteLine("|---|---:|---:|");
        Print(
            "cmvae evaluate, beside random and gender oracle",
            CommandRun.Of(cmvae, "-", "evaluate", "--embeddings", embeddings, "--out", out1, "--draws", count));
        Print(
            "the same with --against",
            CommandRun.Of(
                cmvae, "-", "evaluate", "--embeddings", embeddings, "--against", other, "--out", out1, "--draws", count, "--force"));

        static void Print(string name, CommandRun run) =>
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"| {name} | {run.Seconds:F1} | {run.PeakBytes / 1048576.0:F0} |"));
    }

    private static EmbeddingSet Embeddings(int clips, int people, int dimension, int seed)
    {
        var random = new SeededRandom(seed);
        double[] centres = [.. Enumerable.Range(0, people * dimension).Select(_ => random.NextGaussian())];
        var values = new List<float>(2 * clips * dimension);
        var rows = new List<EmbeddingRow>(2 * clips);
        for (int i = 0; i < clips; i++)
        {
            int person = i % people;
            foreach (Modality modality in new[] { Modality.Voice, Modality.Face })
            {
                for (int d = 0; d < dimension; d++) values.Add((float)(centres[(person * dimension) + d] + (3 * random.NextGaussian())));
                rows.Add(new EmbeddingRow
                {
                    Identity = $"p{person:D4}",
                    Clip = $"c{i / people:D3}",
                    Modality = modality,
                    Split = CorpusSplit.Test,
                    Gender = person % 2 == 0 ? "m" : "f",
                    Nationality = Nationalities[person / 2 % Nationalities.Length],
                    Age = 20 + (person % 4 * 10),
                });
            }
        }

        return new EmbeddingSet([.. values], dimension, rows);
    }
}
