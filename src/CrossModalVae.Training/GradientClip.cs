using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>Clipping of the whole gradient by its norm (Pascanu et al. 2013, arXiv 1211.5063).</summary>
internal static class GradientClip
{
    private const double Epsilon = 1e-6;

    /// <summary>
    /// Scales the gradients that are there so that their norm is at most the largest one given, by the formula of libtorch's
    /// clip_grad_norm_, which waits for the device in every step; this does not. Norms of large gradients differ in their last bits.
    /// </summary>
    /// <returns>The norm before, a number on the device.</returns>
    public static Tensor Apply(IReadOnlyList<Parameter> parameters, double largestNorm)
    {
        using IDisposable gradients = no_grad();
        using var scope = NewDisposeScope();
        Tensor[] present = [.. parameters.Select(parameter => parameter.grad).OfType<Tensor>()];
        Tensor norm = stack(present.Select(gradient => gradient.norm())).norm(); // []
        Tensor factor = norm.Plus(Epsilon).reciprocal().Times(largestNorm).Clamp(0.0, 1.0); // []
        foreach (Tensor gradient in present)
        {
            gradient.mul_(factor);
        }

        return norm.MoveToOuterDisposeScope();
    }
}
