using System.Diagnostics;
using System.Globalization;
using CrossModalVae.Files;
using CrossModalVae.Models;
using CrossModalVae.Numerics;
using CrossModalVae.Onnx;
using CrossModalVae.Recipes;
using CrossModalVae.Scoring;

namespace CrossModalVae.Bench;

/// <summary>
/// Encoders on a device: how far they are from the CPU's float32, and rows per second by batch, beside Python's ONNX Runtime on the same
/// device. <c>gpu.sh</c> runs it on a GPU.
/// </summary>
internal sealed class DeviceBenchmark : IBenchmark
{
    private const double MostDifference = 1e-3; // of float32, relative to numbers above 1

    public string Name => "device";

    public string Summary => "parity with the CPU and rows/s by batch, against Python's ONNX Runtime: --device cuda,cpu "
        + "--recipes pipelines/demo.json,pipelines/best-scratch.json --batches 1,16,256,1024,4096 --precisions float32,float16 --rounds 5";

    public void Run(BenchOptions options)
    {
        StartedDevice started = DeviceOrder.Parse(options.Text("device", "cuda,cpu")).Start();
        int[] batches = options.Counts("batches", 1, 16, 256, 1024, 4096);
        ModelPrecision[] kinds =
        [
            .. options.Text("precisions", "float32,float16").Split(',').Select(text =>
                EnumText.TryParse(text, out ModelPrecision kind) ? kind : throw new ArgumentException($"'{text}' is no precision.")),
        ];
        string python = options.Text("python", "python3");
        Console.WriteLine($"device: {started}\n");
        Console.WriteLine("| recipe | encoder | numbers | from the CPU's float32 | batch | rows/s | x Python's ONNX Runtime |");
        Console.WriteLine("|---|---|---|---:|---:|---:|---:|");
        foreach (string recipe in options.Text("recipes", "pipelines/demo.json,pipelines/best-scratch.json").Split(','))
        {
            Measure(RecipeReader.Read(recipe), kinds, batches, options.Count("rounds", 5), started.Device, python);
        }
    }

    private static void Measure(
        Recipe recipe, ModelPrecision[] kinds, int[] batches, int rounds, ExecutionDevice device, string python)
    {
        ExportedGraphs exported = ExportedGraphs.Of(recipe);
        string folder = Directory.CreateTempSubdirectory("cmvae-bench-").FullName;
        try
        {
            foreach (Modality modality in (Modality[])[Modality.Voice, Modality.Face])
            {
                EncoderInput input = exported.Input(modality);
                float[] rows = Rows(input, batches.Max());
                int[] shape = OnnxParity.InputShape(modality == Modality.Voice ? exported.Weights.Voice : exported.Weights.Face);
                string exact = Path.Combine(folder, $"{modality}.onnx"), graph = Path.Combine(folder, $"{modality}-own.onnx");
                File.WriteAllBytes(exact, Encoder(exported.Graphs, modality));
                foreach (ModelPrecision kind in kinds)
                {
                    File.WriteAllBytes(graph, Encoder(PrecisionBenchmark.Reduce(exported, kind), modality));
                    using var encoder = new OnnxEncoder(graph, device, input.RowLength);
                    string difference = Difference(exact, encoder, input, kind);
                    string name = $"| {recipe.Name} | {EnumText.Of(modality)} | {EnumText.Of(kind)} | {difference}";
                    foreach (int batch in batches)
                    {
                        double rate = Rate(encoder, rows.AsSpan(0, batch * input.RowLength).ToArray(), batch, rounds);
                        double? rival = Rival(python, graph, device, shape, batch, rounds);
                        string ratio = rival is double other ? (rate / other).ToString("0.00", CultureInfo.InvariantCulture) : "";
                        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} | {batch} | {rate:0} | {ratio} |"));
                    }
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static byte[] Encoder(OnnxGraphs graphs, Modality modality) =>
        modality == Modality.Voice ? graphs.VoiceEncoder : graphs.FaceEncoder;

    private static float[] Rows(EncoderInput input, int count)
    {
        var random = new SeededRandom(2);
        return [.. Enumerable.Range(0, count * input.RowLength).Select(_ => (float)random.NextGaussian())]; // [rows, F]
    }

    private static string Difference(string exact, OnnxEncoder encoder, EncoderInput input, ModelPrecision kind)
    {
        const int Count = 64;
        float[] rows = Rows(input, Count);
        using var cpu = new OnnxEncoder(exact, inputLength: input.RowLength);
        double worst = cpu.Score(rows, Count).Zip(encoder.Score(rows, Count), OnnxParityOf).Max();
        return kind == ModelPrecision.Float32 && !(worst <= MostDifference)
            ? throw new InvalidOperationException(Invariant($"{encoder.Device} is {worst:0.0e+0} from the CPU; must be at most 1e-3."))
            : worst.ToString("0.0e+0", CultureInfo.InvariantCulture);

        static double OnnxParityOf(float[] one, float[] other) => OnnxParity.Difference(other, one);
    }

    private static double Rate(OnnxEncoder encoder, float[] rows, int batch, int rounds)
    {
        var options = new OnnxBatchOptions { BatchSize = batch };
        encoder.Score(rows, batch, options);
        int runs = Math.Max(1, 256 / batch);
        return batch * runs / Sorted.Median(Enumerable.Range(0, rounds).Select(_ =>
        {
            long start = Stopwatch.GetTimestamp();
            for (int run = 0; run < runs; run++)
            {
                encoder.Score(rows, batch, options);
            }

            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }));
    }

    // Null where this Python has no onnxruntime with the device's provider.
    private static double? Rival(string python, string graph, ExecutionDevice device, int[] shape, int batch, int rounds)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "rivals", "onnx_score.py");
        var start = new ProcessStartInfo(
            python, [script, graph, device.ToString(), Invariant($"{batch}"), Invariant($"{rounds}"), string.Join(',', shape)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        errors.Wait();
        return process.ExitCode == 0 ? double.Parse(output, CultureInfo.InvariantCulture) : null;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
