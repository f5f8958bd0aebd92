namespace CrossModalVae.Numerics;

/// <summary>
/// The libraries reference the managed halves of ONNX Runtime and of TorchSharp; an application adds the native ones. Where it did not, the
/// first call of an engine ends with a sentence that names the package, instead of a type initializer's failure.
/// </summary>
internal static class NativeEngine
{
    /// <summary>What an application without ONNX Runtime's native library is told.</summary>
    public const string OnnxRuntimeMissing =
        "ONNX Runtime's native library cannot be loaded: add the package Microsoft.ML.OnnxRuntime (or "
        + "Microsoft.ML.OnnxRuntime.Gpu) to the application, "
        + "in the version of Microsoft.ML.OnnxRuntime.Managed.";

    /// <summary>Makes an engine's first call, which loads its native library.</summary>
    /// <param name="firstCall">A call that loads the library and changes nothing.</param>
    /// <param name="sentence">What the user is told where that fails.</param>
    /// <exception cref="DllNotFoundException">The library cannot be loaded; marked as a user's error.</exception>
    public static void Require(Action firstCall, Func<string> sentence)
    {
        ArgumentNullException.ThrowIfNull(firstCall);
        ArgumentNullException.ThrowIfNull(sentence);
        try
        {
            firstCall();
        }
        catch (Exception e) when (IsLoadFailure(e))
        {
            throw UserError.Mark(new DllNotFoundException(sentence(), e));
        }
    }

    // TorchSharp says NotSupportedException; both engines load in a static constructor, whose failures come wrapped.
    private static bool IsLoadFailure(Exception e) => e switch
    {
        DllNotFoundException or NotSupportedException => true,
        TypeInitializationException { InnerException: Exception inner } => IsLoadFailure(inner),
        _ => false,
    };
}
