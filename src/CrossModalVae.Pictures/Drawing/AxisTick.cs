namespace CrossModalVae.Pictures.Drawing;

/// <summary>A labelled place of an axis.</summary>
internal readonly record struct AxisTick(double Value, string Text);
