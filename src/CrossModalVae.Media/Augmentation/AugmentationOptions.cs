namespace CrossModalVae.Augmentation;

/// <summary>
/// The augmentation of a recipe: how many augmented views of every training clip are extracted beside the original, and what is done to
/// them. Validation and test clips and the feature statistics of the training split stay unaugmented. A view depends on this section, the
/// clip's key and the view's number alone. Defaults are voxceleb_trainer's (clovaai, DatasetLoader.py) and a mirrored face.
/// </summary>
public sealed record AugmentationOptions
{
    /// <summary>The largest <see cref="Views"/>.</summary>
    public const int LargestViewCount = 64;

    /// <summary>Augmented views of a training clip, 1 to <see cref="LargestViewCount"/>, besides the original. Each costs as much time and
    /// memory as the clip. Default 3.</summary>
    public int Views { get; init; } = 3;

    /// <summary>Seed of the augmentation, separate from the training seed, so that stored views serve every run. Default 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Augmentation of voices.</summary>
    public VoiceAugmentationOptions Voice { get; init; } = new();

    /// <summary>Augmentation of faces.</summary>
    public FaceAugmentationOptions Face { get; init; } = new();

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value lies outside its range; the message lists all that do.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.Within(Views, 1, LargestViewCount);
        faults.Add(Voice.Faults());
        faults.Add(Face.Faults());
        faults.ThrowIfAny();
    }
}
