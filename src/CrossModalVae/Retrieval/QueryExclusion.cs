namespace CrossModalVae.Retrieval;

/// <summary>Which of the asking person's own clips a ranking leaves out.</summary>
public enum QueryExclusion
{
    /// <summary>None.</summary>
    None,

    /// <summary>The clip that asks: its other modality is of the same moment.</summary>
    Clip,

    /// <summary>
    /// All clips of the video that it is from: what precedes the last '/' of a clip's name; the clip alone where there is none.
    /// </summary>
    Video,
}
