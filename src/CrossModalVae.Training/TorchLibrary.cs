using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using TorchSharp;

namespace CrossModalVae.Training;

/// <summary>The native half of TorchSharp, which the application brings.</summary>
internal static partial class TorchLibrary
{
    private const string Name = "LibTorchSharp";

    /// <summary>Loads libtorch, with the spinning of its idle threads bounded.</summary>
    /// <exception cref="DllNotFoundException">It is not there or cannot be loaded; the message says which package to
    /// add, or what this system lacks.</exception>
    public static void Require()
    {
        OpenMpThreads.BoundSpinning();
        NativeEngine.Require(() => _ = torch.get_num_threads(), () => Sentence(LoaderMessage()));
    }

    /// <summary>What to do about a library that the system's loader refuses.</summary>
    /// <param name="loaderMessage">The loader's own words; empty where it has none.</param>
    internal static string Sentence(string loaderMessage)
    {
        Match version = MissingVersion().Match(loaderMessage);
        return version.Success
            ? $"libtorch cannot be loaded: TorchSharp's lib{Name}.so requires {version.Value} of libstdc++, "
                + "which this system lacks; it is part of gcc 13 "
                + "(Debian 13, Ubuntu 24.04). The tool CrossModalVae.Cli packed on this system carries a copy that loads here."
            : "libtorch cannot be loaded: add the package TorchSharp-cpu (or TorchSharp-cuda-linux, "
                + "TorchSharp-cuda-windows) to the application, "
                + "in the version of TorchSharp.";
    }

    private static string LoaderMessage()
    {
        try
        {
            NativeLibrary.Free(NativeLibrary.Load(Name, typeof(torch).Assembly, searchPath: null));
            return "";
        }
        catch (DllNotFoundException e)
        {
            return e.Message;
        }
    }

    [GeneratedRegex(@"GLIBCXX_[0-9.]*[0-9]")]
    private static partial Regex MissingVersion();
}
