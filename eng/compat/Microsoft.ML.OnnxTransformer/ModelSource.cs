namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Where a graph comes from: a file, which stays where it is, or memory.</summary>
internal sealed record ModelSource(string File, byte[] Bytes)
{
    public static ModelSource FromFile(string modelFile)
    {
        if (string.IsNullOrWhiteSpace(modelFile))
            throw new ArgumentNullException(nameof(modelFile));
        return System.IO.File.Exists(modelFile) ? new ModelSource(modelFile, null) : throw new IOException($"Model file {modelFile} does not exists.");
    }

    public static ModelSource FromStream(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Seek(0, SeekOrigin.Begin);
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return new ModelSource(null, memory.ToArray());
    }

    /// <summary>The graph itself; a file must still be there.</summary>
    public byte[] Read() => Bytes ?? System.IO.File.ReadAllBytes(File);
}
