namespace CrossModalVae.Pipelines.Hosting;

/// <summary>Where the model of a pool comes from; <see cref="PredictionEnginePoolBuilder{TData, TPrediction}"/> sets it.</summary>
/// <typeparam name="TData">A row of the input.</typeparam>
/// <typeparam name="TPrediction">A row of the output.</typeparam>
public sealed class PredictionEnginePoolOptions<TData, TPrediction>
    where TData : class
    where TPrediction : class, new()
{
    /// <summary>The model's file; null where no model has this name.</summary>
    internal ModelSource? Source { get; set; }
}

/// <summary>A model's file and what reads it.</summary>
/// <param name="FilePath">The file.</param>
/// <param name="WatchForChanges">Whether it is read again when it changes.</param>
/// <param name="Load">Reads it.</param>
internal sealed record ModelSource(string FilePath, bool WatchForChanges, Func<MLContext, ITransformer> Load);
