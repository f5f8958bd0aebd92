namespace CrossModalVae.Cli.Verbs;

/// <summary>
/// What a shell offers for an option's value. An option without any is one of files, which the shell itself completes. The parser's own
/// words for an enum are not those of our files.
/// </summary>
internal static class Completions
{
    /// <summary>Sets the words; they are made when a shell asks for them.</summary>
    internal static TOption Completes<TOption>(this TOption option, Func<IEnumerable<string>> words)
        where TOption : Option
    {
        option.CompletionSources.Clear();
        option.CompletionSources.Add(_ => words().Select(word => new System.CommandLine.Completions.CompletionItem(word)));
        return option;
    }

    /// <summary>Sets the words.</summary>
    internal static TOption Completes<TOption>(this TOption option, params string[] words)
        where TOption : Option => option.Completes(() => words);
}
