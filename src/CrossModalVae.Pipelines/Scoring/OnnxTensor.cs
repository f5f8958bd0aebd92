namespace CrossModalVae.Pipelines;

/// <summary>An input or output of a graph: a matrix of floats with a free first axis.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Length">Values of one row.</param>
public sealed record OnnxTensor(string Name, int Length);
