using System.Runtime.InteropServices;
using CrossModalVae.Audio;
using CrossModalVae.Eng;
using CrossModalVae.Models;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;

namespace CrossModalVae.Cli.Workflows;

/// <summary>Reports on the machine; every line is measured when it is asked for.</summary>
internal static class Doctor
{
    internal static IEnumerable<(string Name, string Finding)> Examine()
    {
        yield return (
            "runtime",
            $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}, {Environment.ProcessorCount} processors");
        yield return ("libtorch", $"{torch.get_num_threads()} threads, "
            + $"{(torch.cuda.is_available() ? $"{torch.cuda.device_count()} CUDA devices" : "no CUDA: training runs on the CPU")}");
        yield return ("libLibTorchSharp", LibTorchSharp());
        string[] providers = OrtEnv.Instance().GetAvailableProviders();
        yield return ("ONNX Runtime", $"{OrtEnv.Instance().GetVersionString()}, {string.Join(", ", providers)}");
        yield return ("ffmpeg", AudioFile.FfmpegPath ?? "not on the PATH: voices must be wav files (apt-get install ffmpeg)");
        yield return ("GPU driver", ComputeDevice.HasDriver
            ? File.ReadLines(ComputeDevice.DriverFile).First()
            : $"none loaded ({ComputeDevice.DriverFile} is absent)");
    }

    // The build marks the requirement weak where this machine's libstdc++ is older (eng/WeakSymbolVersion).
    private static string LibTorchSharp()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so");
        if (!File.Exists(path))
        {
            return "not beside the program";
        }

        string machine = LibStdCxx.Has(LibStdCxx.NeededVersion) == true ? "has it" : "lacks it";
        return ElfVersionNeeds.IsWeak(File.ReadAllBytes(path), LibStdCxx.NeededVersion) switch
        {
            null => $"does not require {LibStdCxx.NeededVersion}",
            true => $"requires {LibStdCxx.NeededVersion}, marked weak; this machine's libstdc++ {machine}",
            false => $"requires {LibStdCxx.NeededVersion}; this machine's libstdc++ {machine}",
        };
    }
}
