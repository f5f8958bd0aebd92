namespace CrossModalVae.Augmentation;

/// <summary>What is added to a voice.</summary>
public enum AdditionKind
{
    /// <summary>Noise: a recording, or generated.</summary>
    Noise,

    /// <summary>Music: a recording, or generated.</summary>
    Music,

    /// <summary>One voice of a babble: a recording, or another person's training clip.</summary>
    Voice,
}

/// <summary>One disturbance of a view.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="SnrDb">The voice's mean square over its own, in dB.</param>
public readonly record struct VoiceAddition(AdditionKind Kind, double SnrDb);
