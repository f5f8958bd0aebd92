using CrossModalVae.Encoders;
using CrossModalVae.Features;

namespace CrossModalVae.Scoring.Encoders;

/// <summary>
/// The pretrained encoders of a recipe, opened: nothing to open where it has none. Owns native memory: dispose it after the last feature
/// was computed.
/// </summary>
public sealed class RecipeEncoders : IDisposable
{
    private readonly EncoderFile? _voice;
    private readonly EncoderFile? _face;

    private RecipeEncoders(Recipe recipe, string? folder, StartedDevice device)
    {
        try
        {
            _voice = Open(recipe.Voice.Encoder?.Path, "voice.encoder", folder, device);
            _face = Open(recipe.Face.Encoder?.Path, "face.encoder", folder, device);
            Recipe = Resolve(recipe, out EncoderBinding? voice, out EncoderBinding? face);
            Encoders = new FrozenEncoders(
                voice is null ? null : new OnnxFrozenEncoder(_voice!, voice, device.Device),
                face is null ? null : new OnnxFrozenEncoder(_face!, face, device.Device));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The recipe as used: every option of its encoders, their hashes, and their absolute paths.</summary>
    public Recipe Recipe { get; }

    /// <summary>The networks, for front ends, feature extractors and stores.</summary>
    public FrozenEncoders Encoders { get; } = FrozenEncoders.None;

    /// <summary>The voice encoder's file; null where the recipe has none.</summary>
    public EncoderFile? Voice => _voice;

    /// <summary>The face encoder's file; null where the recipe has none.</summary>
    public EncoderFile? Face => _face;

    /// <summary>Opens what a recipe names, and refuses what it is not: another hash, layout or shape.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="folder">What relative paths are relative to. Default the current folder.</param>
    /// <param name="device">Where encoders are computed: the first of these that starts. Default the CPU.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">A file is no ONNX graph, or not the one that the recipe has.</exception>
    /// <exception cref="ArgumentException">Options of the recipe contradict each other.</exception>
    /// <exception cref="InvalidOperationException">No device starts; the message names what is missing.</exception>
    public static RecipeEncoders Open(Recipe recipe, string? folder = null, DeviceOrder? device = null)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        return Open(recipe, folder, (device ?? DeviceOrder.Cpu).Start());
    }

    internal static RecipeEncoders Open(Recipe recipe, string? folder, StartedDevice device) => new(recipe, folder, device);

    /// <summary>Another recipe as used with the same files, where it has encoders.</summary>
    internal Recipe Resolve(Recipe recipe) => Resolve(recipe, out _, out _);

    /// <summary>Releases the native sessions.</summary>
    public void Dispose()
    {
        Encoders.Dispose();
        _voice?.Dispose();
        _face?.Dispose();
    }

    private Recipe Resolve(Recipe recipe, out EncoderBinding? voice, out EncoderBinding? face)
    {
        (voice, face) = (null, null);
        if (recipe.Voice.Encoder is VoiceEncoderOptions && _voice is not null)
        {
            (Audio.VoiceOptions options, voice) = VoiceEncoderResolver.Resolve(recipe.Voice, _voice);
            recipe = recipe with { Voice = options with { Encoder = options.Encoder! with { Path = Path.GetFullPath(_voice.Path) } } };
        }

        if (recipe.Face.Encoder is FaceEncoderOptions && _face is not null)
        {
            (Faces.FaceOptions options, face) = FaceEncoderResolver.Resolve(recipe.Face, _face);
            recipe = recipe with { Face = options with { Encoder = options.Encoder! with { Path = Path.GetFullPath(_face.Path) } } };
        }

        recipe.Validate();
        return recipe;
    }

    private static EncoderFile? Open(string? path, string section, string? folder, StartedDevice device) => path switch
    {
        null => null,
        "" => throw UserError.Mark(new ArgumentException(
            $"{section} has no 'path'; must name the encoder's file (or the option --{section.Replace('.', '-')} does).")),
        _ => EncoderFile.Open(folder is null ? path : Path.Combine(folder, path), device),
    };
}
