using System.Collections.Concurrent;

namespace CrossModalVae.Pipelines.Hosting;

/// <summary>One reading of a model and its engines that are not out. It ends when it is replaced and the last engine is back.</summary>
internal sealed class EngineGeneration<TData, TPrediction>(MLContext ml, ITransformer model)
    where TData : class
    where TPrediction : class, new()
{
    private readonly ConcurrentBag<PredictionEngine<TData, TPrediction>> _idle = [];
    private int _holders = 1; // the pool's own

    public ITransformer Model => model;

    /// <summary>Only under the pool's lock, while this is the current generation.</summary>
    public void Hold() => Interlocked.Increment(ref _holders);

    public void Leave()
    {
        if (Interlocked.Decrement(ref _holders) > 0)
        {
            return;
        }

        while (_idle.TryTake(out PredictionEngine<TData, TPrediction>? engine))
        {
            engine.Dispose();
        }

        (model as IDisposable)?.Dispose();
    }

    public PredictionEngine<TData, TPrediction> Take() => _idle.TryTake(out PredictionEngine<TData, TPrediction>? engine)
        ? engine
        : ml.Model.CreatePredictionEngine<TData, TPrediction>(model, new PredictionEngineOptions { OwnsTransformer = false });

    public void Put(PredictionEngine<TData, TPrediction> engine) => _idle.Add(engine);
}
