using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>One argument of an operator: whatever its schema allows, converted to implicitly.</summary>
internal readonly struct Argument
{
    private Argument(Tag tag, long bits, object? reference = null, int count = 0)
    {
        Tag = tag;
        Bits = bits;
        Reference = reference;
        Count = count;
    }

    internal Tag Tag { get; }

    internal long Bits { get; }

    internal int Count { get; }

    internal object? Reference { get; }

    /// <summary>The schema's None.</summary>
    internal static Argument None => default;

    public static implicit operator Argument(Tensor? value) => value is null ? default : new(Tag.Tensor, 0, value);

    public static implicit operator Argument(long value) => new(Tag.Int, value);

    public static implicit operator Argument(long? value) => value is null ? default : new(Tag.Int, value.Value);

    public static implicit operator Argument(int value) => new(Tag.Int, value);

    public static implicit operator Argument(double value) => new(Tag.Double, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Argument(bool value) => new(Tag.Bool, value ? 1 : 0);

    public static implicit operator Argument(long[]? value) => value is null ? default : new(Tag.Ints, 0, value);

    public static implicit operator Argument(Tensor[] value) => new(Tag.Tensors, 0, value);

    public static implicit operator Argument(string value) => new(Tag.String, 0, value);

    public static implicit operator Argument(Scalar? value) => value is null ? default : new(value.Tag, value.Bits);

    public static implicit operator Argument(ScalarType value) => new(Tag.Int, (long)value);

    public static implicit operator Argument(ScalarType? value) => value is null ? default : new(Tag.Int, (long)value.Value);

    public static implicit operator Argument(Device? value) => value is null ? default : new(Tag.Device, value.index, null, (int)value.type);

    public static implicit operator Argument(Generator? value) => value is null ? default : new(Tag.Generator, 0, value);
}
