using CrossModalVae.Cli.Terminal;
using CrossModalVae.Synthesis;

namespace CrossModalVae.Cli.Workflows;

/// <summary>Makes a synthetic corpus, with progress.</summary>
internal static class Synthesis
{
    internal static Manifest Run(SyntheticCorpusOptions options, string folder, TextWriter error, CancellationToken cancellationToken)
    {
        using ProgressBar bar = ProgressBar.Start("synthesising", options.Identities * options.ClipsPerIdentity, error);
        var progress = new Relay<SyntheticProgress>(value => bar.Report(value.DoneClips));
        return SyntheticCorpus.Generate(options, folder, progress, cancellationToken);
    }
}
