using System.Diagnostics;
using System.Globalization;
using CrossModalVae.Encoders;
using CrossModalVae.Faces;
using CrossModalVae.Numerics;
using CrossModalVae.Recipes;
using CrossModalVae.Scoring.Encoders;
using Microsoft.ML.OnnxRuntime;

namespace CrossModalVae.Bench;

/// <summary>
/// Faces per second of a pretrained encoder: jpg files of 224 x 224 to vectors, as <c>prepare</c> and <c>embed</c> make them, and the graph
/// alone by a bare session on tensors that lie ready, one row and 32 rows a run, with its own threads and with one thread a run side by
/// side. In turn within each round.
/// </summary>
internal sealed class EncoderBenchmark : IBenchmark
{
    public string Name => "encoder";

    public string Summary =>
        "faces/s of a pretrained encoder, jpg to vector, against bare ONNX Runtime: --encoder face-api.onnx --files 256 --rounds 5 "
        + "--threads 2";

    public void Run(BenchOptions options)
    {
        string path = options.Text("encoder", "face-api.onnx");
        if (!File.Exists(path))
        {
            Console.WriteLine($"encoder: left out, since there is no {path} (cmvae encoder import face-api writes it).");
            return;
        }

        int files = options.Count("files", 256), rounds = options.Count("rounds", 5), threads = options.Count("threads", 2);
        string folder = Directory.CreateTempSubdirectory("cmvae-bench-").FullName;
        try
        {
            Measure(path, PhotoFolder.Write(folder, files), rounds, threads);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(string path, string[] pictures, int rounds, int threads)
    {
        const int Batch = 32;
        using RecipeEncoders opened = RecipeEncoders.Open(
            new Recipe { Name = "bench", Face = new FaceOptions { Encoder = new FaceEncoderOptions { Path = path } } });
        var frontEnd = new FaceFrontEnd(opened.Recipe.Face, opened.Encoders.Face);
        int size = opened.Recipe.Face.Encoder!.Size;
        var rows = new float[Batch * 3 * size * size];
        Array.Fill(rows, 0.1f); // the time does not depend on the picture
        using InferenceSession alone = Session(path, 1), wide = Session(path, threads);
        var plain = new FaceFrontEnd(new FaceOptions { Width = size, Height = size, Colour = FaceColour.Rgb });
        (string Name, Action Work)[] ways =
        [
            ("jpg to vector, the front end", () => ParallelLoop.For(pictures.Length, i => frontEnd.Extract([pictures[i]]), threads)),
            ("jpg to picture alone", () => ParallelLoop.For(pictures.Length, i => plain.Extract([pictures[i]]), threads)),
            ($"bare session, a row a run, {threads} runs of 1 thread side by side",
                () => ParallelLoop.For(pictures.Length, _ => Score(alone, rows, size, 1), threads)),
            ($"bare session, {Batch} rows a run, {threads} runs of 1 thread side by side",
                () => ParallelLoop.For(pictures.Length / Batch, _ => Score(alone, rows, size, Batch), threads)),
            ($"bare session, {Batch} rows a run, one run of {threads} threads",
                () => ParallelLoop.For(pictures.Length / Batch, _ => Score(wide, rows, size, Batch), 1)),
        ];
        double[][] rates = [.. ways.Select(_ => new double[rounds])];
        foreach ((_, Action warmUp) in ways)
        {
            warmUp();
        }

        for (int round = 0; round < rounds; round++)
        {
            for (int way = 0; way < ways.Length; way++)
            {
                long start = Stopwatch.GetTimestamp();
                ways[way].Work();
                rates[way][round] = pictures.Length / Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{pictures.Length} jpg files of {PhotoFolder.Side} x {PhotoFolder.Side}, {threads} threads, "
            + $"median of {rounds} interleaved rounds."));
        Console.WriteLine("\n| way | faces/s | x the front end |\n|---|---:|---:|");
        for (int way = 0; way < ways.Length; way++)
        {
            double ratio = Sorted.Median(rates[way].Zip(rates[0], (own, first) => own / first));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {ways[way].Name} | {Sorted.Median(rates[way]):0.0} | {ratio:0.00} |"));
        }
    }

    private static InferenceSession Session(string path, int threads)
    {
        using var options = new SessionOptions { IntraOpNumThreads = threads };
        return new InferenceSession(path, options);
    }

    private static void Score(InferenceSession session, float[] rows, int size, int count)
    {
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, rows.AsMemory(0, count * 3 * size * size), [count, 3, size, size]);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs =
            session.Run(options, [session.InputNames[0]], [input], [session.OutputNames[0]]);
    }
}
