namespace CrossModalVae.Numerics;

/// <summary>
/// Tells what a user did wrong from a defect: checks that a user's own input can fail mark the exception that they throw, as ML.NET's
/// contracts do. The type stays the natural one (<see cref="ArgumentException"/>, <see cref="InvalidOperationException"/>), so callers
/// catch what they expect.
/// </summary>
/// <remarks>
/// The rule that <c>cmvae</c> follows, and that an application can: a message is for the user alone where the exception is marked, is an
/// <see cref="InvalidDataException"/> (file content: neither this library nor .NET throws it for anything else), or says that a file or
/// folder cannot be used (<see cref="IOException"/>, <see cref="UnauthorizedAccessException"/>). Anything else, unmarked kin of
/// <see cref="ArgumentException"/> and <see cref="InvalidOperationException"/> included, is a defect and keeps its trace.
/// Mark a check of options, of a device, or of data that came from a user's files; do not mark one that only our own code can fail.
/// </remarks>
public static class UserError
{
    private const string Key = "CrossModalVae.UserError";

    /// <summary>Marks an exception as raised by a check of a user's input.</summary>
    /// <typeparam name="T">The natural type of the exception.</typeparam>
    /// <param name="exception">The exception, whose message a user can act on.</param>
    /// <returns>The same exception, to be thrown.</returns>
    public static T Mark<T>(T exception)
        where T : Exception
    {
        ArgumentNullException.ThrowIfNull(exception);
        exception.Data[Key] = true;
        return exception;
    }

    /// <summary>Whether a check of a user's input raised the exception.</summary>
    /// <param name="exception">The exception as caught; what it wraps is not looked at.</param>
    public static bool IsMarked(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return exception.Data.Contains(Key);
    }
}
