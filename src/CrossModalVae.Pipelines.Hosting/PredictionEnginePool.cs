using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CrossModalVae.Pipelines.Hosting;

/// <summary>
/// Prediction engines for many threads, of one model or several with names: ML.NET's engine serves one thread at a time. The interface
/// is that of Microsoft.Extensions.ML, so that a using directive is what an application changes. Where a model's file is watched, a changed
/// one takes its place: engines that are out go on with the old model, which ends with the last of them; a file that cannot be read leaves
/// the old model where it is, and is logged. Thread-safe; dispose it after its last use, as a container of services does.
/// </summary>
/// <typeparam name="TData">A row of the input.</typeparam>
/// <typeparam name="TPrediction">A row of the output.</typeparam>
public sealed class PredictionEnginePool<TData, TPrediction> : IDisposable
    where TData : class
    where TPrediction : class, new()
{
    private readonly MLContext _ml;
    private readonly IOptionsMonitor<PredictionEnginePoolOptions<TData, TPrediction>> _options;
    private readonly ILogger _log;
    private readonly IDisposable _logging;
    private readonly ConcurrentDictionary<string, Lazy<PooledModel<TData, TPrediction>>> _models = new(StringComparer.Ordinal);
    private bool _disposed;

    /// <summary>Made by the container; see <c>services.AddPredictionEnginePool</c>.</summary>
    /// <param name="context">The context of models and engines.</param>
    /// <param name="options">Where each model comes from.</param>
    /// <param name="log">Receives what is read anew and what cannot be, and ML.NET's own log. Default nothing.</param>
    public PredictionEnginePool(
        IOptions<MLOptions> context,
        IOptionsMonitor<PredictionEnginePoolOptions<TData, TPrediction>> options,
        ILogger<PredictionEnginePool<TData, TPrediction>>? log = null)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        (_ml, _options, _log) = (context.Value.MLContext, options, log ?? NullLogger<PredictionEnginePool<TData, TPrediction>>.Instance);
        _logging = _ml.LogTo(_log);
    }

    /// <summary>The model that has no name.</summary>
    /// <returns>It stays the pool's, and ends when its file is read anew.</returns>
    public ITransformer GetModel() => GetModel("");

    /// <summary>A model.</summary>
    /// <param name="modelName">Its name.</param>
    /// <returns>It stays the pool's, and ends when its file is read anew.</returns>
    /// <exception cref="ArgumentException">No model has this name.</exception>
    public ITransformer GetModel(string modelName) => Model(modelName).Current;

    /// <summary>An engine of the model that has no name, for one thread, until <see cref="ReturnPredictionEngine(PredictionEngine{TData,
    /// TPrediction})"/>.</summary>
    public PredictionEngine<TData, TPrediction> GetPredictionEngine() => GetPredictionEngine("");

    /// <summary>An engine of a model, for one thread, until it is returned.</summary>
    /// <param name="modelName">The model's name.</param>
    /// <exception cref="ArgumentException">No model has this name.</exception>
    /// <exception cref="ObjectDisposedException">The pool has ended.</exception>
    public PredictionEngine<TData, TPrediction> GetPredictionEngine(string modelName) => Model(modelName).Rent();

    /// <summary>Takes back an engine of the model that has no name.</summary>
    /// <param name="engine">The engine, which the caller uses no more.</param>
    public void ReturnPredictionEngine(PredictionEngine<TData, TPrediction> engine) => ReturnPredictionEngine("", engine);

    /// <summary>Takes back an engine.</summary>
    /// <param name="modelName">The name of the model that it was asked of.</param>
    /// <param name="engine">The engine, which the caller uses no more.</param>
    /// <exception cref="ArgumentException">The engine is not out: of another model or pool, or returned before.</exception>
    public void ReturnPredictionEngine(string modelName, PredictionEngine<TData, TPrediction> engine)
    {
        ArgumentNullException.ThrowIfNull(modelName);
        ArgumentNullException.ThrowIfNull(engine);
        if (!_models.TryGetValue(modelName, out Lazy<PooledModel<TData, TPrediction>>? model) || !model.Value.TryReturn(engine))
        {
            throw new ArgumentException(
                $"The engine is not one that {Named(modelName)} has out; must be what GetPredictionEngine gave, and be returned once.",
                nameof(engine));
        }
    }

    /// <summary>The prediction of the model that has no name for a row.</summary>
    /// <param name="example">The row.</param>
    public TPrediction Predict(TData example) => Predict("", example);

    /// <summary>A model's prediction for a row.</summary>
    /// <param name="modelName">The model's name.</param>
    /// <param name="example">The row.</param>
    /// <exception cref="ArgumentException">No model has this name.</exception>
    /// <exception cref="ObjectDisposedException">The pool has ended.</exception>
    public TPrediction Predict(string modelName, TData example)
    {
        PredictionEngine<TData, TPrediction> engine = GetPredictionEngine(modelName);
        try
        {
            return engine.Predict(example);
        }
        finally
        {
            ReturnPredictionEngine(modelName, engine);
        }
    }

    /// <summary>Ends the models whose engines are all back, and the others with their last engine.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        foreach (Lazy<PooledModel<TData, TPrediction>> model in _models.Values.Where(model => model.IsValueCreated))
        {
            model.Value.Dispose();
        }

        _logging.Dispose();
    }

    private static string Named(string modelName) => modelName.Length == 0 ? "the model without a name" : $"the model '{modelName}'";

    private PooledModel<TData, TPrediction> Model(string modelName)
    {
        ArgumentNullException.ThrowIfNull(modelName);
        ObjectDisposedException.ThrowIf(_disposed, this);
        Lazy<PooledModel<TData, TPrediction>> model = _models.GetOrAdd(modelName, name => new(() => Open(name)));
        try
        {
            return model.Value;
        }
        catch
        {
            _models.TryRemove(new(modelName, model)); // a file that comes later is read then
            throw;
        }
    }

    private PooledModel<TData, TPrediction> Open(string modelName)
    {
        ModelSource source = _options.Get(modelName).Source ?? throw new ArgumentException(
            $"{Named(modelName)} is not there; must be one that FromBundle or FromFile of AddPredictionEnginePool names.");
        return new PooledModel<TData, TPrediction>(_ml, source, _log);
    }
}
