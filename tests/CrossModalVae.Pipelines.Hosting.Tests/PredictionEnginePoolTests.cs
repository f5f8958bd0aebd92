using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CrossModalVae.Pipelines.Hosting.Tests;

public sealed class PredictionEnginePoolTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);
    private readonly Lines _log = new();

    private string Bundle => _folder["scale.cmvae.zip"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Predict_64Callers_EachGetsItsOwnAnswer()
    {
        WriteBundle(2);
        using ServiceProvider services = Services(builder => builder.FromBundle(Bundle));
        PredictionEnginePool<Point, Scaled> pool = Pool(services);

        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 64 }, caller =>
        {
            for (int i = 0; i < 200; i++)
            {
                Assert.Equal(2f * caller, pool.Predict(new Point { Value = caller }).Result);
            }
        });
    }

    [Fact]
    public void NamedModels_OfBundlesAndMlNetsOwnFiles()
    {
        WriteBundle(2);
        ITransformer three = Scale(3);
        _ml.Model.Save(three, View().Schema, _folder["three.zip"]);
        using ServiceProvider services = Services(builder => builder.FromBundle("two", Bundle).FromFile("three", _folder["three.zip"]));
        PredictionEnginePool<Point, Scaled> pool = Pool(services);

        Assert.Equal(10, pool.Predict("two", new Point { Value = 5 }).Result);
        Assert.Equal(15, pool.Predict("three", new Point { Value = 5 }).Result);
        Assert.Equal(15, Read(pool.GetModel("three")));
        Assert.Equal(
            "the model without a name is not there; must be one that FromBundle or FromFile of AddPredictionEnginePool names.",
            Assert.Throws<ArgumentException>(() => pool.Predict(new Point())).Message);
        string message = Assert.Throws<ArgumentException>(() => pool.GetModel("four")).Message;
        Assert.StartsWith("the model 'four' is not there", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Engines_GoOutAndComeBackOnce()
    {
        WriteBundle(2);
        using ServiceProvider services = Services(builder => builder.FromBundle(Bundle));
        PredictionEnginePool<Point, Scaled> pool = Pool(services);

        PredictionEngine<Point, Scaled> first = pool.GetPredictionEngine(), second = pool.GetPredictionEngine();
        Assert.NotSame(first, second);
        pool.ReturnPredictionEngine(first);
        Assert.Same(first, pool.GetPredictionEngine());
        pool.ReturnPredictionEngine(second);
        Assert.StartsWith(
            "The engine is not one that the model without a name has out; must be what GetPredictionEngine gave, and be returned once.",
            Assert.Throws<ArgumentException>(() => pool.ReturnPredictionEngine(second)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void MissingFile_IsReadWhenItIsThere()
    {
        using ServiceProvider services = Services(builder => builder.FromBundle(Bundle));
        PredictionEnginePool<Point, Scaled> pool = Pool(services);

        Assert.Throws<FileNotFoundException>(() => pool.Predict(new Point()));
        WriteBundle(4);
        Assert.Equal(4, pool.Predict(new Point { Value = 1 }).Result);
    }

    [Fact]
    public async Task WatchedBundle_IsReplacedWhilePredicting()
    {
        WriteBundle(2);
        using ServiceProvider services = Services(builder => builder.FromBundle(Bundle, watchForChanges: true));
        PredictionEnginePool<Point, Scaled> pool = Pool(services);
        PredictionEngine<Point, Scaled> old = pool.GetPredictionEngine();
        using var stop = new CancellationTokenSource(Long);
        Task<HashSet<float>>[] callers = [.. Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            var seen = new HashSet<float>();
            while (!stop.IsCancellationRequested && !seen.Contains(3))
            {
                seen.Add(pool.Predict(new Point { Value = 1 }).Result);
            }

            return seen;
        }))];

        WriteBundle(3);

        HashSet<float>[] seen = await Task.WhenAll(callers);
        Assert.All(seen, values => Assert.Contains(3f, values));
        Assert.All(seen, values => Assert.Empty(values.Except([2f, 3f])));
        Assert.Equal(2, old.Predict(new Point { Value = 1 }).Result); // it is out, and its model with it
        pool.ReturnPredictionEngine(old);
        Assert.NotSame(old, pool.GetPredictionEngine());
        Assert.Contains(_log.All, line => line == (LogLevel.Information, $"The model in {Bundle} was read anew and serves."));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task BrokenFile_TheOldModelStays_AndItIsLogged(bool isBundle)
    {
        WriteBundle(2);
        string own = _folder["own.zip"];
        _ml.Model.Save(Scale(2), View().Schema, own);
        string file = isBundle ? Bundle : own;
        using ServiceProvider services = Services(
            builder => _ = isBundle ? builder.FromBundle(file, watchForChanges: true) : builder.FromFile(file, watchForChanges: true));
        PredictionEnginePool<Point, Scaled> pool = Pool(services);
        Assert.Equal(2, pool.Predict(new Point { Value = 1 }).Result);

        await File.WriteAllTextAsync(file, "no model");

        await Until(() => _log.All.Any(line => line.Level == LogLevel.Error));
        Assert.StartsWith(
            $"The model in {file} changed and cannot be read, the old one stays: ",
            _log.All.First(line => line.Level == LogLevel.Error).Text,
            StringComparison.Ordinal);
        Assert.Equal(2, pool.Predict(new Point { Value = 1 }).Result);

        // A whole one later is taken.
        if (isBundle)
        {
            WriteBundle(5);
            await Until(() => pool.Predict(new Point { Value = 1 }).Result == 5);
        }
    }

    [Fact]
    public void DisposedPool_RefusesAndTakesBack()
    {
        WriteBundle(2);
        PredictionEnginePool<Point, Scaled> pool;
        PredictionEngine<Point, Scaled> engine;
        using (ServiceProvider services = Services(builder => builder.FromBundle(Bundle)))
        {
            pool = Pool(services);
            engine = pool.GetPredictionEngine();
        }

        Assert.Throws<ObjectDisposedException>(pool.GetPredictionEngine);
        Assert.Equal(2, engine.Predict(new Point { Value = 1 }).Result);
        pool.ReturnPredictionEngine(engine);
    }

    private static async Task Until(Func<bool> holds)
    {
        using var late = new CancellationTokenSource(Long);
        while (!holds())
        {
            await Task.Delay(20, late.Token);
        }
    }

    private ServiceProvider Services(Action<PredictionEnginePoolBuilder<Point, Scaled>> configure)
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddProvider(_log));
        configure(services.AddPredictionEnginePool<Point, Scaled>());
        return services.BuildServiceProvider();
    }

    private static PredictionEnginePool<Point, Scaled> Pool(ServiceProvider services) =>
        services.GetRequiredService<PredictionEnginePool<Point, Scaled>>();

    private void WriteBundle(int factor) => _ml.Model.SaveBundle(Scale(factor), View().Schema, Bundle);

    private ITransformer Scale(int factor) =>
        _ml.Transforms.Expression("Result", $"x : x * {factor}.0f", "Value").Fit(View());

    private IDataView View() => _ml.Data.LoadFromEnumerable(new[] { new Point { Value = 5 } });

    private float Read(ITransformer model) =>
        _ml.Data.CreateEnumerable<Scaled>(model.Transform(View()), reuseRowObject: false).Single().Result;

    private sealed class Point
    {
        public float Value { get; set; }
    }

    private sealed class Scaled
    {
        public float Result { get; set; }
    }
}

/// <summary>Keeps what is logged.</summary>
internal sealed class Lines : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(LogLevel, string)> _lines = new();

    public IEnumerable<(LogLevel Level, string Text)> All => _lines;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue((logLevel, formatter(state, exception)));

    public void Dispose()
    {
    }
}
