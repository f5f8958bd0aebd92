using CrossModalVae.Synthesis;

namespace CrossModalVae.Cli.Workflows;

/// <summary>What the demo is told.</summary>
internal sealed record DemoOptions
{
    public required string Folder { get; init; }

    public required SyntheticCorpusOptions Corpus { get; init; }

    public int? Epochs { get; init; }

    /// <summary>The manifest of the real clips; null takes those that ship beside this program.</summary>
    public string? GridManifest { get; init; }

    public string? ReferenceFolder { get; init; }

    public required string Device { get; init; }
}
