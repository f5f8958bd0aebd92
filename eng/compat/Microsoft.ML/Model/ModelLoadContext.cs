using System.IO.Compression;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML;

/// <summary>A folder of a model file while it is read.</summary>
internal sealed class ModelLoadContext(ZipArchive archive, string folder)
{
    public const string ComponentEntry = "component.json";

    // A model file may only name these: what a transformer needs from elsewhere, it finds by its own contract.
    private static readonly string[] Providers = ["Microsoft.ML", "Microsoft.ML.OnnxTransformer"];
    private JsonObject _fields;

    /// <summary>What the transformer wrote about itself.</summary>
    public JsonObject Fields => _fields ??= JsonSerializer.Deserialize<JsonObject>(ReadEntry(archive, folder + ComponentEntry));

    public string Text(string field) => Field(field).GetValue<string>();

    public bool Flag(string field) => Field(field).GetValue<bool>();

    public string[] Texts(string field) => [.. Field(field).AsArray().Select(item => item.GetValue<string>())];

    public byte[] Bytes(string name) => ReadEntry(archive, folder + name);

    public ITransformer LoadModel(MLContext ml, string inner)
    {
        var context = new ModelLoadContext(archive, folder + inner + "/");
        string signature = context.Text("signature");
        foreach (string provider in Providers)
        {
            if (LoaderFrom(provider, signature) is { } loader)
                return loader.Load(ml, context);
        }

        throw new FormatException($"The model file holds a '{signature}', which none of {string.Join(", ", Providers)} can load.");
    }

    private static IModelLoader LoaderFrom(string provider, string signature)
    {
        Assembly assembly;
        try
        {
            assembly = Assembly.Load(provider);
        }
        catch (FileNotFoundException)
        {
            return null; // An application without that package; whether it matters shows when no other provider knows the signature.
        }

        var type = assembly.GetCustomAttributes<ModelLoaderAttribute>().FirstOrDefault(a => a.Signature == signature)?.Loader;
        return type == null ? null : (IModelLoader)Activator.CreateInstance(type, nonPublic: true);
    }

    private static byte[] ReadEntry(ZipArchive archive, string name)
    {
        var entry = archive.GetEntry(name) ?? throw new FormatException($"The model file has no entry '{name}'.");
        using var stream = entry.Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    private JsonNode Field(string name)
        => Fields[name] ?? throw new FormatException($"The model file's '{folder}{ComponentEntry}' has no field '{name}'.");
}
