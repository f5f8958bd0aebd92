using System.Runtime.InteropServices;
using CrossModalVae.Audio;
using CrossModalVae.Eng;
using CrossModalVae.Models;
using CrossModalVae.Training;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;

namespace CrossModalVae.Cli.Workflows;

/// <summary>Reports on the machine; every line is measured when it is asked for.</summary>
internal static class Doctor
{
    internal static IEnumerable<(string Name, string Finding)> Examine(CudaParts parts)
    {
        yield return (
            "runtime",
            $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}, {Environment.ProcessorCount} processors");
        (bool trains, string torchFinding) = Engine(
            () => DeviceChoice.Resolve("cpu"),
            () => $"{Counted.Of(torch.get_num_threads(), "thread")}, " + (torch.cuda.is_available()
                ? Counted.Of(torch.cuda.device_count(), "CUDA device")
                : "no CUDA: training runs on the CPU") + (ExternalLibtorch.Folder is string folder ? $"; of {folder}" : ""));
        yield return ("libtorch", torchFinding);
        yield return ("libLibTorchSharp", LibTorchSharp());
        (bool scores, string onnxFinding) = Engine(
            () => NativeEngine.Require(() => OrtEnv.Instance(), () => NativeEngine.OnnxRuntimeMissing),
            () => $"{OrtEnv.Instance().GetVersionString()}, {string.Join(", ", OrtEnv.Instance().GetAvailableProviders())}");
        yield return ("ONNX Runtime", onnxFinding);
        yield return ("ffmpeg", AudioFile.FfmpegPath ?? "not on the PATH: voices must be wav files (apt-get install ffmpeg)");
        yield return ("GPU driver", ComputeDevice.HasDriver
            ? File.ReadLines(ComputeDevice.DriverFile).First()
            : $"none loaded ({ComputeDevice.DriverFile} is absent)");
        IReadOnlyList<CudaPart> cuda = parts.OfCuda(), tensorRt = parts.OfTensorRt();
        foreach (CudaPart part in cuda.Concat(tensorRt))
        {
            yield return (part.Name, CudaParts.Finding(part));
        }

        yield return ("device cuda", CudaParts.InShort(cuda));
        yield return ("device tensorrt", CudaParts.InShort(cuda.Concat(tensorRt)));
        yield return ("in short", InShort(trains, scores, AudioFile.FfmpegPath is not null));
    }

    /// <summary>What works here and what does not, in a line.</summary>
    internal static string InShort(bool trains, bool scores, bool readsAnySound)
    {
        string[] missing =
        [
            .. trains ? [] : new[] { "training (libtorch)" },
            .. scores ? [] : new[] { "export and embedding (ONNX Runtime)" },
            .. readsAnySound ? [] : new[] { "voices other than wav (ffmpeg)" },
        ];
        return missing.Length == 0 ? "everything works here" : $"does not work here: {string.Join(", ", missing)}";
    }

    /// <summary>Whether an engine loads, and what it then says of itself or why it does not.</summary>
    internal static (bool Loads, string Finding) Engine(Action load, Func<string> finding)
    {
        try
        {
            load();
            return (true, finding());
        }
        catch (DllNotFoundException e) when (UserError.IsMarked(e))
        {
            return (false, e.Message);
        }
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
