using System.Diagnostics;
using System.Threading.Channels;

namespace CrossModalVae.Hosting;

/// <summary>
/// Gathers rows that come one by one into runs: a run starts when it has as many rows as it takes, or when its first has waited long
/// enough. Several workers run side by side, so that rows gather while others are scored.
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
    private readonly Task[] _workers;

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
            batch.Clear();
        }
    }

    // False where no more rows will come.
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

            return true;
        }
        finally
        {
            _gathering.Release();
        }
    }

    private async Task FillAsync(List<Row> batch)
    {
        CancellationTokenSource? patience = null;
        try
        {
            while (true)
            {
                while (batch.Count < _maxBatchSize && _rows.Reader.TryRead(out Row? row))
                {
                    if (!row.Result.Task.IsCompleted) batch.Add(row); // else its caller has left
                }

                if (batch.Count is 0 || batch.Count == _maxBatchSize)
                {
                    return;
                }

                TimeSpan left = _maxDelay - Stopwatch.GetElapsedTime(batch[0].Arrived);
                if (left <= TimeSpan.Zero)
                {
                    return;
                }

                patience ??= new CancellationTokenSource(left);
                if (!await _rows.Reader.WaitToReadAsync(patience.Token))
                {
                    return; // no more will come
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The first row has waited long enough.
        }
        finally
        {
            patience?.Dispose();
        }
    }

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
