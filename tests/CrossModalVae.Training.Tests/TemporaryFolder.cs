namespace CrossModalVae.Training.Tests;

/// <summary>A folder of its own, removed afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("cmvae-training-").FullName;

    public string Run => Path.Combine(Root, "run");

    public string Sub(string name) => Path.Combine(Root, name);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
