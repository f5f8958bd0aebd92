using CrossModalVae.Recipes;

namespace CrossModalVae.Models;

/// <summary>A fully connected layer as plain numbers: y = activation(x W^T + b).</summary>
/// <param name="Weight">[OutputCount, InputCount] row-major, PyTorch's layout.</param>
/// <param name="Bias">[OutputCount].</param>
/// <param name="InputCount">Inputs.</param>
/// <param name="OutputCount">Outputs.</param>
/// <param name="Activation">What follows the affine map.</param>
public sealed record DenseLayer(float[] Weight, float[] Bias, int InputCount, int OutputCount, Activation Activation);
