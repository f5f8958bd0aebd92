using System.Diagnostics.CodeAnalysis;

namespace CrossModalVae.Models;

/// <summary>The numbers that exported encoders compute with. Inputs and outputs are float32 whatever it is.</summary>
[SuppressMessage("Naming", "CA1720:Identifier contains type name", Justification = "A number's width is what this names, in ONNX's words.")]
public enum ModelPrecision
{
    /// <summary>As trained.</summary>
    Float32,

    /// <summary>
    /// IEEE binary16 weights, products and sums; standardisation, means, norms and what has an exponential in it are float32. Half the
    /// size, and for GPUs: a CPU without such arithmetic computes in float32 what was rounded.
    /// </summary>
    Float16,

    /// <summary>
    /// 8-bit weights, a scale a channel, and 8-bit activations in ranges found on training clips. A quarter of the size, and for CPUs.
    /// </summary>
    Int8,
}

/// <summary>What less precision costs a model: the area under the ROC curve, voice to face, of the validation clips.</summary>
/// <param name="Kind">The precision of the encoders.</param>
/// <param name="Auc">The area with these encoders, 0 to 1: every voice with every face, by the cosine.</param>
/// <param name="Float32Auc">The same with the float32 encoders.</param>
/// <param name="LossLimit">The largest loss that export accepts.</param>
/// <param name="Voices">Validation voices.</param>
/// <param name="Faces">Validation faces.</param>
public sealed record ModelCardPrecision(
    ModelPrecision Kind, double Auc, double Float32Auc, double LossLimit, int Voices, int Faces)
{
    /// <summary>Training clips that the ranges of activations were found on; null where none are needed.</summary>
    public int? CalibrationClips { get; init; }
}
