using System.Numerics.Tensors;

namespace CrossModalVae.Projection;

/// <summary>
/// Gradient descent with momentum and gains on the points of a layout (Jacobs 1988, as in the first t-SNE and scikit-learn).
/// </summary>
internal sealed class LayoutDescent(SparseRows joint, float[] x, float[] y, IRepulsion repulsion, LayoutLoops loops)
{
    private const float LargestCoordinate = 1e15f; // squares of such sums are far below single precision's largest number
    private const float SmallestGain = 0.01f;
    private const float GainStep = 0.2f;
    private const float GainDecay = 0.8f;
    private const float EarlyMomentum = 0.5f;
    private const float Momentum = 0.8f;
    private const float SmallestShare = 1e-3f;

    private readonly float[][] _positions = [x, y]; // [2, N], as all of these
    private readonly float[][] _attraction = Pair(x.Length);
    private readonly float[][] _repulsive = Pair(x.Length);
    private readonly float[][] _updates = Pair(x.Length);
    private readonly float[][] _gains = Pair(x.Length);

    /// <summary>
    /// Runs both stages; each starts at rest, as scikit-learn's do. Where points have no structure at the scale of the perplexity,
    /// exaggeration pulls all of them together until single precision cannot tell them apart; the second stage then starts where the first
    /// one did.
    /// </summary>
    public void Run(TSneOptions options, double learningRate, IProgress<int>? progress)
    {
        float[][] start = [[.. _positions[0]], [.. _positions[1]]];
        for (int iteration = 0; iteration < options.IterationCount; iteration++)
        {
            loops.CancellationToken.ThrowIfCancellationRequested();
            bool early = iteration < options.ExaggeratedIterationCount;
            if (iteration == 0 || iteration == options.ExaggeratedIterationCount)
            {
                Array.ForEach(_updates, Array.Clear);
                Array.ForEach(_gains, gains => Array.Fill(gains, 1));
            }

            if (iteration == options.ExaggeratedIterationCount && Span(_positions) < SmallestShare * Span(start))
            {
                start[0].CopyTo(_positions[0], 0);
                start[1].CopyTo(_positions[1], 0);
            }

            Attraction.Compute(joint, _positions[0], _positions[1], _attraction[0], _attraction[1], loops);
            double z = repulsion.Compute(_positions[0], _positions[1], _repulsive[0], _repulsive[1]);
            float exaggeration = early ? (float)options.EarlyExaggeration : 1;
            Step(exaggeration, (float)(1 / z), (float)learningRate, early ? EarlyMomentum : Momentum);
            RequireBounded(iteration, options, learningRate);
            progress?.Report(iteration + 1);
        }
    }

    // Also refuses NaN. Points that far apart no longer attract each other, so the layout cannot recover.
    private void RequireBounded(int iteration, TSneOptions options, double learningRate)
    {
        foreach (float[] positions in _positions)
        {
            if (!(Math.Abs(TensorPrimitives.MaxMagnitude<float>(positions)) <= LargestCoordinate))
            {
                throw UserError.Mark(new ArgumentException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The layout diverged at step {iteration + 1} of {options.IterationCount}: a coordinate is beyond {LargestCoordinate}; "
                    + $"lower 'LearningRate', {learningRate}, or 'EarlyExaggeration', {options.EarlyExaggeration}.")));
            }
        }
    }

    private static float Span(float[][] positions) =>
        positions.Max(axis => TensorPrimitives.Max<float>(axis) - TensorPrimitives.Min<float>(axis));

    private static float[][] Pair(int count) => [new float[count], new float[count]];

    // gradient = exaggeration A - F / Z; a gain grows where the last step went downhill and shrinks where it overshot.
    private void Step(float exaggeration, float inverseZ, float rate, float momentum)
    {
        for (int axis = 0; axis < 2; axis++)
        {
            float[] attraction = _attraction[axis], repulsive = _repulsive[axis], updates = _updates[axis], gains = _gains[axis];
            float[] positions = _positions[axis];
            for (int i = 0; i < positions.Length; i++)
            {
                float gradient = (exaggeration * attraction[i]) - (repulsive[i] * inverseZ);
                float gain = updates[i] * gradient < 0 ? gains[i] + GainStep : Math.Max(gains[i] * GainDecay, SmallestGain);
                gains[i] = gain;
                updates[i] = (momentum * updates[i]) - (rate * gain * gradient);
                positions[i] += updates[i];
            }
        }
    }
}

/// <summary>The number of workers and the cancellation token that all loops of one t-SNE run share.</summary>
internal sealed record LayoutLoops(int? WorkerCount, CancellationToken CancellationToken)
{
    public void For(int count, Action<int> body) => ParallelLoop.For(count, body, WorkerCount, CancellationToken);

    public void ForBlocks(int itemCount, int blockSize, Action<int, int, int> body) =>
        ParallelLoop.ForBlocks(itemCount, blockSize, body, WorkerCount, CancellationToken);
}
