using System.Diagnostics;
using System.Globalization;
using CrossModalVae.Models;
using CrossModalVae.Numerics;
using CrossModalVae.Onnx;
using CrossModalVae.Pipelines;
using CrossModalVae.Recipes;
using CrossModalVae.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace CrossModalVae.Bench;

/// <summary>
/// Rows per second of a recipe's towers as they are exported (weights at random, which costs the same): through the batched scoring that
/// <c>embed</c> and the ML.NET pipeline use, and by a bare InferenceSession.Run over one array at the batch and number of threads that do
/// best here. Interleaved.
/// </summary>
internal sealed class TowersBenchmark : IBenchmark
{
    private static readonly int[] Batches = [1, 4, 16, 64];

    private readonly record struct Setting(int Batch, int Threads);

    public string Name => "towers";

    public string Summary =>
        "rows/s of a recipe's exported towers, our batched scoring against a bare session at its best: "
        + "--recipe pipelines/best-scratch.json --rows 256 --rounds 7 --batch 256";

    public void Run(BenchOptions options)
    {
        int rows = options.Count("rows", 256), rounds = options.Count("rounds", 7);
        Recipe recipe = RecipeReader.Read(options.Text("recipe", "pipelines/best-scratch.json"));
        ExportedGraphs exported = ExportedGraphs.Of(recipe);
        string folder = Directory.CreateTempSubdirectory("cmvae-bench-").FullName;
        try
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Towers of '{recipe.Name}', {rows} rows, {Environment.ProcessorCount} processors, median of {rounds} interleaved rounds; "
                + $"ratios are medians of the rounds' ratios."));
            Console.WriteLine("\n| tower | way | rows/s | x bare session |\n|---|---|---:|---:|");
            foreach ((EncoderInput input, byte[] graph) in new[]
            {
                (exported.Voice, exported.Graphs.VoiceEncoder), (exported.Face, exported.Graphs.FaceEncoder),
            })
            {
                string path = Path.Combine(folder, OnnxContract.EncoderFile(input.Modality));
                File.WriteAllBytes(path, graph);
                Measure(path, input, rows, rounds, options.Count("batch", recipe.Scoring.BatchSize));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(string path, EncoderInput input, int rowCount, int rounds, int batchSize)
    {
        var random = new SeededRandom(2);
        float[] all = [.. Enumerable.Range(0, rowCount * input.RowLength).Select(_ => (float)random.NextGaussian())]; // [rows, F]
        var ml = new MLContext(1);
        var definition = SchemaDefinition.Create(typeof(Row));
        definition["x"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, input.RowLength);
        IDataView view = ml.Data.LoadFromEnumerable(all.Chunk(input.RowLength).Select(row => new Row { X = row }).ToArray(), definition);
        using var encoder = new OnnxEncoder(path, inputLength: input.RowLength);
        string[] outputs = [OnnxContract.Mean(input.Modality), OnnxContract.LogVariance(input.Modality)];
        var scoring = new OnnxBatchOptions { BatchSize = batchSize, OutputTensorNames = outputs, InputLength = input.RowLength };
        IDataView batched = ml.Transforms.ApplyOnnxModelBatched(outputs, ["x"], encoder, scoring).Fit(view).Transform(view);
        Setting best = Batches.SelectMany(batch => new[] { 1, Environment.ProcessorCount }.Distinct().Select(t => new Setting(batch, t)))
            .MinBy(setting =>
            {
                using InferenceSession trial = Session(path, setting.Threads);
                int few = Math.Min(rowCount, 2 * Batches[^1]);
                Bare(trial, input, all, Math.Min(few, setting.Batch), setting.Batch, outputs);
                return Sorted.Median(Enumerable.Range(0, 3)
                    .Select(_ => Seconds(() => Bare(trial, input, all, few, setting.Batch, outputs))));
            });
        using InferenceSession bare = Session(path, best.Threads);
        (string Name, Func<double> Score)[] ways =
        [
            ($"bare InferenceSession.Run, batch {best.Batch}, {best.Threads} threads",
                () => Bare(bare, input, all, rowCount, best.Batch, outputs)),
            ($"ApplyOnnxModelBatched, batch {batchSize} or what memory allows, as embed scores", () => Drain(batched, outputs[0])),
            ("OnnxEncoder.Score", () => encoder.Score(all, rowCount, scoring)[0].Chunk(encoder.Outputs[0].Length).Sum(row => row[0])),
        ];
        double expected = ways[0].Score();
        foreach ((string name, Func<double> score) in ways)
        {
            double sum = score();
            if (Math.Abs(sum - expected) > 1e-4 * rowCount)
            {
                throw new InvalidOperationException($"{name} sums to {sum}; the bare session to {expected}.");
            }
        }

        double[][] seconds = [.. ways.Select(_ => new double[rounds])];
        for (int round = 0; round < rounds; round++)
        {
            for (int k = 0; k < ways.Length; k++)
            {
                int way = (round + (round % 2 == 0 ? k : ways.Length - k)) % ways.Length;
                seconds[way][round] = Seconds(() => ways[way].Score());
            }
        }

        for (int way = 0; way < ways.Length; way++)
        {
            double ratio = Sorted.Median(seconds[0].Zip(seconds[way], (rival, ours) => rival / ours));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {input.Modality} | {ways[way].Name} | {rowCount / Sorted.Median(seconds[way]):0.0} | {ratio:0.00} |"));
        }
    }

    private static double Seconds(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static InferenceSession Session(string path, int threads)
    {
        using var options = new SessionOptions { IntraOpNumThreads = threads };
        return new InferenceSession(path, options);
    }

    private static double Bare(InferenceSession session, EncoderInput input, float[] rows, int rowCount, int batch, string[] outputs)
    {
        long[] shape = [.. TowerGraph.InputShape(input).Select(size => (long)(size ?? input.UnitCount))];
        using var options = new RunOptions();
        double sum = 0;
        for (int first = 0; first < rowCount; first += batch)
        {
            int count = Math.Min(batch, rowCount - first);
            using OrtValue x = OrtValue.CreateTensorValueFromMemory(
                OrtMemoryInfo.DefaultInstance, rows.AsMemory(first * input.RowLength, count * input.RowLength), [count, .. shape]);
            using IDisposableReadOnlyCollection<OrtValue> results = session.Run(options, session.InputNames, [x], outputs);
            ReadOnlySpan<float> mean = results[0].GetTensorDataAsSpan<float>(); // [B, D]
            for (int row = 0; row < count; row++)
            {
                sum += mean[row * mean.Length / count];
            }
        }

        return sum;
    }

    private static double Drain(IDataView view, string output)
    {
        DataViewSchema.Column column = view.Schema[output];
        using DataViewRowCursor cursor = view.GetRowCursor([column]);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(column);
        VBuffer<float> mean = default;
        double sum = 0;
        while (cursor.MoveNext())
        {
            getter(ref mean);
            sum += mean.GetValues()[0];
        }

        return sum;
    }

    private sealed class Row
    {
        [ColumnName("x")]
        public float[] X { get; set; } = [];
    }
}
