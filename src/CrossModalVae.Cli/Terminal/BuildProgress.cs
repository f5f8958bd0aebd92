namespace CrossModalVae.Cli.Terminal;

/// <summary>Shows how many identities of a corpus are in its manifest; their number is known once the first is done.</summary>
internal sealed class BuildProgress(TextWriter error) : IProgress<CorpusBuildProgress>, IDisposable
{
    private ProgressBar? _bar;

    public void Report(CorpusBuildProgress value)
    {
        _bar ??= ProgressBar.Start("people", value.IdentityCount, error);
        _bar.Report(value.DoneIdentities);
    }

    public void Dispose() => _bar?.Dispose();
}
