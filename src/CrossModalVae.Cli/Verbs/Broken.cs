namespace CrossModalVae.Cli.Verbs;

/// <summary>How verbs say which broken clips they left out.</summary>
internal static class Broken
{
    /// <summary>The end of a summary: "; 2 broken clips left out"; empty where there are none.</summary>
    internal static string Text(IReadOnlyCollection<SkippedClip> skipped) =>
        skipped.Count == 0 ? "" : $"; {Counted.Of(skipped.Count, "broken clip")} left out";

    /// <summary>The clips in a verb's JSON.</summary>
    internal static object ToJson(IEnumerable<SkippedClip> skipped) =>
        skipped.Select(clip => new { identity = clip.Identity, clip = clip.Clip, reason = clip.Reason });
}
