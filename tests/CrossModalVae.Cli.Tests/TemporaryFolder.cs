namespace CrossModalVae.Cli.Tests;

/// <summary>A folder of one test's own, removed afterwards.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("cmvae-cli-").FullName;

    public string this[string name] => Path.Combine(Root, name);

    /// <summary>Files that are still under a temporary name, anywhere below.</summary>
    public string[] Partials => [.. Directory.GetFileSystemEntries(Root, "*.partial*", SearchOption.AllDirectories)];

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
