using CrossModalVae.Recipes.Terms;

namespace CrossModalVae.Recipes;

/// <summary>
/// A stage before training: encoders learn to tell the training identities apart, each modality by itself, with a classifier that is
/// dropped after it. Clips that have one modality only teach that one.
/// </summary>
public sealed record PretrainingOptions
{
    /// <summary>Epochs. Default 10.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>The learning rate; schedule, batch size and the like are those of training. Default 1e-3.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>The classifier. Default softmax.</summary>
    public ClassifierHead Head { get; init; } = ClassifierHead.Softmax;

    /// <summary>s, the factor on cosines of am-softmax and aam-softmax, above 0. Default 30.</summary>
    public double Scale { get; init; } = 30.0;

    /// <summary>m, the margin of am-softmax (a cosine) and aam-softmax (an angle in radians), 0 to 1. Default 0.2.</summary>
    public double Margin { get; init; } = 0.2;

    /// <summary>
    /// Whether voices and faces have the same class weights, which draws both to the same places where people have both; false gives each
    /// modality its own. Default false.
    /// </summary>
    public bool Shared { get; init; }

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists all faults.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.AtLeast(Epochs, 1);
        faults.Above(LearningRate, 0);
        faults.OneOf(Head);
        faults.Above(Scale, 0);
        faults.Within(Margin, 0, 1);
        faults.ThrowIfAny();
    }
}
