namespace CrossModalVae.Models;

/// <summary>One graph of a model folder.</summary>
/// <param name="File">The file's name in the folder.</param>
/// <param name="Sha256">SHA-256 of the file, 64 lower-case hexadecimal digits.</param>
/// <param name="Inputs">Its inputs in order.</param>
/// <param name="Outputs">Its outputs in order.</param>
public sealed record ModelCardFile(
    string File, string Sha256, IReadOnlyList<ModelCardTensor> Inputs, IReadOnlyList<ModelCardTensor> Outputs);
