using System.Diagnostics;
using System.Threading.Channels;

namespace CrossModalVae.Hosting;

/// <summary>
/// Gathers rows that come one by one into runs. Where no run is in progress, a run starts at once with the rows that are there. While one
/// is, rows gather: the next starts when it has as many rows as it takes, when its first has waited for the delay, or when no other is in
/// progress any more. Several workers run side by side.
/// </summary>
internal sealed class RequestBatcher : IAsyncDisposable
{
    private readonly Channel<Row> _rows = Channel.CreateUnbounded<Row>(); // the host bounds what is in flight
    private readonly Func<float[], int, PosteriorRows> _score;
    private readonly int _rowLength;
    private readonly int _maxBatchSize;
    private readonly TimeSpan _maxDelay;
    private readonly TagList _tags;
    private readonly SemaphoreSlim _gathering = new(1); // one worker at a time, or each would wait with a part of the rows
    private readonly Lock _gate = new();
    private readonly Task[] _workers;
    private int _inProgress; // runs
    private CancellationTokenSource? _patience; // of the rows that gather while runs are in progress

    /// <summary>Starts the workers.</summary>
    /// <param name="score">Scores a number of rows, the first of an array.</param>
    /// <param name="rowLength">Numbers of a row.</param>
    /// <param name="options">Sizes and delay.</param>
    /// <param name="workerCount">Runs side by side.</param>
    /// <param name="tags">What measurements are tagged with.</param>
    public RequestBatcher(
        Func<float[], int, PosteriorRows> score, int rowLength, CrossModalVaeOptions options, int workerCount, TagList tags)
    {
        (_score, _rowLength, _tags) = (score, rowLength, tags);
        (_maxBatchSize, _maxDelay) = (options.MaxBatchSize, TimeSpan.FromMilliseconds(options.MaxDelayMilliseconds));
        _workers = [.. Enumerable.Range(0, workerCount).Select(_ => Task.Run(WorkAsync))];
    }

    /// <summary>Scores one row together with others.</summary>
    /// <param name="features">[F].</param>
    /// <param name="cancellationToken">The caller leaves; the row is not scored where it still waits.</param>
    public async Task<ClipPosterior> ScoreAsync(float[] features, CancellationToken cancellationToken)
    {
        var row = new Row(features);
        await using CancellationTokenRegistration leaving = cancellationToken.UnsafeRegister(
            static (state, token) => ((Row)state!).Result.TrySetCanceled(token), row);
        ObjectDisposedException.ThrowIf(!_rows.Writer.TryWrite(row), this);
        return await row.Result.Task;
    }

    /// <summary>Ends when all rows that came before are scored.</summary>
    public async ValueTask DisposeAsync()
    {
        _rows.Writer.TryComplete();
        await Task.WhenAll(_workers);
    }

    private async Task WorkAsync()
    {
        var batch = new List<Row>(_maxBatchSize);
        var features = new float[_maxBatchSize * _rowLength]; // [rows, F]
        while (await GatherAsync(batch))
        {
            Score(batch, features);
            End();
            batch.Clear();
        }
    }

    // False where no more rows will come; else the run is in progress.
    private async Task<bool> GatherAsync(List<Row> batch)
    {
        await _gathering.WaitAsync();
        try
        {
            while (batch.Count == 0)
            {
                if (!await _rows.Reader.WaitToReadAsync()) return false;
                await FillAsync(batch);
            }

            lock (_gate)
            {
                _inProgress++;
            }

            return true;
        }
        finally
        {
            _gathering.Release();
        }
    }

    private async Task FillAsync(List<Row> batch)
    {
        Take(batch);
        using CancellationTokenSource? patience = Patience(batch);
        if (patience is null)
        {
            return;
        }

        try
        {
            while (batch.Count < _maxBatchSize && await _rows.Reader.WaitToReadAsync(patience.Token))
            {
                Take(batch);
            }
        }
        catch (OperationCanceledException)
        {
            Take(batch); // what came at the last moment
        }
        finally
        {
            lock (_gate)
            {
                _patience = null; // before it is disposed
            }
        }

        batch.RemoveAll(HasLeft);
    }

    private void Take(List<Row> batch)
    {
        while (batch.Count < _maxBatchSize && _rows.Reader.TryRead(out Row? row))
        {
            if (!HasLeft(row)) batch.Add(row);
        }
    }

    // How long the rows may still gather; null where their run starts at once.
    private CancellationTokenSource? Patience(List<Row> batch)
    {
        if (batch.Count is 0 || batch.Count == _maxBatchSize)
        {
            return null;
        }

        TimeSpan left = _maxDelay - Stopwatch.GetElapsedTime(batch[0].Arrived);
        lock (_gate)
        {
            return _inProgress == 0 || left <= TimeSpan.Zero ? null : _patience = new CancellationTokenSource(left);
        }
    }

    private void End()
    {
        lock (_gate)
        {
            if (--_inProgress == 0)
            {
                _patience?.Cancel();
            }
        }
    }

    private static bool HasLeft(Row row) => row.Result.Task.IsCompleted;

    private void Score(List<Row> batch, float[] features)
    {
        long started = Stopwatch.GetTimestamp();
        TimeSpan waited = Stopwatch.GetElapsedTime(batch[0].Arrived, started);
        try
        {
            for (int i = 0; i < batch.Count; i++)
            {
                batch[i].Features.CopyTo(features.AsSpan(i * _rowLength));
            }

            PosteriorRows posteriors = _score(features, batch.Count);
            BatchMetrics.Ran(batch.Count, waited, Stopwatch.GetElapsedTime(started), _tags);
            for (int i = 0; i < batch.Count; i++)
            {
                batch[i].Result.TrySetResult(posteriors[i]);
            }
        }
        catch (Exception e)
        {
            batch.ForEach(row => row.Result.TrySetException(e)); // the callers', not the worker's
        }
    }

    private sealed class Row(float[] features)
    {
        public float[] Features { get; } = features;

        public long Arrived { get; } = Stopwatch.GetTimestamp();

        public TaskCompletionSource<ClipPosterior> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
