using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using CrossModalVae.Embeddings;
using CrossModalVae.Files;

namespace CrossModalVae.Pipelines.Saving;

/// <summary>Reads a bundle; every file's hash is checked before its content is used.</summary>
internal sealed class BundleReader
{
    private readonly string _path;
    private readonly ZipArchive _zip;
    private readonly Dictionary<string, BundleEntry> _files;

    private BundleReader(string path, ZipArchive zip, BundleIndex index, StartedDevice device)
    {
        (_path, _zip, Device) = (path, zip, device);
        _files = index.Files.ToDictionary(file => file.Name, StringComparer.Ordinal);
    }

    /// <summary>Where graphs are computed.</summary>
    public StartedDevice Device { get; }

    /// <summary>The pipeline and its input schema.</summary>
    /// <exception cref="InvalidDataException">The file is no bundle, a newer one, or damaged.</exception>
    public static TransformerChain<ITransformer> Read(
        ModelOperationsCatalog models, string path, DeviceOrder device, out DataViewSchema inputSchema)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"{path}: no such file.", path);
        }

        var steps = new List<ITransformer>();
        try
        {
            using FileStream file = File.OpenRead(path);
            using var zip = new ZipArchive(file, ZipArchiveMode.Read);
            BundleIndex index = ReadIndex(path, zip);
            var reader = new BundleReader(path, zip, index, device.Start());
            models.Load(reader.OpenChecked(BundleIndex.SchemaFile), out inputSchema);
            foreach (BundleStep step in index.Steps)
            {
                steps.Add(step.Kind == BundleSteps.Stock
                    ? models.Load(reader.OpenChecked(step.Read<StockStep>().File), out _)
                    : BundleSteps.Load(step, reader));
            }

            return new TransformerChain<ITransformer>([.. steps]);
        }
        catch (Exception e)
        {
            steps.ForEach(step => (step as IDisposable)?.Dispose());
            bool isContent = e is InvalidDataException or JsonException or KeyNotFoundException or FormatException;
            if (isContent && !e.Message.StartsWith(path, StringComparison.Ordinal))
            {
                throw new InvalidDataException(
                    $"{path}: is damaged or no bundle of CrossModalVae: {e.Message.TrimEnd('.')}; "
                    + "expected a file that ml.Model.SaveBundle wrote.",
                    e);
            }

            throw;
        }
    }

    /// <summary>A file's content.</summary>
    public byte[] Bytes(string name)
    {
        using Stream stream = Entry(name).Open();
        var content = new byte[_files[name].Length];
        stream.ReadExactly(content);
        Check(_path, name, _files[name].Sha256, SHA256.HashData(content));
        return stream.ReadByte() < 0 ? content : throw Fault(_path, name, "is longer than the index says");
    }

    /// <summary>Numbers.</summary>
    public float[] Floats(string name) => MemoryMarshal.Cast<byte, float>(Bytes(name)).ToArray();

    /// <summary>Embeddings from the files of an embedding folder.</summary>
    public EmbeddingSet Embeddings(IReadOnlyList<string> names) => Unpacked(names, EmbeddingFile.Read);

    /// <summary>Uses a graph as a file, which is gone afterwards; what is said of it later is its place in the bundle.</summary>
    public T Graph<T>(string name, Func<string, T> use) => Unpacked([name], folder => use(Path.Combine(folder, Path.GetFileName(name))));

    /// <summary>Where a graph is.</summary>
    public GraphFile GraphFile(string name) => new(Path.GetFullPath(_path), name);

    private static BundleIndex ReadIndex(string path, ZipArchive zip)
    {
        byte[] json = Small(zip, BundleIndex.FileName);
        string schema = JsonSerializer.Deserialize<JsonElement>(json).GetProperty("schema").GetString() ?? "";
        string number = schema.StartsWith(BundleIndex.Format, StringComparison.Ordinal) ? schema[BundleIndex.Format.Length..] : "";
        bool isOurs = int.TryParse(number, CultureInfo.InvariantCulture, out int version);
        if (!isOurs || version > BundleIndex.Version)
        {
            throw new InvalidDataException(isOurs
                ? $"{path}: is a bundle of format {version}; this version of CrossModalVae reads up to {BundleIndex.Version}."
                : $"{path}: its schema is '{schema}'; expected {BundleIndex.Format}{BundleIndex.Version}.");
        }

        Check(path, BundleIndex.FileName, System.Text.Encoding.ASCII.GetString(Small(zip, BundleIndex.HashName)), SHA256.HashData(json));
        _ = JsonFile.Parse(System.Text.Encoding.UTF8.GetString(json), $"{path}: {BundleIndex.FileName}", FileSchema.Bundle); // checks it
        return JsonSerializer.Deserialize<BundleIndex>(json, BundleIndex.Json)!;
    }

    private static byte[] Small(ZipArchive zip, string name)
    {
        ZipArchiveEntry entry = zip.GetEntry(name) ?? throw new InvalidDataException($"it has no '{name}'");
        using Stream stream = entry.Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    private MemoryStream OpenChecked(string name) => new(Bytes(name), writable: false);

    private ZipArchiveEntry Entry(string name) =>
        !_files.ContainsKey(name) ? throw Fault(_path, name, "is not in the index")
        : _zip.GetEntry(name) ?? throw Fault(_path, name, "is not there");

    /// <summary>Uses files in a folder that is gone afterwards.</summary>
    public T Unpacked<T>(IReadOnlyList<string> names, Func<string, T> use)
    {
        string folder = Directory.CreateTempSubdirectory("cmvae-bundle-").FullName;
        try
        {
            foreach (string name in names)
            {
                Unpack(name, Path.Combine(folder, Path.GetFileName(name)));
            }

            return use(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Files of galleries are larger than an array may be.
    private void Unpack(string name, string path)
    {
        using var sha256 = SHA256.Create();
        using Stream source = Entry(name).Open();
        using FileStream target = File.Create(path);
        using (var hashing = new CryptoStream(target, sha256, CryptoStreamMode.Write, leaveOpen: true))
        {
            source.CopyTo(hashing);
        }

        Check(_path, name, _files[name].Sha256, sha256.Hash!);
    }

    private static void Check(string path, string name, string expected, byte[] hash)
    {
        string found = Convert.ToHexStringLower(hash);
        if (found != expected)
        {
            throw Fault(path, name, $"has the SHA-256 {found}; expected {expected}");
        }
    }

    private static InvalidDataException Fault(string path, string name, string fault) => new($"{path}: its file '{name}' {fault}.");
}
