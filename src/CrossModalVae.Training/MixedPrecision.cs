using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>
/// Mixed precision of a step (Micikevicius et al. 2018, arXiv 1710.03740; Kalamkar et al. 2019, arXiv 1905.12322): layers cast their
/// input and weights, gradients reach the weights in float32. bfloat16 has float32's range, so no loss scaling. TorchSharp has no autocast.
/// </summary>
internal static class MixedPrecision
{
    /// <summary>The numbers that a pass multiplies: float32 outside training.</summary>
    public static ScalarType Numbers(this TrainingNoise? noise) => noise?.Numbers ?? ScalarType.Float32;

    /// <summary>The tensor itself where it has these numbers, else a copy that gradients pass.</summary>
    public static Tensor In(this Tensor x, ScalarType numbers) => x.dtype == numbers ? x : x.to(numbers);

    /// <summary>The tensor itself where it is float32, else a copy that gradients pass.</summary>
    public static Tensor InFloat32(this Tensor x) => x.In(ScalarType.Float32);
}
