using CrossModalVae.Audio;
using CrossModalVae.Cli.Workflows;
using CrossModalVae.Faces;
using CrossModalVae.Models;
using CrossModalVae.Scoring;
using CrossModalVae.Scoring.Encoders;
using Microsoft.ML.OnnxRuntime;

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
    internal RecipeEncoders Open(ParseResult parsed, string value, ExecutionDevice device = default)
    {
        string file = ShippedRecipes.Resolve(value);
        return Open(parsed, RecipeReader.Read(file), file == value ? Path.GetDirectoryName(Path.GetFullPath(file)) : null, device);
    }

    /// <summary>A recipe as used, and its encoders.</summary>
    internal RecipeEncoders Open(ParseResult parsed, Recipe recipe, string? folder, ExecutionDevice device = default)
    {
        if (parsed.GetValue(Voice) is string voice)
        {
            recipe = recipe with { Voice = With(recipe.Voice, recipe.Name, Path.GetFullPath(voice)) };
        }

        if (parsed.GetValue(Face) is string face)
        {
            recipe = recipe with { Face = With(recipe.Face, recipe.Name, Path.GetFullPath(face)) };
        }

        return RecipeEncoders.Open(recipe, folder, device);
    }

    /// <summary>
    /// Where ONNX Runtime computes: auto is the first CUDA device where a driver is loaded and this ONNX Runtime has the provider, else the
    /// CPU.
    /// </summary>
    internal static ExecutionDevice ScoringDevice(string name)
    {
        if (!ComputeDevice.TryParse(name, out ComputeDevice device) || !device.IsAuto)
        {
            return ExecutionDevice.Parse(name);
        }

        bool cuda = ComputeDevice.HasDriver && OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider");
        return cuda ? ExecutionDevice.Cuda(0) : ExecutionDevice.Cpu;
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
