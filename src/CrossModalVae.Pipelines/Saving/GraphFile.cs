using System.IO.Compression;

namespace CrossModalVae.Pipelines.Saving;

/// <summary>Where a step's graph can be read again: a file, or an entry of the bundle that the step was loaded from.</summary>
internal sealed record GraphFile(string Path, string? Entry = null)
{
    /// <summary>Copies the graph.</summary>
    /// <exception cref="FileNotFoundException">It is no longer there.</exception>
    public void CopyTo(Stream target)
    {
        if (!File.Exists(Path))
        {
            throw new FileNotFoundException($"{Path}: does not exist any more; expected the file that holds a step's graph.", Path);
        }

        using FileStream file = File.OpenRead(Path);
        if (Entry is null)
        {
            file.CopyTo(target);
            return;
        }

        using var zip = new ZipArchive(file, ZipArchiveMode.Read);
        using Stream stream = (zip.GetEntry(Entry)
            ?? throw new InvalidDataException($"{Path}: has no '{Entry}' any more; it was written anew since it was loaded.")).Open();
        stream.CopyTo(target);
    }
}
