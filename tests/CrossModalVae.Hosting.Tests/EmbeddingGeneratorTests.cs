using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CrossModalVae.Hosting.Tests;

/// <summary>The library as one of an application's services.</summary>
public sealed class EmbeddingGeneratorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public EmbeddingGeneratorTests() => ModelFolders.Write(_folder["model"], ModelFolders.Recipe());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AddCrossModalVae_FromConfiguration_GivesGeneratorsOfOneHost()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Faces:ModelFolder"] = _folder["model"],
            ["Faces:MaxBatchSize"] = "5",
        });
        builder.Services.AddCrossModalVae(builder.Configuration.GetSection("Faces"));
        using IHost app = builder.Build();
        await app.StartAsync();

        var voices = app.Services.GetRequiredKeyedService<IEmbeddingGenerator<DataContent, Embedding<float>>>("voice");
        var faces = app.Services.GetRequiredService<FaceEmbeddingGenerator>();
        GeneratedEmbeddings<Embedding<float>> heard =
            await voices.GenerateAsync([.. Clips.Voices.Take(9).Select(clip => new DataContent(clip, "audio/wav"))]);
        Embedding<float> seen = await faces.GenerateAsync(new DataContent(Clips.Faces[0], "image/jpeg"));

        using ScoringModel model = ScoringModel.Load(_folder["model"]);
        Assert.Equal(9, heard.Count);
        for (int i = 0; i < 9; i++)
        {
            AssertClose(model.EmbedVoice(Clips.Voices[i]).Mean, heard[i].Vector.Span);
        }

        AssertClose(model.EmbedFace(Clips.Faces[0]).Mean, seen.Vector.Span);
        Assert.Equal(5, app.Services.GetRequiredService<IOptions<CrossModalVaeOptions>>().Value.MaxBatchSize);
        Assert.Same(app.Services.GetRequiredService<ModelHost>(), voices.GetService<ModelHost>());
        EmbeddingGeneratorMetadata metadata = voices.GetService<EmbeddingGeneratorMetadata>()!;
        Assert.Equal(("small", (int?)ModelFolders.LatentDimension), (metadata.DefaultModelId, metadata.DefaultModelDimensions));
        await app.StopAsync();
    }

    [Fact]
    public async Task Start_WithoutAModel_NamesTheOption()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddCrossModalVae(options => options.QueueLimit = 0);
        using IHost app = builder.Build();

        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());

        Assert.Equal(
            ["'ModelFolder' is empty; must name the model folder that 'cmvae export' wrote.", "'QueueLimit' is 0; must be at least 1."],
            error.Failures);
    }

    [Fact]
    public async Task Generator_WithCacheAndTelemetry_IsAskedOnce()
    {
        await using var host = new ModelHost(new CrossModalVaeOptions { ModelFolder = _folder["model"] });
        var cache = new CountingCache();
        IEmbeddingGenerator<DataContent, Embedding<float>> generator = new VoiceEmbeddingGenerator(host)
            .AsBuilder()
            .UseDistributedCache(cache)
            .UseOpenTelemetry(sourceName: "test")
            .Build();
        var clip = new DataContent(Clips.Voices[0], "audio/wav");

        Embedding<float> first = await generator.GenerateAsync(clip);
        Embedding<float> second = await generator.GenerateAsync(clip);

        Assert.Equal(first.Vector.ToArray(), second.Vector.ToArray());
        Assert.Equal(1, cache.Stored);
    }

    [Fact]
    public async Task Generator_OtherMediaTypeOrModel_IsRefusedInOneSentence()
    {
        await using var host = new ModelHost(new CrossModalVaeOptions { ModelFolder = _folder["model"] });
        using var voices = new VoiceEmbeddingGenerator(host);
        var mp3 = new DataContent(Clips.Voices[0], "audio/mpeg");
        var wav = new DataContent(Clips.Voices[0], "audio/wav");

        Assert.Equal(
            "A clip's media type is 'audio/mpeg'; must be audio/wav or audio/x-wav or audio/wave or audio/vnd.wave.",
            (await Assert.ThrowsAsync<ArgumentException>(() => voices.GenerateAsync([mp3]))).Message);
        Assert.Equal(
            "Dimensions is 3; must be 5.",
            (await Assert.ThrowsAsync<ArgumentException>(
                () => voices.GenerateAsync([wav], new EmbeddingGenerationOptions { Dimensions = 3 }))).Message);
        Assert.Equal(
            "ModelId is 'other'; must be 'small'.",
            (await Assert.ThrowsAsync<ArgumentException>(
                () => voices.GenerateAsync([wav], new EmbeddingGenerationOptions { ModelId = "other" }))).Message);
    }

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual) => Near.AssertEqual(expected, actual, 1e-4f);

    private sealed class CountingCache : IDistributedCache
    {
        private readonly Dictionary<string, byte[]> _entries = [];

        public int Stored { get; private set; }

        public byte[]? Get(string key) => _entries.GetValueOrDefault(key);

        public Task<byte[]?> GetAsync(string key, CancellationToken token = default) => Task.FromResult(Get(key));

        public void Refresh(string key)
        {
        }

        public Task RefreshAsync(string key, CancellationToken token = default) => Task.CompletedTask;

        public void Remove(string key) => _entries.Remove(key);

        public Task RemoveAsync(string key, CancellationToken token = default) => Task.FromResult(_entries.Remove(key));

        public void Set(string key, byte[] value, DistributedCacheEntryOptions options)
        {
            Stored++;
            _entries[key] = value;
        }

        public Task SetAsync(string key, byte[] value, DistributedCacheEntryOptions options, CancellationToken token = default)
        {
            Set(key, value, options);
            return Task.CompletedTask;
        }
    }
}
