using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>
/// Adam (Kingma, Ba 2015, arXiv 1412.6980, algorithm 1) with an L2 penalty, to the bits of TorchSharp's Adam, or AdamW (Loshchilov, Hutter
/// 2019, arXiv 1711.05101, algorithm 2), whose decay spares biases and normalisation layers. As in PyTorch, a weight without a gradient
/// keeps its value, moments and step count.
/// </summary>
/// <remarks>
/// Own, since TorchSharp's passes temporary Scalars, which a garbage collection can free during the call (<see cref="TensorArithmetic"/>).
/// </remarks>
internal sealed class AdamOptimiser : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    private readonly Scalar _beta1 = Beta1.ToScalar();
    private readonly Scalar _beta2 = Beta2.ToScalar();
    private readonly Scalar _oneMinusBeta1 = (1 - Beta1).ToScalar();
    private readonly Scalar _oneMinusBeta2 = (1 - Beta2).ToScalar();
    private readonly Scalar _epsilon = Epsilon.ToScalar();
    private readonly Scalar _one = 1L.ToScalar();
    private readonly Scalar? _penalty;
    private readonly double _decay;

    /// <summary>Starts with moments of 0, on the weights' device.</summary>
    public AdamOptimiser(
        IEnumerable<(string Name, Parameter Value)> weights, double learningRate, double weightDecay, Optimiser kind = Optimiser.Adam)
    {
        LearningRate = learningRate;
        _penalty = kind == Optimiser.Adam && weightDecay > 0.0 ? weightDecay.ToScalar() : null;
        _decay = kind == Optimiser.AdamW ? weightDecay : 0.0;
        States = [.. weights.Select(weight => new State(weight.Name, weight.Value))];
    }

    /// <summary>Of the next steps.</summary>
    public double LearningRate { get; set; }

    /// <summary>Of every weight, in the order given.</summary>
    public IReadOnlyList<State> States { get; }

    /// <summary>Sets the gradients that are there to 0, in place.</summary>
    public void ZeroGradients()
    {
        foreach (State state in States)
        {
            using Tensor? gradient = state.Weight.grad;
            gradient?.zero_();
        }
    }

    /// <summary>One step along the gradients that are there.</summary>
    public void Step()
    {
        using IDisposable gradients = no_grad();
        foreach (State state in States)
        {
            using var scope = NewDisposeScope();
            if (state.Weight.grad is Tensor gradient)
            {
                Step(state, gradient);
            }
        }
    }

    public void Dispose()
    {
        foreach (State state in States)
        {
            state.FirstMoment.Dispose();
            state.SecondMoment.Dispose();
        }

        foreach (Scalar? scalar in new[] { _beta1, _beta2, _oneMinusBeta1, _oneMinusBeta2, _epsilon, _one, _penalty })
        {
            scalar?.Dispose();
        }
    }

    private void Step(State state, Tensor gradient)
    {
        state.StepCount++;
        using Scalar step = (-(LearningRate * state.RateShare / (1 - Math.Pow(Beta1, state.StepCount)))).ToScalar();
        using Scalar secondCorrection = Math.Sqrt(1 - Math.Pow(Beta2, state.StepCount)).ToScalar();
        if (_penalty is not null)
        {
            gradient = gradient.add(state.Weight, _penalty);
        }
        else if (_decay > 0.0 && state.Decays)
        {
            using Scalar kept = (1.0 - (LearningRate * state.RateShare * _decay)).ToScalar();
            state.Weight.mul_(kept);
        }

        Tensor m = state.FirstMoment, v = state.SecondMoment;
        m.mul_(_beta1).add_(gradient, _oneMinusBeta1);
        v.mul_(_beta2).addcmul_(gradient, gradient, _oneMinusBeta2);
        state.Weight.addcdiv_(m, v.sqrt().div_(secondCorrection).add_(_epsilon, _one), step);
    }

    /// <summary>What Adam knows of a weight: moments of its shape, and how many steps it was part of.</summary>
    internal sealed class State(string name, Parameter weight)
    {
        public string Name { get; } = name;

        public Parameter Weight { get; } = weight;

        public Tensor FirstMoment { get; } = zeros_like(weight).detach().DetachFromDisposeScope();

        public Tensor SecondMoment { get; } = zeros_like(weight).detach().DetachFromDisposeScope();

        /// <summary>Whether AdamW's decay applies: biases and the weights of normalisation layers are vectors.</summary>
        public bool Decays { get; } = weight.dim() > 1 && !name.EndsWith("bias", StringComparison.Ordinal);

        /// <summary>Its learning rate, as a share of <see cref="LearningRate"/>.</summary>
        public double RateShare { get; set; } = 1.0;

        public long StepCount { get; set; }
    }
}
