namespace CrossModalVae.Scoring.Encoders;

/// <summary>How rows reach an encoder's graph.</summary>
/// <param name="Input">The input that takes them.</param>
/// <param name="Shape">The shape of a row, without the batch.</param>
/// <param name="Output">The output that is the vector.</param>
internal sealed record EncoderBinding(EncoderTensor Input, IReadOnlyList<int> Shape, EncoderTensor Output)
{
    /// <summary>An input that receives the length; null where there is none.</summary>
    public EncoderTensor? LengthInput { get; init; }

    /// <summary>Frames or samples of a row.</summary>
    public int Length { get; init; }

    /// <summary>Numbers of a row.</summary>
    public int RowLength => Shape.Aggregate(1, (product, size) => checked(product * size));

    /// <summary>Finds an input or output by its name, or the only one where it is empty.</summary>
    /// <exception cref="InvalidDataException">There is none of the name, or several and no name.</exception>
    public static EncoderTensor Find(EncoderFile file, string option, string role, IReadOnlyList<EncoderTensor> tensors, string name)
    {
        string names = string.Join(", ", tensors.Select(tensor => $"'{tensor.Name}'"));
        if (name.Length > 0)
        {
            return tensors.FirstOrDefault(tensor => tensor.Name == name)
                ?? throw new InvalidDataException($"{file.Path}: has no {role} '{name}', which {option} names; it has {names}.");
        }

        return tensors.Count == 1
            ? tensors[0]
            : throw new InvalidDataException(
                $"{file.Path}: has {tensors.Count} {role}s, {names}; {option}.{role} must name one.");
    }

    /// <summary>Refuses an input that does not take rows of a shape.</summary>
    /// <exception cref="InvalidDataException">The message has what was found and expected.</exception>
    public static void RequireShape(EncoderFile file, EncoderTensor input, IReadOnlyList<int> shape, string reason)
    {
        bool fits = EncoderFile.IsFloat(input)
            && input.Shape.Count == shape.Count + 1
            && input.Shape[0] is null or 1
            && shape.Select((size, axis) => input.Shape[axis + 1] is not int found || found == size).All(same => same);
        if (!fits)
        {
            throw new InvalidDataException(
                $"{file.Path}: input '{input.Name}' is {input}; expected Float {EncoderTensor.Rows(shape)}, as {reason}.");
        }
    }
}
