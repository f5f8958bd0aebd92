using TorchSharp;
using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>
/// The exponential moving average of weights and buffers over the steps, a = d a + (1 - d) w with d = min(decay, (1 + t) / (10 + t)) after
/// step t, so that the first steps, far from where training ends, are soon forgotten (Polyak, Juditsky 1992; the ramp is TensorFlow's).
/// </summary>
internal sealed class WeightAverage : IDisposable
{
    private readonly double _decay;

    /// <summary>Starts with a copy of the tensors, on their device.</summary>
    public WeightAverage(IEnumerable<(string Name, Tensor Value)> tensors, double decay)
    {
        _decay = decay;
        using IDisposable gradients = no_grad();
        Entries =
        [
            .. tensors.Where(entry => entry.Value.is_floating_point())
                .Select(entry => (entry.Name, entry.Value, entry.Value.detach().clone().DetachFromDisposeScope())),
        ];
    }

    /// <summary>Every tensor and its average.</summary>
    public IReadOnlyList<(string Name, Tensor Live, Tensor Average)> Entries { get; }

    /// <summary>Takes in the values after one-based step t.</summary>
    public void Update(long t)
    {
        double d = Math.Min(_decay, (1.0 + t) / (10.0 + t));
        using Scalar kept = d.ToScalar();
        using Scalar added = (1.0 - d).ToScalar();
        using IDisposable gradients = no_grad();
        foreach ((_, Tensor live, Tensor average) in Entries)
        {
            average.mul_(kept).add_(live, added);
        }
    }

    /// <summary>Puts the averages into the model until the result is disposed of.</summary>
    public IDisposable Use()
    {
        Swap();
        return new Restored(this);
    }

    public void Dispose()
    {
        foreach ((_, _, Tensor average) in Entries)
        {
            average.Dispose();
        }
    }

    private void Swap()
    {
        using IDisposable gradients = no_grad();
        foreach ((_, Tensor live, Tensor average) in Entries)
        {
            using Tensor value = live.clone();
            live.copy_(average);
            average.copy_(value);
        }
    }

    private sealed class Restored(WeightAverage average) : IDisposable
    {
        public void Dispose() => average.Swap();
    }
}
