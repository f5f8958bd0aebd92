using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using CrossModalVae.Embeddings;
using CrossModalVae.Files;

namespace CrossModalVae.Pipelines.Saving;

/// <summary>Writes a pipeline's steps and their files into one zip; the same pipeline gives the same bytes.</summary>
internal sealed class BundleWriter
{
    // Zip files begin their time in 1980.
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ZipArchive _zip;
    private readonly List<BundleEntry> _files = [];
    private string _folder = "";

    private BundleWriter(ZipArchive zip) => _zip = zip;

    /// <summary>Writes a bundle under a temporary name and renames it; on any failure the old file stays.</summary>
    public static void Write(ModelOperationsCatalog models, ITransformer pipeline, DataViewSchema? inputSchema, string path) =>
        AtomicFile.Write(path, stream => Write(models, pipeline, inputSchema, stream));

    /// <summary>Writes a bundle.</summary>
    public static void Write(ModelOperationsCatalog models, ITransformer pipeline, DataViewSchema? inputSchema, Stream stream)
    {
        using var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        var writer = new BundleWriter(zip);
        ITransformer[] steps = [.. Flatten(pipeline)];
        RequireOneModel(steps);
        writer.AddModel(models, BundleIndex.SchemaFile, new TransformerChain<ITransformer>(), inputSchema);
        var saved = new List<BundleStep>();
        foreach (ITransformer step in steps)
        {
            writer._folder = string.Create(CultureInfo.InvariantCulture, $"steps/{saved.Count + 1:00}/");
            saved.Add(writer.Save(models, step));
        }

        var index = new BundleIndex($"{BundleIndex.Format}{BundleIndex.Version}", saved, [.. writer._files]);
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(index, BundleIndex.Json);
        writer._folder = "";
        writer.Add(BundleIndex.FileName, target => target.Write(json));
        byte[] hash = System.Text.Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(json)));
        writer.Add(BundleIndex.HashName, target => target.Write(hash));
    }

    /// <summary>Adds a file of the current step; its name in the bundle.</summary>
    public string Add(string name, Action<Stream> write)
    {
        ZipArchiveEntry entry = _zip.CreateEntry(_folder + name, CompressionLevel.Fastest);
        entry.LastWriteTime = NoTime;
        using var sha256 = SHA256.Create();
        using Stream target = entry.Open();
        using var hashing = new CryptoStream(target, sha256, CryptoStreamMode.Write);
        using var counting = new CountingStream(hashing);
        write(counting);
        hashing.FlushFinalBlock();
        _files.Add(new BundleEntry(entry.FullName, counting.Position, Convert.ToHexStringLower(sha256.Hash!)));
        return entry.FullName;
    }

    /// <summary>Adds a graph.</summary>
    public string Add(GraphFile graph) => Add("graph.onnx", graph.CopyTo);

    /// <summary>Adds numbers, little-endian.</summary>
    public string Add(string name, ReadOnlyMemory<float> values) => Add(name, target =>
    {
        for (int first = 0; first < values.Length; first += 1 << 20)
        {
            ReadOnlySpan<float> block = values.Span[first..Math.Min(values.Length, first + (1 << 20))];
            target.Write(MemoryMarshal.AsBytes(block));
        }
    });

    /// <summary>Adds embeddings as the files of an embedding folder; their names.</summary>
    public IReadOnlyList<string> Add(EmbeddingSet embeddings) => AddFolder(folder => EmbeddingFile.Write(folder, embeddings));

    /// <summary>Adds the files of a folder that is filled for it; their names.</summary>
    public IReadOnlyList<string> AddFolder(Action<string> fill)
    {
        string folder = Directory.CreateTempSubdirectory("cmvae-bundle-").FullName;
        try
        {
            fill(folder);
            return
            [
                .. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(file => Add(
                    Path.GetFileName(file),
                    target =>
                    {
                        using FileStream source = File.OpenRead(file);
                        source.CopyTo(target);
                    })),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // A gallery that says which model computed it is ranked by that model's embeddings only.
    private static void RequireOneModel(IReadOnlyList<ITransformer> steps)
    {
        string[] models =
        [
            .. steps.OfType<OnnxBatchScoringTransformer>()
                .Select(step => step.Encoder.Metadata.GetValueOrDefault(OnnxContract.WeightsHashKey))
                .OfType<string>().Distinct(),
        ];
        foreach (EmbeddingOrigin origin in steps.OfType<GalleryRankingTransformer>().Select(step => step.Origin).OfType<EmbeddingOrigin>())
        {
            if (models.Length > 0 && !models.Contains(origin.WeightsHash))
            {
                throw UserError.Mark(new InvalidDataException(
                    $"The gallery of RankAgainstGallery is of the model '{origin.Model}' with weights {origin.WeightsHash}; "
                    + $"expected {string.Join(" or ", models)}, as the pipeline's graphs have: embeddings of two models do not match."));
            }
        }
    }

    private BundleStep Save(ModelOperationsCatalog models, ITransformer step)
    {
        if (step is CrossModalTransformer own)
        {
            return own.Save(this);
        }

        try
        {
            return BundleStep.Of(BundleSteps.Stock, new StockStep(AddModel(models, "model.zip", step, null)));
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException)
        {
            throw new NotSupportedException($"{step.GetType().Name} cannot be saved in a bundle, because ML.NET cannot: {e.Message}", e);
        }
    }

    // ML.NET's own format needs a stream that can seek.
    private string AddModel(ModelOperationsCatalog models, string name, ITransformer model, DataViewSchema? schema)
    {
        using var memory = new MemoryStream();
        models.Save(model, schema, memory);
        memory.Position = 0;
        return Add(name, WithoutTimes(memory).CopyTo);
    }

    // ML.NET's format is a zip that holds the time at which it was written.
    private static MemoryStream WithoutTimes(Stream model)
    {
        var copy = new MemoryStream();
        using (var source = new ZipArchive(model, ZipArchiveMode.Read))
        using (var target = new ZipArchive(copy, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (ZipArchiveEntry entry in source.Entries)
            {
                ZipArchiveEntry timeless = target.CreateEntry(entry.FullName, CompressionLevel.Fastest);
                timeless.LastWriteTime = NoTime;
                using Stream from = entry.Open();
                using Stream to = timeless.Open();
                from.CopyTo(to);
            }
        }

        copy.Position = 0;
        return copy;
    }

    private static IEnumerable<ITransformer> Flatten(ITransformer transformer) =>
        transformer is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [transformer];

    /// <summary>Counts what is written.</summary>
    private sealed class CountingStream(Stream target) : Stream
    {
        private long _count;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => _count;

        public override long Position { get => _count; set => throw new NotSupportedException(); }

        public override void Flush() => target.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count)
        {
            target.Write(buffer, offset, count);
            _count += count;
        }
    }
}

/// <summary>A step that ML.NET saves.</summary>
internal sealed record StockStep(string File);
