using System.Diagnostics;
using System.Globalization;
using CrossModalVae.Models;
using CrossModalVae.Onnx;
using CrossModalVae.Pipelines;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace CrossModalVae.Bench;

/// <summary>
/// Rows per second of one 512-256-100 network three ways, interleaved so that a busy machine hurts all alike: ML.NET's ApplyOnnxModel (a call
/// a row), this library's ScoreOnnxBatched over the same data view, and a bare InferenceSession.Run on slices of one array.
/// </summary>
internal sealed class ScoringBenchmark : IBenchmark
{
    private const int Inputs = 512;
    private const int Hidden = 256;
    private const int Outputs = 100;
    private static readonly string[] X = ["x"];
    private static readonly string[] Y = ["y"];

    public string Name => "scoring";

    public string Summary => "rows/s of batched scoring against ApplyOnnxModel and a bare session: --rows 10000 --batch 256 --rounds 9 --device cpu";

    public void Run(BenchOptions options)
    {
        int rowCount = options.Count("rows", 10_000), batch = options.Count("batch", 256), rounds = options.Count("rounds", 9);
        ExecutionDevice device = ExecutionDevice.Parse(options.Text("device", "cpu"));
        string folder = Directory.CreateTempSubdirectory("cmvae-bench-").FullName;
        try
        {
            string model = Path.Combine(folder, "mlp.onnx");
            File.WriteAllBytes(model, Network());
            Measure(model, rowCount, batch, rounds, device);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(string model, int rowCount, int batch, int rounds, ExecutionDevice device)
    {
        var random = new SeededRandom(2);
        var all = new float[rowCount * Inputs]; // [rows, 512]
        for (int i = 0; i < all.Length; i++)
        {
            all[i] = (float)random.NextGaussian();
        }

        var ml = new MLContext(1);
        var rows = new Row[rowCount];
        for (int r = 0; r < rowCount; r++)
        {
            rows[r] = new Row { X = all[(r * Inputs)..((r + 1) * Inputs)] };
        }

        IDataView view = ml.Data.LoadFromEnumerable(rows);
        using var encoder = new OnnxEncoder(model, device);
        var stockEstimator = ml.Transforms.ApplyOnnxModel(Y, X, model, device.CudaIndex, fallbackToCpu: false);
        var stock = stockEstimator.Fit(view);
        IDataView rowByRow = stock.Transform(view);
        IDataView batched = ml.Transforms.ScoreOnnxBatched(Y, "x", encoder, new OnnxBatchOptions { BatchSize = batch, Device = device })
            .Fit(view).Transform(view);
        using var bare = new BareSession(model, batch, device);

        var ways = new (string Name, Func<double> Score)[]
        {
            ("ML.NET ApplyOnnxModel, a call a row", () => Drain(rowByRow)),
            ($"ScoreOnnxBatched, batch {batch}", () => Drain(batched)),
            ($"bare InferenceSession.Run, batch {batch}", () => bare.Score(all, rowCount)),
        };
        double expected = ways[2].Score();
        foreach ((string name, Func<double> score) in ways)
        {
            double sum = score();
            if (Math.Abs(sum - expected) > 1e-4 * rowCount)
            {
                throw new InvalidOperationException($"{name} sums to {sum}; the bare session to {expected}.");
            }
        }

        var seconds = ways.Select(_ => new List<double>()).ToArray();
        for (int round = 0; round < rounds; round++)
        {
            for (int k = 0; k < ways.Length; k++)
            {
                int way = (round + k) % ways.Length;
                long start = Stopwatch.GetTimestamp();
                ways[way].Score();
                seconds[way].Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        }

        (stock as IDisposable)?.Dispose();
        Print(ways.Select(way => way.Name).ToArray(), seconds, rowCount, rounds, device);
    }

    private static void Print(string[] names, List<double>[] seconds, int rowCount, int rounds, ExecutionDevice device)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Inputs}-{Hidden}-{Outputs} MLP, {rowCount} rows, {device}, {Environment.ProcessorCount} processors, {rounds} interleaved rounds, median; ratios are medians of the rounds' ratios."));
        Console.WriteLine();
        Console.WriteLine("| way | rows/s | x ApplyOnnxModel | x bare session |");
        Console.WriteLine("|---|---:|---:|---:|");
        for (int way = 0; way < names.Length; way++)
        {
            double rate = rowCount / Median(seconds[way]);
            double overStock = Median(seconds[0].Zip(seconds[way], (rival, ours) => rival / ours));
            double overBare = Median(seconds[2].Zip(seconds[way], (rival, ours) => rival / ours));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {names[way]} | {rate:F0} | {overStock:F2} | {overBare:F2} |"));
        }
    }

    private static double Drain(IDataView view)
    {
        DataViewSchema.Column column = view.Schema["y"];
        using DataViewRowCursor cursor = view.GetRowCursor([column]);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(column);
        VBuffer<float> y = default;
        double sum = 0;
        while (cursor.MoveNext())
        {
            getter(ref y);
            sum += y.GetValues()[0];
        }

        return sum;
    }

    private static byte[] Network()
    {
        var random = new SeededRandom(1);
        DenseLayer Layer(int inputs, int outputs, Activation activation) => new(
            [.. Enumerable.Range(0, inputs * outputs).Select(_ => (float)(random.NextGaussian() / Math.Sqrt(inputs)))],
            [.. Enumerable.Range(0, outputs).Select(_ => (float)(0.1 * random.NextGaussian()))],
            inputs,
            outputs,
            activation);
        var graph = new OnnxGraphBuilder("mlp");
        string h = graph.Dense(graph.Input("x", Inputs, "features"), Layer(Inputs, Hidden, Activation.Relu), "h"); // [B, 256]
        graph.Output(graph.Dense(h, Layer(Hidden, Outputs, Activation.None), "y"), Outputs, "scores"); // [B, 100]
        return graph.Build("A 512-256-100 network.", []);
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private sealed class Row
    {
        [ColumnName("x")]
        [VectorType(Inputs)]
        public float[] X { get; set; } = [];
    }

    /// <summary>As fast as ONNX Runtime's own binding goes: tensors over the caller's array, outputs made once.</summary>
    private sealed class BareSession : IDisposable
    {
        private readonly InferenceSession _session;
        private readonly RunOptions _options = new();
        private readonly int _batch;
        private readonly float[] _y;

        public BareSession(string model, int batch, ExecutionDevice device)
        {
            using var options = new SessionOptions();
            if (device.CudaIndex is int index)
            {
                options.AppendExecutionProvider_CUDA(index);
            }

            _session = new InferenceSession(model, options);
            _batch = batch;
            _y = new float[batch * Outputs];
        }

        public double Score(float[] rows, int rowCount)
        {
            double sum = 0;
            for (int first = 0; first < rowCount; first += _batch)
            {
                int count = Math.Min(_batch, rowCount - first);
                using OrtValue x = OrtValue.CreateTensorValueFromMemory(
                    OrtMemoryInfo.DefaultInstance, rows.AsMemory(first * Inputs, count * Inputs), [count, Inputs]); // [B, 512]
                using OrtValue y = OrtValue.CreateTensorValueFromMemory(
                    OrtMemoryInfo.DefaultInstance, _y.AsMemory(0, count * Outputs), [count, Outputs]); // [B, 100]
                _session.Run(_options, ScoringBenchmark.X, [x], ScoringBenchmark.Y, [y]);
                for (int r = 0; r < count; r++)
                {
                    sum += _y[r * Outputs];
                }
            }

            return sum;
        }

        public void Dispose()
        {
            _options.Dispose();
            _session.Dispose();
        }
    }
}
