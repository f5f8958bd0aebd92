using System.Linq.Expressions;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Retrieval;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.VectorData;

namespace CrossModalVae.Hosting.Tests;

public sealed class VectorGalleryTests : IDisposable
{
    private const int Dimension = ModelFolders.LatentDimension;

    private readonly TemporaryFolder _folder = new();
    private readonly List<ModelHost> _hosts = [];
    private readonly GalleryRecord[] _records = [.. Enumerable.Range(0, 12).Select(Record)];

    private string Path => _folder["people"];

    public void Dispose()
    {
        foreach (ModelHost host in _hosts)
        {
            host.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        _folder.Dispose();
    }

    [Fact]
    public async Task Collection_IsMadeFilledAndDeleted()
    {
        using VectorGallery collection = New();

        Assert.Equal("people", collection.Name);
        Assert.False(await collection.CollectionExistsAsync());
        await Assert.ThrowsAsync<FileNotFoundException>(() => collection.GetAsync("x"));
        await collection.EnsureCollectionExistsAsync();
        await collection.EnsureCollectionExistsAsync();
        Assert.True(await collection.CollectionExistsAsync());
        Assert.Empty(await collection.SearchAsync(new float[Dimension], 3).ToListAsync());
        await collection.UpsertAsync(_records);
        Assert.Equal(12, ((GalleryHost)collection.GetService(typeof(GalleryHost))!).Count);
        await collection.EnsureCollectionDeletedAsync();
        await collection.EnsureCollectionDeletedAsync();
        Assert.False(Directory.Exists(Path));
    }

    [Fact]
    public async Task Get_ByKeysAndFilter_PagesInTheOrderAskedFor()
    {
        using VectorGallery collection = await Filled();

        GalleryRecord? one = await collection.GetAsync(_records[5].Key, new RecordRetrievalOptions { IncludeVectors = true });
        Assert.Equal(_records[5].Vector.ToArray(), one!.Vector.ToArray());
        Assert.Equal((_records[5].Identity, _records[5].Age), (one.Identity, one.Age));
        Assert.True((await collection.GetAsync(_records[5].Key))!.Vector.IsEmpty);
        Assert.Null(await collection.GetAsync("face/nobody/x"));
        Assert.Equal(2, await collection.GetAsync([_records[1].Key, "no", _records[2].Key]).CountAsync());

        var options = new FilteredRecordRetrievalOptions<GalleryRecord>
        {
            Skip = 1,
            OrderBy = by => by.Descending(r => r.Age).Ascending(r => r.Clip),
        };
        string[] found = await collection.GetAsync(r => r.Gender == "f", 3, options).Select(r => r.Clip).ToArrayAsync();
        Assert.Equal(
            _records.Where(r => r.Gender == "f").OrderByDescending(r => r.Age).ThenBy(r => r.Clip, StringComparer.Ordinal)
                .Skip(1).Take(3).Select(r => r.Clip),
            found);
    }

    [Fact]
    public async Task Filters_AreThoseOfLinq()
    {
        using VectorGallery collection = await Filled();
        string wanted = "p1";
        var holder = new { Age = (double?)31 };
        int whole = 32;
        Expression<Func<GalleryRecord, bool>>[] filters =
        [
            r => r.Identity == wanted, r => wanted == r.Identity && r.Modality == "face", r => r.Gender == null || r.Age == 30,
            r => !(r.Clip == "c3") && r.Split != "train", r => r.Age == holder.Age, r => r.Age == whole, r => true,
            r => r.Nationality == null, r => r.Split == string.Empty,
        ];

        foreach (Expression<Func<GalleryRecord, bool>> filter in filters)
        {
            string[] found = await collection.GetAsync(filter, 100).Select(r => r.Key).ToArrayAsync();
            Assert.Equal(_records.Where(filter.Compile()).Select(r => r.Key), found);
        }

        Assert.Equal(
            "The filter has '(r.Age > Convert(30, Nullable`1))'; must be fields of GalleryRecord compared by == or != with values, "
            + "joined by &&, || and !.",
            Assert.Throws<NotSupportedException>(() => collection.GetAsync(r => r.Age > 30.0, 1)).Message);
        Assert.Throws<NotSupportedException>(() => collection.GetAsync(r => r.Clip.StartsWith('c'), 1));
        Assert.Throws<NotSupportedException>(() => collection.GetAsync(r => r.Vector.Length == 3, 1));
    }

    [Theory]
    [InlineData(RankingMetric.Cosine)]
    [InlineData(RankingMetric.InnerProduct)]
    [InlineData(RankingMetric.Euclidean)]
    public async Task Search_IsExact_FiltersPagesAndCuts(RankingMetric metric)
    {
        using VectorGallery collection = await Filled(metric);
        float[] query = [0.3f, -1, 0.5f, 0.7f, -0.2f];
        (GalleryRecord Record, double Score)[] expected =
        [
            .. _records.Where(r => r.Gender == "m").Select(r => (Record: r, Score: Score(metric, query, r.Vector.Span)))
                .OrderBy(match => metric == RankingMetric.Euclidean ? match.Score : -match.Score),
        ];
        var options = new VectorSearchOptions<GalleryRecord>
        {
            Filter = r => r.Gender == "m",
            Skip = 1,
            IncludeVectors = true,
            ScoreThreshold = expected[3].Score + (metric == RankingMetric.Euclidean ? 1e-5 : -1e-5),
        };

        List<VectorSearchResult<GalleryRecord>> found = await collection.SearchAsync(query, 5, options).ToListAsync();

        Assert.Equal(expected[1..4].Select(match => match.Record.Key), found.Select(match => match.Record.Key));
        Assert.All(found.Zip(expected[1..4]), pair => Assert.Equal(pair.Second.Score, pair.First.Score!.Value, 1e-5));
        Assert.Equal(expected[1].Record.Vector.ToArray(), found[0].Record.Vector.ToArray());
        string[] keys = await collection.SearchAsync(new ReadOnlyMemory<float>(query), 99).Select(match => match.Record.Key).ToArrayAsync();
        Assert.Equal(12, keys.Length);
        Assert.Equal(keys, await collection.SearchAsync(new Embedding<float>(query), 99).Select(match => match.Record.Key).ToArrayAsync());
    }

    [Fact]
    public async Task Search_OfAClip_GoesThroughTheGenerator()
    {
        using var generator = new Constant([0, 1, 0, 0, 1]);
        using VectorGallery collection = await Filled(generator: generator);
        var clip = new DataContent(new byte[] { 1, 2 }, "audio/wav");

        Assert.Equal(
            await collection.SearchAsync(new float[] { 0, 1, 0, 0, 1 }, 4).Select(match => match.Record.Key).ToArrayAsync(),
            await collection.SearchAsync(clip, 4).Select(match => match.Record.Key).ToArrayAsync());
        collection.Dispose();
        using VectorGallery without = New(); // one host at a time has a gallery
        Assert.Equal(
            "'searchValue' is a clip, and the collection has no generator; must be a vector, or the collection be made with one.",
            (await Assert.ThrowsAsync<ArgumentException>(() => without.SearchAsync(clip, 1).ToListAsync().AsTask())).Message);
        Assert.Equal(
            "'searchValue' is String; must be ReadOnlyMemory<float>, float[], Embedding<float> or DataContent.",
            (await Assert.ThrowsAsync<ArgumentException>(() => without.SearchAsync("a voice", 1).ToListAsync().AsTask())).Message);
        Assert.Equal(
            "'searchValue' has 2 numbers; must have 5, as the gallery's vectors.",
            (await Assert.ThrowsAsync<ArgumentException>(() => without.SearchAsync(new float[2], 1).ToListAsync().AsTask())).Message);
    }

    [Fact]
    public async Task UpsertAndDelete_ReplaceAndRemoveEveryByte()
    {
        using VectorGallery collection = await Filled();
        GalleryRecord changed = Record(2);
        changed.Nationality = "Freedonia";
        changed.Vector = new float[] { 7, 8, 9, 1, 2 };

        await collection.UpsertAsync(changed);
        await collection.DeleteAsync([_records[3].Key, "face/nobody/x"]);
        await collection.DeleteAsync(_records[4].Key);

        GalleryRecord? replaced = await collection.GetAsync(changed.Key, new RecordRetrievalOptions { IncludeVectors = true });
        Assert.Equal(("Freedonia", 9f), (replaced!.Nationality, replaced.Vector.Span[2]));
        Assert.Null(await collection.GetAsync(_records[3].Key));
        collection.Dispose(); // and with it the writer's lock
        using var gallery = Gallery.Open(Path);
        Assert.Equal(10, gallery.Count);
        byte[] gone = BitConverter.GetBytes(_records[3].Vector.Span[1]);
        Assert.All(Directory.GetFiles(Path), file => Assert.Equal(-1, File.ReadAllBytes(file).AsSpan().IndexOf(gone)));
    }

    [Fact]
    public async Task SearchesAndWrites_AtOnce_GiveWholeAnswers()
    {
        using VectorGallery collection = await Filled();
        using var stop = new CancellationTokenSource();
        Task[] readers = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                int count = await collection.SearchAsync(new float[] { 1, 0, 0, 0, 0 }, 50).CountAsync();
                Assert.Equal(12, count);
            }
        }))];
        for (int i = 0; i < 25; i++)
        {
            await collection.UpsertAsync(Record(i % 12));
        }

        await stop.CancelAsync();
        await Task.WhenAll(readers);
        Assert.Equal(12, await collection.SearchAsync(new float[] { 1, 0, 0, 0, 0 }, 50).CountAsync());
    }

    [Fact]
    public async Task BadRecords_AreRefusedAndNothingIsWritten()
    {
        using VectorGallery collection = await Filled();

        Assert.Equal(
            "A record's Key is 'x'; must be 'face/p0/c0', of its other fields (KeyOf).", await Refused(r => r.Key = "x"));
        Assert.Equal("A record's Modality is 'nose'; must be one of voice, face, joint.", await Refused(r => r.Modality = "nose"));
        Assert.Equal(
            "The vector of 'face/p0/c0' has 2 numbers; must have 5, as the gallery's.", await Refused(r => r.Vector = new float[2]));
        Assert.Equal(
            "'records' has a key twice; must have each key once.",
            (await Assert.ThrowsAsync<ArgumentException>(() => collection.UpsertAsync([Record(0), Record(0)]))).Message);
        await Assert.ThrowsAsync<ArgumentException>(() => collection.UpsertAsync(
            GalleryRecord.Of(Row(1), new float[] { 1, 2, float.NaN, 4, 5 })));
        Assert.Equal(12, await collection.GetAsync(r => true, 99).CountAsync());

        async Task<string> Refused(Action<GalleryRecord> change)
        {
            GalleryRecord record = Record(0);
            change(record);
            return (await Assert.ThrowsAsync<ArgumentException>(() => collection.UpsertAsync(record))).Message;
        }
    }

    [Fact]
    public void KeyOf_ClipsThatCouldBeConfused_AreApart()
    {
        Assert.Equal("voice/a%2Fb/c", GalleryRecord.KeyOf(Modality.Voice, "a/b", "c"));
        Assert.Equal("voice/a/b/c", GalleryRecord.KeyOf(Modality.Voice, "a", "b/c"));
    }

    [Fact]
    public void Definition_HasEveryPropertyOfTheRecord()
    {
        VectorStoreCollectionDefinition definition = GalleryRecord.Definition(7);

        Assert.Equal(
            typeof(GalleryRecord).GetProperties().Select(property => (property.Name, property.PropertyType)),
            definition.Properties.Select(property => (property.Name, property.Type!)));
        Assert.Equal(7, definition.Properties.OfType<VectorStoreVectorProperty>().Single().Dimensions);
    }

    private VectorGallery New(
        RankingMetric metric = RankingMetric.Cosine, IEmbeddingGenerator<DataContent, Embedding<float>>? generator = null)
    {
        string model = _folder["model"];
        if (!Directory.Exists(model))
        {
            ModelFolders.Write(model, ModelFolders.Recipe(recipe => recipe with { Ranking = new RankingOptions { Metric = metric } }));
        }

        _hosts.Add(new ModelHost(new CrossModalVaeOptions { ModelFolder = model }));
        return new VectorGallery(Path, _hosts[^1], generator);
    }

    private async Task<VectorGallery> Filled(
        RankingMetric metric = RankingMetric.Cosine, IEmbeddingGenerator<DataContent, Embedding<float>>? generator = null)
    {
        VectorGallery collection = New(metric, generator);
        await collection.EnsureCollectionExistsAsync();
        await collection.UpsertAsync(_records);
        return collection;
    }

    private static EmbeddingRow Row(int i) => new()
    {
        Identity = $"p{i / 3}",
        Clip = $"c{i}",
        Modality = i % 2 == 0 ? Modality.Face : Modality.Voice,
        Split = i < 6 ? CorpusSplit.Train : CorpusSplit.Test,
        Gender = (i % 3) switch { 0 => "m", 1 => "f", _ => i > 6 ? null : "m" },
        Age = i == 7 ? null : 30 + (i % 4),
    };

    private static GalleryRecord Record(int i) => GalleryRecord.Of(
        Row(i),
        Enumerable.Range(0, Dimension).Select(d => (float)Math.Sin((2.1 * i) + (1.3 * d * (i + 1)) + 0.2)).ToArray());

    private static double Score(RankingMetric metric, ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double dot = 0, xx = 0, yy = 0, squares = 0;
        for (int d = 0; d < x.Length; d++)
        {
            (dot, xx, yy) = (dot + ((double)x[d] * y[d]), xx + ((double)x[d] * x[d]), yy + ((double)y[d] * y[d]));
            squares += ((double)x[d] - y[d]) * ((double)x[d] - y[d]);
        }

        return metric switch
        {
            RankingMetric.Cosine => dot / Math.Sqrt(xx * yy),
            RankingMetric.InnerProduct => dot,
            _ => Math.Sqrt(squares),
        };
    }

    private sealed class Constant(float[] vector) : IEmbeddingGenerator<DataContent, Embedding<float>>
    {
        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
            IEnumerable<DataContent> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
                Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(_ => new Embedding<float>(vector))));

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
