using CrossModalVae.Faces;
using CrossModalVae.Models;
using Microsoft.Extensions.Logging;

namespace CrossModalVae.Hosting.Tests;

public sealed class ModelHostTests : IDisposable
{
    // The same network on one row and on many: a matrix product of one row may add in another order.
    private const float BatchTolerance = 1e-4f;

    private const double Never = 3_600_000; // a delay that no test waits for

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task EmbedAsync_ManyCallersAtOnce_GiveEachItsOwnEmbedding()
    {
        string folder = Model("a", seed: 11);
        using ScoringModel alone = ScoringModel.Load(folder);
        float[][] voices = [.. Clips.Voices.Select(clip => alone.EmbedVoice(clip).Mean)];
        float[][] faces = [.. Clips.Faces.Select(clip => alone.EmbedFace(clip).Mean)];
        await using var host = new ModelHost(
            new CrossModalVaeOptions { ModelFolder = folder, MaxBatchSize = 7 });

        await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
        {
            int clip = i % Clips.Voices.Length;
            AssertClose(voices[clip], (await host.EmbedVoiceAsync(Clips.Voices[clip])).Mean);
            AssertClose(faces[clip], (await host.EmbedFaceAsync(Clips.Faces[clip])).Mean);
        }));
    }

    [Fact]
    public async Task EmbedAsync_RequestsWhileARunIsInProgress_AreOneRun()
    {
        await using var host = new ModelHost(new CrossModalVaeOptions
        {
            ModelFolder = Model("a", seed: 21),
            MaxBatchSize = 8,
            MaxDelayMilliseconds = Never,
        });
        using var held = new HeldRuns(host.Model.WeightsHash);
        Task<HostedPosterior> alone = host.EmbedVoiceAsync(Clips.Voices[0]);
        await held.StartedAsync();
        Task<HostedPosterior>[] eight = [.. Enumerable.Range(0, 8).Select(_ => host.EmbedVoiceAsync(Clips.Voices[0]))];
        if (Environment.ProcessorCount > 1)
        {
            await held.StartedAsync(); // on the second processor
            Assert.Equal([1, 8], held.Sizes);
        }

        held.Release();
        await Task.WhenAll([alone, .. eight]).WaitAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(9, held.Sizes.Sum());
    }

    [Fact]
    public async Task Constructor_OrderOfDevices_LogsTheOneTakenAndTheReasons()
    {
        var log = new ListLogger();
        await using var host = new ModelHost(new CrossModalVaeOptions { ModelFolder = Model("a", seed: 11), Device = "cuda:9, cpu" }, log);

        Assert.Equal("cpu", host.Model.Device);
        Assert.Contains(log.Lines, line => line.Contains(" serves on cpu (cuda:9: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task EmbedAsync_MoreThanTheLimit_IsRefusedAndTheServiceGoesOn()
    {
        await using var host = new ModelHost(new CrossModalVaeOptions
        {
            ModelFolder = Model("a", seed: 22),
            QueueLimit = 3,
        });
        using var held = new HeldRuns(host.Model.WeightsHash);
        Task<HostedPosterior>[] two = [host.EmbedVoiceAsync(Clips.Voices[0]), host.EmbedVoiceAsync(Clips.Voices[0])];
        using var leaving = new CancellationTokenSource();
        Task<HostedPosterior> third = host.EmbedFaceAsync(Clips.Faces[0], cancellationToken: leaving.Token);

        OverloadedException error = await Assert.ThrowsAsync<OverloadedException>(() => host.EmbedVoiceAsync(Clips.Voices[0]));

        Assert.Equal("3 requests are in flight, as many as the service takes; try again later.", error.Message);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third);
        Task<HostedPosterior> last = host.EmbedVoiceAsync(Clips.Voices[0]); // in the place of the one that left
        held.Release();
        await Task.WhenAll([.. two, last]).WaitAsync(TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task EmbedAsync_ThousandCallersThatLeave_CostNothingAfterwards()
    {
        await using var host = new ModelHost(new CrossModalVaeOptions { ModelFolder = Model("a", seed: 11), MaxDelayMilliseconds = 1 });
        using var leaving = new CancellationTokenSource();
        Task[] callers =
            [.. Enumerable.Range(0, 1000).Select(_ => host.EmbedVoiceAsync(Clips.Voices[0], cancellationToken: leaving.Token))];
        await leaving.CancelAsync();
        foreach (Task caller in callers)
        {
            Exception? left = await Record.ExceptionAsync(() => caller); // some were answered before
            Assert.True(left is null or OperationCanceledException, $"{left}");
        }

        HostedPosterior answer = await host.EmbedVoiceAsync(Clips.Voices[1]);

        Assert.Equal(ModelFolders.LatentDimension, answer.Mean.Length);
    }

    [Fact]
    public async Task SwapAsync_WhileRequestsCome_GivesNoMixedAnswerAndNoFailure()
    {
        string[] folders = [Model("a", seed: 11), Model("b", seed: 12)];
        var expected = new Dictionary<string, float[]>();
        foreach (string folder in folders)
        {
            using ScoringModel model = ScoringModel.Load(folder);
            expected[model.Card.WeightsHash] = model.EmbedVoice(Clips.Voices[3]).Mean;
        }

        Assert.Equal(2, expected.Count);
        await using var host = new ModelHost(new CrossModalVaeOptions { ModelFolder = folders[0], MaxDelayMilliseconds = 1 });
        using var stop = new CancellationTokenSource();
        int answers = 0;
        Task[] callers =
        [
            .. Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    HostedPosterior answer = await host.EmbedVoiceAsync(Clips.Voices[3]);
                    AssertClose(expected[answer.WeightsHash], answer.Mean);
                    Interlocked.Increment(ref answers);
                }
            })),
        ];
        for (int swap = 1; swap <= 20; swap++)
        {
            await host.SwapAsync(folders[swap % 2]);
            Assert.Equal(swap + 1, host.Model.Generation);
            int before = Volatile.Read(ref answers);
            while (Volatile.Read(ref answers) < before + 10 && !callers.Any(caller => caller.IsCompleted))
            {
                await Task.Delay(1);
            }
        }

        await stop.CancelAsync();
        await Task.WhenAll(callers);
        Assert.True(answers >= 200, $"{answers} answers");
    }

    [Fact]
    public async Task SwapAsync_ModelThatFailsItsExample_IsRefusedAndTheOldOneStays()
    {
        string good = Model("a", seed: 11), bad = Model("b", seed: 12);
        ModelCard card = ModelCardReader.Read(bad);
        float[] wrong = [.. card.Example!.VoiceMean.Select((value, d) => d == 2 ? value + 0.5f : value)];
        ModelFolders.WriteCard(bad, card with { Example = card.Example with { VoiceMean = wrong } });
        await using var host = new ModelHost(new CrossModalVaeOptions { ModelFolder = good });
        HostedModel before = host.Model;

        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() => host.SwapAsync(bad));

        Assert.Matches(
            $"^{System.Text.RegularExpressions.Regex.Escape(Path.Combine(bad, OnnxContract.VoiceEncoderFile))}: gives [-0-9.E]+ as "
            + "dimension 2 of the card's example; expected [-0-9.E]+, the trainer's\\.$",
            error.Message);
        Assert.Equal(before.WeightsHash, host.Model.WeightsHash);
        Assert.Equal(before.WeightsHash, (await host.EmbedVoiceAsync(Clips.Voices[0])).WeightsHash);
    }

    [Fact]
    public async Task SwapAsync_GraphWithAChangedByte_IsRefusedAndTheOldOneStays()
    {
        string good = Model("a", seed: 11), bad = Model("b", seed: 12);
        string graph = Path.Combine(bad, OnnxContract.FaceEncoderFile);
        byte[] bytes = await File.ReadAllBytesAsync(graph);
        bytes[^20] ^= 1;
        await File.WriteAllBytesAsync(graph, bytes);
        await using var host = new ModelHost(new CrossModalVaeOptions { ModelFolder = good });

        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(() => host.SwapAsync(bad));

        Assert.StartsWith($"{graph}: ", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, host.Model.Generation);
    }

    [Fact]
    public async Task DisposeAsync_WhileRequestsCome_AnswersThoseAndRefusesLaterOnes()
    {
        var host = new ModelHost(new CrossModalVaeOptions { ModelFolder = Model("a", seed: 11) });
        Task<HostedPosterior>[] early = [.. Enumerable.Range(0, 20).Select(_ => host.EmbedVoiceAsync(Clips.Voices[0]))];

        await host.DisposeAsync();

        Assert.All(early, task => Assert.Equal(ModelFolders.LatentDimension, task.Result.Mean.Length));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => host.EmbedVoiceAsync(Clips.Voices[0]));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => host.SwapAsync(_folder["a"]));
        await host.DisposeAsync();
    }

    [Theory]
    [InlineData("no sound", "upload: ")]
    [InlineData("", "upload: is empty; expected the bytes of a sound file.")]
    public async Task EmbedVoiceAsync_NoSound_IsTheCallersFault(string content, string expected)
    {
        await using var host = new ModelHost(new CrossModalVaeOptions { ModelFolder = Model("a", seed: 11) });

        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(
            () => host.EmbedVoiceAsync(System.Text.Encoding.ASCII.GetBytes(content), "upload"));

        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EmbedAsync_TooLarge_IsRefusedUndecoded()
    {
        await using var host = new ModelHost(new CrossModalVaeOptions
        {
            ModelFolder = Model("a", seed: 11),
            MaxContentBytes = 1 << 20,
            MaxSoundSeconds = 2,
            MaxPicturePixels = 5000,
        });
        (int width, int height) = FaceImage.ReadSize(Clips.Faces[0], "");

        Assert.Equal(
            "upload: has 1048577 bytes; expected at most 1048576 bytes.",
            await Refused(() => host.EmbedFaceAsync(new byte[(1 << 20) + 1], "upload")));
        Assert.Equal("upload: lasts 2.98 s; expected at most 2 s.", await Refused(() => host.EmbedVoiceAsync(Clips.Voices[0], "upload")));
        Assert.Equal(
            $"upload: has {width * height} pixels; expected at most 5000 pixels.",
            await Refused(() => host.EmbedFaceAsync(Clips.Faces[0], "upload")));

        static async Task<string> Refused(Func<Task> embed) => (await Assert.ThrowsAsync<ContentTooLargeException>(embed)).Message;
    }

    [Fact]
    public void Constructor_FaultyOptions_NamesEveryFault()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new ModelHost(new CrossModalVaeOptions
        {
            ModelFolder = _folder["none"],
            Device = "gpu",
            MaxBatchSize = 0,
            MaxDelayMilliseconds = double.NaN,
        }));

        Assert.StartsWith(
            $"'ModelFolder' is '{_folder["none"]}', which has no card.json; must name the model folder that 'cmvae export' wrote. "
            + "'Device' is 'gpu'; must be one or more of cpu, cuda, cuda:N, tensorrt and tensorrt:N with N from 0, parted by commas. "
            + "'MaxBatchSize' is 0; must be at least 1. "
            + "'MaxDelayMilliseconds' is NaN; must be at least 0.",
            error.Message,
            StringComparison.Ordinal);
    }

    private string Model(string name, long seed)
    {
        ModelFolders.Write(_folder[name], ModelFolders.Recipe(), seed);
        return _folder[name];
    }

    private static void AssertClose(float[] expected, float[] actual) => Near.AssertEqual(expected, actual, BatchTolerance);

    private sealed class ListLogger : ILogger<ModelHost>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                Lines.Add(formatter(state, exception));
    }
}
