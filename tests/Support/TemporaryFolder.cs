namespace CrossModalVae.TestSupport;

/// <summary>A folder of its own for one test, removed with everything in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("cmvae-tests-").FullName;

    /// <summary>Files that are still under a temporary name, anywhere below.</summary>
    public string[] Partials => [.. Directory.GetFileSystemEntries(Root, "*.partial*", SearchOption.AllDirectories)];

    /// <summary>A path in the folder; nothing is created.</summary>
    public string this[params string[] parts] => Path.Combine([Root, .. parts]);

    public string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        string path = this[name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
