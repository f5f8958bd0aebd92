using CrossModalVae.Encoders;

namespace CrossModalVae.Features;

/// <summary>The pretrained networks of a recipe's encoder sections, opened (RecipeEncoders in CrossModalVae.Pipelines).</summary>
/// <param name="Voice">That of the voice section; null where it has none.</param>
/// <param name="Face">That of the face section; null where it has none.</param>
public sealed record FrozenEncoders(IFrozenEncoder? Voice, IFrozenEncoder? Face) : IDisposable
{
    /// <summary>Of a recipe without encoders.</summary>
    public static FrozenEncoders None { get; } = new(null, null);

    /// <summary>Releases both.</summary>
    public void Dispose()
    {
        Voice?.Dispose();
        Face?.Dispose();
    }
}
