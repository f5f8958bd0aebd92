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
/// Rows per second of one 512-256-100 network three ways, interleaved so that a busy machine hurts all alike: ML.NET's ApplyOnnxModel (a
/// call a row), this library's ApplyOnnxModelBatched over the same data view, and a bare InferenceSession.Run on slices of one array.
/// </summary>
internal sealed class ScoringBenchmark : IBenchmark
{
    private const int Inputs = 512;
    private const int Hidden = 256;
    private const int Outputs = 100;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);
    private static readonly string[] X = ["x"];
    private static readonly string[] Y = ["y"];

    public string Name => "scoring";

    public string Summary =>
        "rows/s of batched scoring against ApplyOnnxModel and a bare session: --rows 100000 --batch 256 --rounds 9 --passes 1 --device cpu";

    public void Run(BenchOptions options)
    {
        int rowCount = options.Count("rows", 100_000), batch = options.Count("batch", 256);
        int rounds = options.Count("rounds", 9), passes = options.Count("passes", 1);
        ExecutionDevice device = DeviceOrder.Parse(options.Text("device", "cpu")).Start().Device;
        string folder = Directory.CreateTempSubdirectory("cmvae-bench-").FullName;
        try
        {
            string model = Path.Combine(folder, "mlp.onnx");
            File.WriteAllBytes(model, Network());
            Measure(model, rowCount, batch, rounds, passes, device);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(string model, int rowCount, int batch, int rounds, int passes, ExecutionDevice device)
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
        IDataView batched = ml.Transforms.ApplyOnnxModelBatched(Y, X, encoder, new OnnxBatchOptions { BatchSize = batch, Device = device })
            .Fit(view).Transform(view);
        using var bare = BareSession.Fastest(model, batch, device, all, rowCount);

        var ways = new (string Name, Func<double> Score)[]
        {
            ("ML.NET ApplyOnnxModel, a call a row", () => Drain(rowByRow)),
            ($"ApplyOnnxModelBatched, batch {batch}", () => Drain(batched)),
            ($"bare InferenceSession.Run, batch {batch}, {bare.Threads}", () => bare.Score(all, rowCount)),
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

        foreach ((string _, Func<double> score) in ways)
        {
            // The runtime's compiler takes a while to bring its best version of the code that gathers and hands out rows.
            for (var watch = Stopwatch.StartNew(); watch.Elapsed < WarmUp; score())
            {
            }
        }

        var seconds = ways.Select(_ => new List<double>()).ToArray();
        for (int round = 0; round < rounds; round++)
        {
            for (int k = 0; k < ways.Length; k++)
            {
                // Forwards and backwards in turn: each way comes after each other one, whose threads may still be spinning.
                int way = (round + (round % 2 == 0 ? k : ways.Length - k)) % ways.Length;
                ways[way].Score();
                long start = Stopwatch.GetTimestamp();
                for (int pass = 0; pass < passes; pass++)
                {
                    ways[way].Score();
                }

                seconds[way].Add(Stopwatch.GetElapsedTime(start).TotalSeconds / passes);
            }
        }

        (stock as IDisposable)?.Dispose();
        Print(ways.Select(way => way.Name).ToArray(), seconds, rowCount, rounds, passes, device);
    }

    private static void Print(string[] names, List<double>[] seconds, int rowCount, int rounds, int passes, ExecutionDevice device)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Inputs}-{Hidden}-{Outputs} MLP, {rowCount} rows, {device}, {Environment.ProcessorCount} processors, {rounds} interleaved "
            + $"rounds of {passes} passes after a warm-up each, median; ratios are medians of the rounds' ratios."));
        Console.WriteLine();
        Console.WriteLine("| way | rows/s | x ApplyOnnxModel | x bare session |");
        Console.WriteLine("|---|---:|---:|---:|");
        for (int way = 0; way < names.Length; way++)
        {
            double rate = rowCount / Sorted.Median(seconds[way]);
            double overStock = Sorted.Median(seconds[0].Zip(seconds[way], (rival, ours) => rival / ours));
            double overBare = Sorted.Median(seconds[2].Zip(seconds[way], (rival, ours) => rival / ours));
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"| {names[way]} | {rate:F0} | {overStock:F2} | {overBare:F2} |"));
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

    private sealed class Row
    {
        [ColumnName("x")]
        [VectorType(Inputs)]
        public float[] X { get; set; } = [];
    }

    /// <summary>
    /// As fast as ONNX Runtime's own binding goes from one thread: tensors over the caller's array, outputs made once, and the number of
    /// threads that does best here.
    /// </summary>
    private sealed class BareSession : IDisposable
    {
        private readonly InferenceSession _session;
        private readonly RunOptions _options = new();
        private readonly int _batch;
        private readonly float[] _y;

        private BareSession(string model, int batch, ExecutionDevice device, int threads)
        {
            Threads = threads == 0 ? "ONNX Runtime's choice of threads" : $"{threads} threads";
            using var options = new SessionOptions { IntraOpNumThreads = threads };
            if (device.CudaIndex is int index)
            {
                options.AppendExecutionProvider_CUDA(index);
            }

            _session = new InferenceSession(model, options);
            _batch = batch;
            _y = new float[batch * Outputs];
        }

        /// <summary>The setting, for the table.</summary>
        public string Threads { get; }

        public static BareSession Fastest(string model, int batch, ExecutionDevice device, float[] rows, int rowCount)
        {
            const int Trials = 51;
            var candidates = new[] { 0, 1, Environment.ProcessorCount }.Distinct()
                .Select(threads => new BareSession(model, batch, device, threads))
                .ToList();
            BareSession best = candidates.MinBy(candidate => Sorted.Median(Enumerable.Range(0, Trials).Select(_ => Time(candidate))))!;
            candidates.Where(candidate => candidate != best).ToList().ForEach(candidate => candidate.Dispose());
            return best;

            double Time(BareSession candidate)
            {
                long start = Stopwatch.GetTimestamp();
                candidate.Score(rows, rowCount);
                return Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
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
