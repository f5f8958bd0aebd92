using CrossModalVae.Audio;

namespace CrossModalVae.Cli.Verbs;

/// <summary>Faults of a file that a run may be told to tolerate.</summary>
internal enum ToleratedFault
{
    /// <summary>The file ends before what it promises.</summary>
    Truncated,
}

/// <summary>The option --tolerate of the verbs that read sound files, and what they say of the files that needed it.</summary>
internal static class Tolerance
{
    /// <summary>Faults of sound files that do not stop the verb.</summary>
    internal static Choice<ToleratedFault> Option() => new(
        "--tolerate",
        "Read sound files that end early as far as they go, and list them, instead of refusing them. Default: refuse.");

    /// <summary>How the verb reads sound files.</summary>
    internal static SoundReading Reading(this ParseResult parsed, Choice<ToleratedFault> tolerate) =>
        new() { ToleratesTruncation = parsed.GetValue(tolerate) == ToleratedFault.Truncated };

    /// <summary>Lists on stderr the files that were read although they end early.</summary>
    internal static void ListTolerated(this ParseResult parsed, SoundReading reading)
    {
        IReadOnlyList<string> files = reading.Tolerated;
        if (files.Count > 0)
        {
            TextWriter error = parsed.InvocationConfiguration.Error;
            (string what, string far) = files.Count == 1 ? ("file that ends", "it goes") : ("files that end", "they go");
            error.WriteLine($"warning: {files.Count} sound {what} early, read as far as {far}:");
            foreach (string file in files)
            {
                error.WriteLine($"  {file}");
            }
        }
    }
}
