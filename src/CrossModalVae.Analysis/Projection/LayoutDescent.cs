using System.Numerics.Tensors;

namespace CrossModalVae.Projection;

/// <summary>
/// Gradient descent with momentum and gains on the points of a layout (Jacobs 1988, as in the first t-SNE and scikit-learn).
/// </summary>
internal sealed class LayoutDescent
{
    private const float LargestCoordinate = 1e15f; // squares of sums of such are far from single precision's end
    private const float SmallestGain = 0.01f;
    private const float GainStep = 0.2f;
    private const float GainDecay = 0.8f;
    private const float EarlyMomentum = 0.5f;
    private const float Momentum = 0.8f;

    private readonly SparseRows _joint;
    private readonly IRepulsion _repulsion;
    private readonly LayoutLoops _loops;
    private readonly float[][] _positions; // x, y: [N] each
    private readonly float[][] _attraction;
    private readonly float[][] _repulsive;
    private readonly float[][] _updates;
    private readonly float[][] _gains;

    public LayoutDescent(SparseRows joint, float[] x, float[] y, IRepulsion repulsion, LayoutLoops loops)
    {
        _joint = joint;
        _repulsion = repulsion;
        _loops = loops;
        _positions = [x, y];
        float[][] Pair() => [new float[x.Length], new float[x.Length]];
        (_attraction, _repulsive, _updates, _gains) = (Pair(), Pair(), Pair(), Pair());
    }

    /// <summary>Runs both stages; each starts at rest, as scikit-learn's do.</summary>
    public void Run(TSneOptions options, double learningRate, IProgress<int>? progress)
    {
        for (int iteration = 0; iteration < options.IterationCount; iteration++)
        {
            _loops.CancellationToken.ThrowIfCancellationRequested();
            bool early = iteration < options.ExaggeratedIterationCount;
            if (iteration == 0 || iteration == options.ExaggeratedIterationCount)
            {
                Rest();
            }

            Gradient(out double z);
            float exaggeration = early ? (float)options.EarlyExaggeration : 1;
            Step(exaggeration, (float)(1 / z), (float)learningRate, early ? EarlyMomentum : Momentum);
            RequireBounded(iteration, options, learningRate);
            progress?.Report(iteration + 1);
        }
    }

    // NaN is not below either. Points that are so far apart no longer pull at each other, so nothing brings them back.
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

    private void Gradient(out double z)
    {
        Attraction.Compute(_joint, _positions[0], _positions[1], _attraction[0], _attraction[1], _loops);
        z = _repulsion.Compute(_positions[0], _positions[1], _repulsive[0], _repulsive[1]);
    }

    private void Rest()
    {
        for (int axis = 0; axis < 2; axis++)
        {
            Array.Clear(_updates[axis]);
            Array.Fill(_gains[axis], 1);
        }
    }

    // gradient = exaggeration A - F / Z; a gain grows where the last step went down the slope and shrinks where it overshot.
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
