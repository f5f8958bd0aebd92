using System.Diagnostics;
using System.Globalization;
using CrossModalVae.Corpora;
using CrossModalVae.Features;
using CrossModalVae.Files;
using CrossModalVae.Models;
using CrossModalVae.Numerics;
using CrossModalVae.Onnx;
using CrossModalVae.Onnx.Precision;
using CrossModalVae.Recipes;
using CrossModalVae.Scoring;

namespace CrossModalVae.Bench;

/// <summary>
/// Rows per second and file sizes of encoders in float32, float16 and int8, by the batched scoring that <c>embed</c> uses, interleaved.
/// Weights are random, which costs the same; what less precision costs in AUC, <c>export --precision</c> prints.
/// </summary>
internal sealed class PrecisionBenchmark : IBenchmark
{
    private static readonly ModelPrecision[] Kinds = Enum.GetValues<ModelPrecision>();

    public string Name => "precision";

    public string Summary => "rows/s and file sizes of encoders in float32, float16 and int8: "
        + "--recipes pipelines/demo.json,pipelines/best-scratch.json --rows 2048,64 --rounds 7 --device cpu";

    public void Run(BenchOptions options)
    {
        string[] recipes = options.Text("recipes", "pipelines/demo.json,pipelines/best-scratch.json").Split(',');
        int[] rows = [.. options.Text("rows", "2048,64").Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        int rounds = options.Count("rounds", 7);
        ExecutionDevice device = DeviceOrder.Parse(options.Text("device", "cpu")).Start().Device;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{device}, {Environment.ProcessorCount} processors, batch 256, median of {rounds} interleaved rounds; "
            + $"ratios are medians of the rounds' ratios to float32."));
        Console.WriteLine("\n| recipe | encoder | numbers | MB | x smaller | rows/s | x float32 |\n|---|---|---|---:|---:|---:|---:|");
        foreach ((string file, int count) in recipes.Zip(rows))
        {
            Measure(RecipeReader.Read(file), count, rounds, device);
        }
    }

    /// <summary>Graphs of a precision, whatever it costs.</summary>
    public static OnnxGraphs Reduce(ExportedGraphs exported, ModelPrecision kind)
    {
        if (kind == ModelPrecision.Float32)
        {
            return exported.Graphs;
        }

        FeatureTable clips = Clips(exported, 64);
        var options = new PrecisionOptions { Kind = kind, Training = clips, Validation = clips, LossLimit = 1 };
        return ReducedGraphs.Build(
            exported.Graphs, exported.Weights, options, new string('0', 64), seed: 1, CancellationToken.None).Graphs;
    }

    private static void Measure(Recipe recipe, int rows, int rounds, ExecutionDevice device)
    {
        ExportedGraphs exported = ExportedGraphs.Of(recipe);
        OnnxGraphs[] graphs = [.. Kinds.Select(kind => Reduce(exported, kind))];
        string folder = Directory.CreateTempSubdirectory("cmvae-bench-").FullName;
        try
        {
            foreach (Modality modality in (Modality[])[Modality.Voice, Modality.Face])
            {
                string[] files = [.. Kinds.Select(kind => Path.Combine(folder, $"{modality}-{kind}.onnx"))];
                foreach ((string file, OnnxGraphs own) in files.Zip(graphs))
                {
                    File.WriteAllBytes(file, modality == Modality.Voice ? own.VoiceEncoder : own.FaceEncoder);
                }

                Measure($"{recipe.Name} | {EnumText.Of(modality)}", files, exported.Input(modality), rows, rounds, device);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(string name, string[] files, EncoderInput input, int rows, int rounds, ExecutionDevice device)
    {
        var random = new SeededRandom(2);
        float[] all = [.. Enumerable.Range(0, rows * input.RowLength).Select(_ => (float)random.NextGaussian())]; // [rows, F]
        OnnxEncoder[] encoders = [.. files.Select(file => new OnnxEncoder(file, device, input.RowLength))];
        double[][] seconds = [.. files.Select(_ => new double[rounds])];
        foreach (OnnxEncoder encoder in encoders)
        {
            encoder.Score(all, rows);
        }

        for (int round = 0; round < rounds; round++)
        {
            for (int k = 0; k < encoders.Length; k++)
            {
                int way = (round + (round % 2 == 0 ? k : encoders.Length - k)) % encoders.Length;
                long start = Stopwatch.GetTimestamp();
                encoders[way].Score(all, rows);
                seconds[way][round] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        }

        double size = new FileInfo(files[0]).Length;
        for (int way = 0; way < files.Length; way++)
        {
            double own = new FileInfo(files[way]).Length;
            double ratio = Sorted.Median(seconds[0].Zip(seconds[way], (exact, rounded) => exact / rounded));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {EnumText.Of(Kinds[way])} | {own / 1e6:0.00} | {size / own:0.00} | {rows / Sorted.Median(seconds[way]):0} "
                + $"| {ratio:0.00} |"));
            encoders[way].Dispose();
        }
    }

    // Normal features of two people, for the ranges of activations.
    private static FeatureTable Clips(ExportedGraphs exported, int count)
    {
        var random = new SeededRandom(3);
        return new FeatureTable
        {
            Clips =
            [
                .. Enumerable.Range(0, count).Select(i => new Clip
                {
                    Identity = $"{i % 2}", Name = $"{i}", Voice = "v.wav", Faces = ["f.jpg"], Split = CorpusSplit.Train,
                }),
            ],
            Voice = Rows(exported.Voice.RowLength),
            Face = Rows(exported.Face.RowLength),
            VoiceLength = exported.Voice.RowLength,
            FaceLength = exported.Face.RowLength,
        };

        float[] Rows(int length) => [.. Enumerable.Range(0, count * length).Select(_ => (float)random.NextGaussian())];
    }
}
