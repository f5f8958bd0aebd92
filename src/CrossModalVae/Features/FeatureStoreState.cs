namespace CrossModalVae.Features;

/// <summary>What of a clip a feature store holds.</summary>
[Flags]
internal enum FeatureStoreState
{
    /// <summary>The clip has neither voice nor face, or they are still to come.</summary>
    None = 0,

    /// <summary>The clip has a voice.</summary>
    Voice = 1,

    /// <summary>The clip has a face.</summary>
    Face = 2,

    /// <summary>The row is complete.</summary>
    Done = 4,
}
