using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML;

/// <summary>A folder of a model file while it is written. Only this package's own transformers can write into it.</summary>
public sealed class ModelSaveContext : IDisposable
{
    private readonly ZipArchive _archive;
    private readonly string _folder;
    private bool _written;

    internal ModelSaveContext(ZipArchive archive, string folder)
    {
        _archive = archive;
        _folder = folder;
    }

    public void Dispose()
    {
        // The archive belongs to whoever opened it; the member is here because callers may put a context into a using.
    }

    /// <summary>Writes what <paramref name="model"/> is; it has to call <see cref="Write"/>.</summary>
    internal void SaveModel(ICanSaveModel model, string folder)
    {
        var inner = new ModelSaveContext(_archive, _folder + folder + "/");
        model.Save(inner);
        Checks.State(inner._written,
            $"'{model.GetType().FullName}' wrote nothing: only this package's own transformers can be saved into a model file.");
    }

    internal void Write(string signature, JsonObject fields)
    {
        _written = true;
        fields["signature"] = signature;
        using var stream = _archive.CreateEntry(_folder + ModelLoadContext.ComponentEntry).Open();
        JsonSerializer.Serialize(stream, fields);
    }

    internal void WriteBytes(string name, byte[] bytes)
    {
        using var stream = _archive.CreateEntry(_folder + name).Open();
        stream.Write(bytes);
    }
}
