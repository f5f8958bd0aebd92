using System.Runtime.InteropServices;
using CrossModalVae.Audio;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;

namespace CrossModalVae.Cli.Workflows;

/// <summary>Looks at the machine: every line is something asked of it now.</summary>
internal static class Doctor
{
    internal static IEnumerable<(string Name, string Finding)> Examine()
    {
        yield return ("runtime", $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}, {Environment.ProcessorCount} processors");
        yield return ("stack", $"{StackName} (see eng/compat/README.md)");
        yield return ("libtorch", $"{torch.get_num_threads()} threads, {(torch.cuda.is_available() ? $"{torch.cuda.device_count()} CUDA devices" : "no CUDA: training runs on the CPU")}");
        string[] providers = OrtEnv.Instance().GetAvailableProviders();
        yield return ("ONNX Runtime", $"{OrtEnv.Instance().GetVersionString()}, {string.Join(", ", providers)}");
        yield return ("ffmpeg", AudioFile.FfmpegPath ?? "not on the PATH: voices must be wav files (apt-get install ffmpeg)");
        yield return ("GPU driver", File.Exists("/proc/driver/nvidia/version")
            ? File.ReadLines("/proc/driver/nvidia/version").First()
            : "none loaded (/proc/driver/nvidia/version is absent)");
    }

    /// <summary>nuget or system: which stack this program was built on.</summary>
    internal static string StackName => typeof(Doctor).Assembly
        .GetCustomAttributes(typeof(System.Reflection.AssemblyMetadataAttribute), inherit: false)
        .Cast<System.Reflection.AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "Stack").Value!;
}
