namespace CrossModalVae.Cli.Verbs;

/// <summary>The corpus that a verb reads: its manifest, and where its files are.</summary>
internal sealed class CorpusOptions
{
    internal Option<string> File { get; } = Options.Manifest();

    internal Option<string?> Root { get; } = Options.Root();

    internal Manifest Read(ParseResult parsed) => ManifestReader.Read(parsed.GetValue(File)!, parsed.GetValue(Root));
}
