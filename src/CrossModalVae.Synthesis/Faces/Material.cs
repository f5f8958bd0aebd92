namespace CrossModalVae.Synthesis.Faces;

/// <summary>What a point of the picture is made of.</summary>
internal enum Material : byte
{
    Background,
    Skin,
    PlainSkin,
    Hair,
    Cloth,
}
