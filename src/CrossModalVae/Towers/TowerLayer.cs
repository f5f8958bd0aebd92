
namespace CrossModalVae.Towers;

/// <summary>Height (of a voice: bins, or 1 where bins are channels) and width (of a voice: time).</summary>
internal readonly record struct PlaneSize(int Height, int Width)
{
    public static PlaneSize Square(int side) => new(side, side);
}

/// <summary>
/// A layer of a network, without its weights: training and export walk the same list, one with tensors, the other writing nodes. All but
/// the last three map [B, C, H, W] to [B, C', H', W'].
/// </summary>
internal abstract record TowerLayer;

/// <summary>
/// Convolution without bias and batch normalisation, or with a bias alone; ReLU where rectified. Weights: Name.weight
/// [Outputs, Inputs, Kh, Kw], Name.norm.* or Name.bias.
/// </summary>
internal sealed record ConvolutionLayer(
    string Name,
    int Inputs,
    int Outputs,
    PlaneSize Kernel,
    PlaneSize Stride,
    PlaneSize Padding,
    bool IsRectified = true,
    bool IsNormalised = true) : TowerLayer;

/// <summary>
/// Transposed convolution, which doubles sizes: with batch normalisation and ReLU, or, the last one, with a bias alone. Weights:
/// Name.weight [Inputs, Outputs, Kh, Kw], Name.norm.* or Name.bias.
/// </summary>
internal sealed record TransposedLayer(
    string Name, int Inputs, int Outputs, PlaneSize Kernel, PlaneSize Stride, PlaneSize Padding, bool IsLast) : TowerLayer;

/// <summary>The maximum over windows.</summary>
internal sealed record MaximumLayer(PlaneSize Kernel, PlaneSize Stride, PlaneSize Padding) : TowerLayer;

/// <summary>The mean over windows, without padding.</summary>
internal sealed record WindowMeanLayer(PlaneSize Kernel, PlaneSize Stride) : TowerLayer;

/// <summary>Zeros after what is there: more channels, rows below, columns to the right.</summary>
internal sealed record PaddingLayer(int Channels, int Rows, int Columns) : TowerLayer;

/// <summary>relu(Body(x) + Shortcut(x)); an empty shortcut is x itself.</summary>
internal sealed record ResidualLayer(IReadOnlyList<TowerLayer> Body, IReadOnlyList<TowerLayer> Shortcut) : TowerLayer;

/// <summary>
/// x * sigmoid(W2 relu(W1 mean(x) + b1) + b2) of each channel (Hu et al. 2018). Weights: Name.down, Name.up, each .weight and .bias.
/// </summary>
internal sealed record SqueezeExcitationLayer(string Name, int Channels, int Squeezed) : TowerLayer;

/// <summary>
/// Mean and standard deviation over the width (time) of every channel and height, means first: [B, 2 C H]. The variance has a floor of
/// <see cref="VarianceFloor"/> added, so that a constant channel has a gradient.
/// </summary>
internal sealed record StatisticsLayer : TowerLayer
{
    public const double VarianceFloor = 1e-5;
}

/// <summary>The mean over height and width of every channel: [B, C].</summary>
internal sealed record AverageLayer : TowerLayer;

/// <summary>Every value, channels first: [B, C H W].</summary>
internal sealed record FlattenLayer : TowerLayer;

/// <summary>x W^T of [B, Inputs]. Weight: Name.weight [Outputs, Inputs].</summary>
internal sealed record ProjectionLayer(string Name, int Inputs, int Outputs) : TowerLayer;
