using System.Diagnostics.CodeAnalysis;

namespace CrossModalVae.Numerics;

/// <summary>How a feature store keeps numbers.</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name",
    Justification = "A number's width is what this names, in numpy's and ONNX's words.")]
public enum FeaturePrecision
{
    /// <summary>As the front ends deliver them, bit for bit.</summary>
    Float32,

    /// <summary>
    /// IEEE binary16, half the size, rounded to the nearest: off by at most 2^-11 (0.05 %) of a value's size, and by at most 2^-25 where
    /// the value is smaller than 2^-14. Values of 65,520 and more cannot be held and are refused.
    /// </summary>
    Float16,
}
