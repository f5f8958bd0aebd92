using CrossModalVae.Cli.Terminal;
using CrossModalVae.Synthesis;

namespace CrossModalVae.Cli.Workflows;

/// <summary>Makes a synthetic corpus, with progress.</summary>
internal static class Synthesis
{
    internal static Manifest Run(SyntheticCorpusOptions options, string folder, TextWriter error, CancellationToken cancellationToken)
    {
        using ProgressBar bar = ProgressBar.Start("synthesising", options.Identities * options.ClipsPerIdentity, error);
        return SyntheticCorpus.Generate(options, folder, new Clips(bar), cancellationToken);
    }

    private sealed class Clips(IProgress<int> bar) : IProgress<SyntheticProgress>
    {
        public void Report(SyntheticProgress value) => bar.Report(value.DoneClips);
    }
}
