using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Saves, loads and applies models.</summary>
public sealed class ModelOperationsCatalog
{
    private const string FormatEntry = "crossmodalvae-system-stack.json";
    private const string ModelFolder = "model";
    private readonly MLContext _ml;

    internal ModelOperationsCatalog(MLContext ml) => _ml = ml;

    public void Save(ITransformer model, DataViewSchema inputSchema, Stream stream)
    {
        Checks.Value(stream, nameof(stream));
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        new ModelSaveContext(archive, "").SaveModel(Checks.Value(model, nameof(model)), ModelFolder);
        var format = new JsonObject { ["version"] = 1, ["schema"] = inputSchema == null ? null : SchemaFile.Write(inputSchema) };
        using var entry = archive.CreateEntry(FormatEntry).Open();
        JsonSerializer.Serialize(entry, format);
    }

    public void Save(ITransformer model, DataViewSchema inputSchema, string filePath)
    {
        using var stream = File.Create(Checks.NonEmpty(filePath, nameof(filePath)));
        Save(model, inputSchema, stream);
    }

    public ITransformer Load(Stream stream, out DataViewSchema inputSchema)
    {
        using var archive = Open(Checks.Value(stream, nameof(stream)));
        var entry = archive.GetEntry(FormatEntry) ?? throw new FormatException($"The model file has no entry '{FormatEntry}': it was not saved "
            + "by the system stack, whose model files are not exchangeable with those of the genuine Microsoft.ML.");
        using (var text = entry.Open())
        {
            var schema = JsonSerializer.Deserialize<JsonObject>(text)["schema"];
            inputSchema = schema == null ? null : SchemaFile.Read(schema.AsArray());
        }

        return new ModelLoadContext(archive, "").LoadModel(_ml, ModelFolder);
    }

    private static ZipArchive Open(Stream stream)
    {
        try
        {
            return new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        }
        catch (InvalidDataException e)
        {
            throw new FormatException("Failed to open a zip archive", e);
        }
    }

    public ITransformer Load(string filePath, out DataViewSchema inputSchema)
    {
        using var stream = File.OpenRead(Checks.NonEmpty(filePath, nameof(filePath)));
        return Load(stream, out inputSchema);
    }

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(
        ITransformer transformer,
        bool ignoreMissingColumns = true,
        SchemaDefinition inputSchemaDefinition = null,
        SchemaDefinition outputSchemaDefinition = null)
        where TSrc : class
        where TDst : class, new()
        => new(transformer, ignoreMissingColumns, inputSchemaDefinition, outputSchemaDefinition);

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, DataViewSchema inputSchema)
        where TSrc : class
        where TDst : class, new()
        => new(transformer, true, DataOperationsCatalog.DefinitionFor<TSrc>(Checks.Value(inputSchema, nameof(inputSchema))), null);
}
