using CrossModalVae.Audio;
using CrossModalVae.Cli.Workflows;
using CrossModalVae.Faces;
using CrossModalVae.Scoring;
using CrossModalVae.Scoring.Encoders;

namespace CrossModalVae.Cli.Verbs;

/// <summary>Where the pretrained encoders of a recipe are, for verbs that compute features.</summary>
internal sealed class EncoderOptions
{
    internal Option<string?> Voice { get; } = Options.File(
        "--voice-encoder", "The pretrained voice encoder (ONNX) of the recipe's voice.encoder. Default: that section's path.");

    internal Option<string?> Face { get; } = Options.File(
        "--face-encoder", "The pretrained face encoder (ONNX) of the recipe's face.encoder. Default: that section's path.");

    /// <summary>A recipe as used, by the value of --recipe, and its encoders. A relative path is the recipe's folder's; of a recipe that
    /// comes with the program, the current folder's.</summary>
    internal RecipeEncoders Open(ParseResult parsed, string value, DeviceOrder? device = null)
    {
        string file = ShippedRecipes.Resolve(value);
        return Open(parsed, RecipeReader.Read(file), file == value ? Path.GetDirectoryName(Path.GetFullPath(file)) : null, device);
    }

    /// <summary>A recipe as used, and its encoders.</summary>
    internal RecipeEncoders Open(ParseResult parsed, Recipe recipe, string? folder, DeviceOrder? device = null)
    {
        if (parsed.GetValue(Voice) is string voice)
        {
            recipe = recipe with { Voice = With(recipe.Voice, recipe.Name, Path.GetFullPath(voice)) };
        }

        if (parsed.GetValue(Face) is string face)
        {
            recipe = recipe with { Face = With(recipe.Face, recipe.Name, Path.GetFullPath(face)) };
        }

        bool scores = recipe.Voice.Encoder is not null || recipe.Face.Encoder is not null;
        return RecipeEncoders.Open(
            recipe, folder, scores && device is not null ? ScoringDevice.Start(parsed, device).Device : ExecutionDevice.Cpu);
    }

    private static VoiceOptions With(VoiceOptions voice, string name, string path) => voice.Encoder is null
        ? throw Useless("--voice-encoder", "voice.encoder", name)
        : voice with { Encoder = voice.Encoder with { Path = path } };

    private static FaceOptions With(FaceOptions face, string name, string path) => face.Encoder is null
        ? throw Useless("--face-encoder", "face.encoder", name)
        : face with { Encoder = face.Encoder with { Path = path } };

    private static UserErrorException Useless(string option, string section, string name) =>
        new($"{option} is given, and recipe '{name}' has no '{section}'; expected that section, if only as {{}}.");
}
