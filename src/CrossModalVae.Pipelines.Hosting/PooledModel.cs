using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace CrossModalVae.Pipelines.Hosting;

/// <summary>A model, its engines, and the file from which it is read anew.</summary>
internal sealed partial class PooledModel<TData, TPrediction> : IDisposable
    where TData : class
    where TPrediction : class, new()
{
    private readonly MLContext _ml;
    private readonly ModelSource _source;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<PredictionEngine<TData, TPrediction>, EngineGeneration<TData, TPrediction>> _out = new();
    private readonly FileChanges? _changes;
    private EngineGeneration<TData, TPrediction>? _current;
    private bool _disposed;

    public PooledModel(MLContext ml, ModelSource source, ILogger log)
    {
        (_ml, _source, _log) = (ml, source, log);
        _changes = source.WatchForChanges ? new FileChanges(source.FilePath, Reload) : null; // before: no change goes unseen
        try
        {
            TryReplace(new EngineGeneration<TData, TPrediction>(ml, source.Load(ml)), isFirst: true);
        }
        catch
        {
            _changes?.Dispose();
            throw;
        }
    }

    public ITransformer Current => Generation().Model;

    public PredictionEngine<TData, TPrediction> Rent()
    {
        EngineGeneration<TData, TPrediction> generation;
        lock (_gate)
        {
            generation = Generation();
            generation.Hold();
        }

        try
        {
            PredictionEngine<TData, TPrediction> engine = generation.Take();
            _out[engine] = generation;
            return engine;
        }
        catch
        {
            generation.Leave();
            throw;
        }
    }

    public bool TryReturn(PredictionEngine<TData, TPrediction> engine)
    {
        if (!_out.TryRemove(engine, out EngineGeneration<TData, TPrediction>? generation))
        {
            return false;
        }

        generation.Put(engine);
        generation.Leave();
        return true;
    }

    public void Dispose()
    {
        _changes?.Dispose();
        EngineGeneration<TData, TPrediction>? last;
        lock (_gate)
        {
            (last, _current, _disposed) = (_current, null, true);
        }

        last?.Leave();
    }

    private EngineGeneration<TData, TPrediction> Generation() =>
        _current ?? throw new ObjectDisposedException(nameof(PredictionEnginePool<TData, TPrediction>));

    // Not after the pool has ended, and not the first reading over one that a change made meanwhile.
    private bool TryReplace(EngineGeneration<TData, TPrediction> next, bool isFirst)
    {
        EngineGeneration<TData, TPrediction>? old = next;
        bool takes;
        lock (_gate)
        {
            takes = !_disposed && !(isFirst && _current is not null);
            if (takes)
            {
                (old, _current) = (_current, next);
            }
        }

        old?.Leave();
        return takes;
    }

    // Whatever a file's content does to its reader, the old model stays.
    private void Reload()
    {
        try
        {
            if (TryReplace(new EngineGeneration<TData, TPrediction>(_ml, _source.Load(_ml)), isFirst: false))
            {
                LogReloaded(_source.FilePath);
            }
        }
        catch (Exception e)
        {
            LogKept(_source.FilePath, e.Message, e);
        }
    }

    [LoggerMessage(LogLevel.Information, "The model in {File} was read anew and serves.")]
    private partial void LogReloaded(string file);

    [LoggerMessage(LogLevel.Error, "The model in {File} changed and cannot be read, the old one stays: {Reason}")]
    private partial void LogKept(string file, string reason, Exception exception);
}
