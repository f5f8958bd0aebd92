namespace CrossModalVae.Numerics;

/// <summary>
/// The libraries reference the managed packages of ONNX Runtime and TorchSharp; an application adds the native ones. Where it has not, the
/// first call of an engine fails with a message that names the package instead of a type initializer's failure.
/// </summary>
internal static class NativeEngine
{
    /// <summary>The message for an application without ONNX Runtime's native library.</summary>
    public const string OnnxRuntimeMissing =
        "ONNX Runtime's native library cannot be loaded: add the package Microsoft.ML.OnnxRuntime (or "
        + "Microsoft.ML.OnnxRuntime.Gpu) to the application, "
        + "in the version of Microsoft.ML.OnnxRuntime.Managed.";

    /// <summary>Makes an engine's first call, which loads its native library.</summary>
    /// <param name="firstCall">A call that loads the library and changes nothing.</param>
    /// <param name="message">The message where that fails.</param>
    /// <exception cref="DllNotFoundException">The library cannot be loaded; marked as a user's error.</exception>
    public static void Require(Action firstCall, Func<string> message)
    {
        try
        {
            firstCall();
        }
        catch (Exception e) when (IsLoadFailure(e))
        {
            throw UserError.Mark(new DllNotFoundException(message(), e));
        }
    }

    // TorchSharp throws NotSupportedException; both engines load in a static constructor, whose failures come wrapped.
    private static bool IsLoadFailure(Exception e) => e switch
    {
        DllNotFoundException or NotSupportedException => true,
        TypeInitializationException { InnerException: Exception inner } => IsLoadFailure(inner),
        _ => false,
    };
}
