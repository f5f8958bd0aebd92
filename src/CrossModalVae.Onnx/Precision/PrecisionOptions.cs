using CrossModalVae.Features;

namespace CrossModalVae.Onnx.Precision;

/// <summary>How encoders are exported with less precision than float32, and what it may cost.</summary>
public sealed record PrecisionOptions
{
    /// <summary>The loss of area under the ROC curve beyond which an export is refused: 0.3 points.</summary>
    public const double StandardLossLimit = 0.003;

    /// <summary>Float16 or int8.</summary>
    public required ModelPrecision Kind { get; init; }

    /// <summary>Training clips, of which the ranges of 8-bit activations are found; float16 needs none.</summary>
    public FeatureSource? Training { get; init; }

    /// <summary>Validation clips, on which the loss is measured: at least two identities with a voice and a face.</summary>
    public required FeatureSource Validation { get; init; }

    /// <summary>The largest loss of area under the ROC curve, voice to face, from 0. Default 0.003.</summary>
    public double LossLimit { get; init; } = StandardLossLimit;

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">Some option is out of its range; the message names all of them.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.Check(Kind is ModelPrecision.Float16 or ModelPrecision.Int8, nameof(Kind), $"{Kind}", "must be Float16 or Int8");
        faults.Check(LossLimit >= 0, nameof(LossLimit), $"{LossLimit}", "must be at least 0");
        faults.Check(
            Kind != ModelPrecision.Int8 || Training is { Count: > 0 }, nameof(Training), "without a clip", "must have some for int8");
        faults.ThrowIfAny();
    }
}
