using System.Diagnostics;
using System.Globalization;
using CrossModalVae.Numerics;
using CrossModalVae.Pipelines;
using CrossModalVae.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Bench;

/// <summary>
/// Memory of a process that scores for long: a million rows through a pipeline of both encoders and the joint embedding, again and again;
/// with <c>--pipelines new</c>, through a new context, pipeline and native sessions each time.
/// </summary>
internal sealed class SoakBenchmark : IBenchmark
{
    private const int WarmUp = 50_000;
    private const double Mega = 1 << 20;

    // The verdict's bounds, MiB: what the runtime's own caches move by, and what a leak of a few bytes a row would exceed.
    private const double MostManagedGrowth = 1;
    private const double MostProcessGrowth = 48;
    private const double MostCreep = 4;

    private readonly record struct Sample(double Seconds, long Rows, double Process, double Managed, double Committed);

    public string Name => "soak";

    public string Summary =>
        "memory of long scoring, a million rows through a pipeline and again: "
        + "--model onnx/demo --rows 1000000 --seconds 600 --interval 20 --pipelines same|new";

    public void Run(BenchOptions options)
    {
        int rows = options.Count("rows", 1_000_000);
        TimeSpan length = TimeSpan.FromSeconds(options.Number("seconds", 600));
        TimeSpan interval = TimeSpan.FromSeconds(options.Number("interval", 20));
        string folder = options.Text("model", "onnx/demo"), pipelines = options.Text("pipelines", "same");
        var watch = Stopwatch.StartNew();
        var samples = new List<Sample>();
        long scored = 0;
        int passes = 0;
        while (passes == 0 || watch.Elapsed < length)
        {
            Open(folder, rows, drain =>
            {
                do
                {
                    drain(Scored);
                    passes++;
                }
                while (pipelines == "same" && watch.Elapsed < length);
            });
        }

        samples.Add(Measure(watch.Elapsed.TotalSeconds, scored));
        Print($"{folder}, {pipelines} pipelines", samples, scored, passes);

        void Scored()
        {
            scored++;
            double seconds = watch.Elapsed.TotalSeconds;
            if (samples.Count == 0 ? scored == WarmUp : seconds >= samples[^1].Seconds + interval.TotalSeconds)
            {
                samples.Add(Measure(seconds, scored));
            }
        }
    }

    // Hands over what reads all rows once.
    private static void Open(string folder, int rowCount, Action<Action<Action>> use)
    {
        var ml = new MLContext(1);
        using ScoringModel model = ScoringModel.Load(folder);
        int voice = model.VoiceEncoder.Inputs[0].Length, face = model.FaceEncoder.Inputs[0].Length;
        var definition = SchemaDefinition.Create(typeof(Row));
        definition[nameof(Row.Voice)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, voice);
        definition[nameof(Row.Face)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, face);
        IDataView input = ml.Data.LoadFromEnumerable(Rows(), definition);
        var pipeline = ml.Transforms.ApplyOnnxModelBatched(["VoiceMean", "VoiceLogVariance"], ["Voice"], model.VoiceEncoder)
            .Append(ml.Transforms.ApplyOnnxModelBatched(["FaceMean", "FaceLogVariance"], ["Face"], model.FaceEncoder))
            .Append(ml.Transforms.JointEmbedding("Joint", model.Recipe.Scoring.Joint));
        IDataView output = pipeline.Fit(input).Transform(input);
        use(scored =>
        {
            using DataViewRowCursor cursor = output.GetRowCursor([output.Schema["Joint"]]);
            ValueGetter<VBuffer<float>> joint = cursor.GetGetter<VBuffer<float>>(output.Schema["Joint"]);
            VBuffer<float> value = default;
            while (cursor.MoveNext())
            {
                joint(ref value);
                scored();
            }
        });

        IEnumerable<Row> Rows()
        {
            const int Distinct = 64;
            var random = new SeededRandom(1);
            Row[] distinct =
            [
                .. Enumerable.Range(0, Distinct).Select(_ => new Row { Voice = Normal(voice), Face = Normal(face) }),
            ];
            for (int i = 0; i < rowCount; i++)
            {
                yield return distinct[i % Distinct];
            }

            float[] Normal(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)random.NextGaussian())];
        }
    }

    // Managed memory after a full collection; what the process has beside the collector's memory is native, libraries included.
    private static Sample Measure(double seconds, long rows)
    {
        long managed = GC.GetTotalMemory(forceFullCollection: true);
        using var process = Process.GetCurrentProcess();
        return new Sample(
            seconds, rows, process.WorkingSet64 / Mega, managed / Mega, GC.GetGCMemoryInfo().TotalCommittedBytes / Mega);
    }

    private static void Print(string what, List<Sample> samples, long scored, int passes)
    {
        Sample start = samples[0];
        int quarter = Math.Max(1, samples.Count / 4);
        double managedGrowth = samples.Max(sample => sample.Managed) - start.Managed;
        double processGrowth = samples.Max(sample => sample.Process) - start.Process;
        double creep = Median(samples[^quarter..]) - Median(samples.GetRange(Math.Min(quarter, samples.Count - 1), quarter));
        bool isFlat = managedGrowth <= MostManagedGrowth && processGrowth <= MostProcessGrowth && creep <= MostCreep;
        Say($"{what}, {Environment.ProcessorCount} processors: {scored:N0} rows in {samples[^1].Seconds:0} s, {passes} passes.\n");
        Say($"| s | rows | process MiB | managed MiB, after a collection | collector's MiB | the rest, native MiB |");
        Say($"|---:|---:|---:|---:|---:|---:|");
        foreach (Sample sample in samples)
        {
            (double seconds, long rows, double process, double managed, double committed) = sample;
            Say($"| {seconds:0} | {rows:N0} | {process:0.0} | {managed:0.00} | {committed:0.0} | {process - committed:0.0} |");
        }

        Say($"\nSince the first {WarmUp:N0} rows: managed at most {managedGrowth:+0.00;-0.00} MiB (limit {MostManagedGrowth}),");
        Say($"process at most {processGrowth:+0.0;-0.0} MiB (limit {MostProcessGrowth});");
        Say($"process, median of the samples' last quarter less that of their second: {creep:+0.0;-0.0} MiB (limit {MostCreep}).");
        Say($"Verdict: {(isFlat ? "flat" : "not flat")}.");

        static double Median(List<Sample> some) => Sorted.Median(some.Select(sample => sample.Process));

        static void Say(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
    }

    private sealed class Row
    {
        public float[] Voice { get; set; } = [];

        public float[] Face { get; set; } = [];
    }
}
