using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;

namespace CrossModalVae.Cli.Workflows;

/// <summary>The versions of this program and of what computes in it, without loading a native library.</summary>
internal static class ProgramVersion
{
    /// <summary>This program's version and commit, as in 1.0.0+0123abcd.</summary>
    internal static string Own { get; } = Of(typeof(ProgramVersion).Assembly);

    /// <summary>This program and its engines.</summary>
    internal static IReadOnlyList<(string Name, string Version)> All =>
    [
        (CommandLine.ProgramName, Own),
        (".NET", RuntimeInformation.FrameworkDescription.Replace(".NET ", "", StringComparison.Ordinal)),
        ("Microsoft.ML", Of(typeof(MLContext).Assembly)),
        ("Microsoft.ML.OnnxRuntime", Of(typeof(InferenceSession).Assembly)),
        ("TorchSharp", Of(typeof(torch).Assembly)),
    ];

    private static string Of(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? assembly.GetName().Version?.ToString()
        ?? "unknown";
}
