namespace CrossModalVae.Pipelines.Internals;

/// <summary>The column types that a step accepts.</summary>
internal enum InputKind
{
    /// <summary>One text.</summary>
    Text,

    /// <summary>One text or a vector of texts.</summary>
    TextOrTextVector,

    /// <summary>Single or Double.</summary>
    Number,

    /// <summary>A vector of Single.</summary>
    FloatVector,

    /// <summary>A vector of Single of another length in each row.</summary>
    FloatList,
}
