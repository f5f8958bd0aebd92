namespace CrossModalVae.Pictures.Drawing;

/// <summary>The outline of a mark.</summary>
internal enum MarkShape
{
    /// <summary>Faces.</summary>
    Circle,

    /// <summary>Voices.</summary>
    Triangle,

    /// <summary>Both together.</summary>
    Diamond,
}
