using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using CrossModalVae.Calibration;
using CrossModalVae.Embeddings;
using CrossModalVae.Media.Tests.Audio;
using CrossModalVae.Media.Tests.Faces;
using CrossModalVae.Metrics;
using CrossModalVae.Models;
using CrossModalVae.Retrieval;
using FaceVoiceService;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;

namespace CrossModalVae.Hosting.Tests;

/// <summary>samples/Service over HTTP, on Kestrel.</summary>
public sealed class ServiceTests : IAsyncLifetime, IDisposable
{
    private const string Key = "a key of the tests";

    private readonly TemporaryFolder _folder = new();
    private WebApplication? _app;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Rank_EnrolledPeople_AreRankedWithCalibratedProbabilitiesUntilForgotten()
    {
        HttpClient client = await StartAsync($"--Service:VoiceCalibration={Calibration()}");
        for (int i = 0; i < 6; i++)
        {
            using HttpResponseMessage face = await Post(client, $"v1/people/p{i}/faces?clip=f", Clips.Faces[i], "image/jpeg");
            Assert.Equal(HttpStatusCode.Created, face.StatusCode);
        }

        using HttpResponseMessage voice = await Post(client, "v1/people/p0/voices", Clips.Voices[0], "audio/wav");
        EnrolledClip enrolled = (await voice.Content.ReadFromJsonAsync<EnrolledClip>())!;
        Assert.Equal(("p0", "voice", 32), (enrolled.Person, enrolled.Modality, enrolled.Clip.Length));

        RankedPeople ranked = await Rank(client, "v1/rank/voice?count=4", Clips.Voices[0], "audio/wav");
        Assert.Equal(6, ranked.PeopleCount);
        Assert.Equal([1, 2, 3, 4], ranked.People.Select(person => person.Rank));
        Assert.Equal(ranked.People.OrderByDescending(person => person.Score), ranked.People);
        ScoreCalibration calibration = CalibrationFile.Read(_folder["calibration.json"]).For(6);
        Assert.All(ranked.People, person => Assert.Equal(calibration.Probability(person.Score), person.Probability!.Value, 12));
        RankedPeople back = await Rank(client, "v1/rank/face", Clips.Faces[3], "image/jpeg");
        Assert.Equal(("p0", null), (back.People.Single().Person, back.People.Single().Probability));

        string leaves = ranked.People[0].Person;
        using (HttpResponseMessage forgotten = await client.DeleteAsync($"v1/people/{leaves}"))
        {
            Assert.Equal(leaves == "p0" ? 2 : 1, (await forgotten.Content.ReadFromJsonAsync<ForgottenPerson>())!.Removed);
        }

        RankedPeople after = await Rank(client, "v1/rank/voice", Clips.Voices[0], "audio/wav");
        Assert.DoesNotContain(leaves, after.People.Select(person => person.Person));
        Assert.DoesNotContain($"\"{leaves}\"", File.ReadAllText(_folder["gallery", "rows.jsonl"]), StringComparison.Ordinal);
        using HttpResponseMessage again = await client.DeleteAsync($"v1/people/{leaves}");
        Assert.Equal((HttpStatusCode.NotFound, "The gallery has no row of this person."), (again.StatusCode, await Detail(again)));
    }

    [Fact]
    public async Task BadContent_IsAnsweredByAStatusAndASentenceAndTheServiceGoesOn()
    {
        HttpClient client = await StartAsync("--CrossModalVae:MaxContentBytes=60000000");
        byte[] sound = Clips.Voices[0], picture = Clips.Faces[0], twoHours = Silence(2 * 3600 * 8000, 8000);
        (string Path, byte[] Content, string Type, HttpStatusCode Status, string Detail)[] cases =
        [
            ("v1/rank/voice", [], "audio/wav", HttpStatusCode.BadRequest, "The sound: is empty; "),
            ("v1/rank/voice", "hello"u8.ToArray(), "audio/wav", HttpStatusCode.BadRequest, "The sound: byte 0: found 'hell'; "),
            ("v1/rank/voice", picture, "audio/wav", HttpStatusCode.BadRequest, "The sound: "),
            ("v1/rank/voice", sound[..44], "audio/wav", HttpStatusCode.BadRequest, "The sound: "),
            ("v1/rank/voice", Silence(0, 16_000), "audio/wav", HttpStatusCode.BadRequest, "The sound: "),
            ("v1/rank/voice", NotFinite(), "audio/wav", HttpStatusCode.BadRequest, "The sound: "),
            ("v1/rank/voice", twoHours, "audio/wav", HttpStatusCode.RequestEntityTooLarge, "The sound: lasts 7200 s; "),
            ("v1/rank/voice", new byte[60_000_001], "audio/wav", HttpStatusCode.RequestEntityTooLarge, "Request body too large."),
            ("v1/rank/voice", sound, "text/plain", HttpStatusCode.UnsupportedMediaType, ""),
            ("v1/rank/voice?count=many", sound, "audio/wav", HttpStatusCode.BadRequest, "Failed to bind parameter"),
            ("v1/rank/face", Bomb(), "image/png", HttpStatusCode.RequestEntityTooLarge, "The picture: has 62500000 pixels; "),
            ("v1/rank/face", picture[..^200], "image/jpeg", HttpStatusCode.BadRequest, "The picture: "),
            ("v1/rank/face", sound, "image/jpeg", HttpStatusCode.BadRequest, "The picture: "),
            ("v1/people/%07/faces", picture, "image/jpeg", HttpStatusCode.BadRequest, "The person's name is empty, longer than 200 "),
            ("v1/nothing", sound, "audio/wav", HttpStatusCode.NotFound, ""),
        ];
        foreach ((string path, byte[] content, string type, HttpStatusCode status, string detail) in cases)
        {
            using HttpResponseMessage answer = await Post(client, path, content, type);
            string found = await Detail(answer);
            Assert.True(answer.StatusCode == status, $"{path}, {content.Length} bytes: {answer.StatusCode} {found}");
            Assert.StartsWith(detail, found, StringComparison.Ordinal);
        }

        using HttpResponseMessage one = await Post(client, "v1/people/p/faces?clip=c", picture, "image/jpeg");
        using HttpResponseMessage two = await Post(client, "v1/people/p/faces?clip=c", picture, "image/jpeg");
        Assert.Equal(HttpStatusCode.Conflict, two.StatusCode);
        Assert.Equal("The face of 'p/c' is in the gallery already; expected once.", await Detail(two));
        Assert.Single((await Rank(client, "v1/rank/voice", sound, "audio/wav")).People);
    }

    [Fact]
    public async Task ApiKey_MissingOrWrong_IsRefusedEverywhereButWhereAnybodyMayLook()
    {
        HttpClient client = await StartAsync();
        foreach (string? key in new[] { null, "", "another key of the tests", Key + " " })
        {
            using var stranger = new HttpClient { BaseAddress = client.BaseAddress };
            if (key is not null)
            {
                stranger.DefaultRequestHeaders.TryAddWithoutValidation("X-Api-Key", key.TrimEnd() == Key ? $"{key}x" : key);
            }

            foreach (string path in new[] { "v1/model", "metrics", "nothing" })
            {
                using HttpResponseMessage refused = await stranger.GetAsync(path);
                Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            }

            using HttpResponseMessage voice = await Post(stranger, "v1/rank/voice", Clips.Voices[0], "audio/wav");
            Assert.Equal(HttpStatusCode.Unauthorized, voice.StatusCode);
            Assert.Equal("Healthy", await stranger.GetStringAsync("health"));
            Assert.Contains("/v1/rank/voice", await stranger.GetStringAsync("openapi/v1.json"), StringComparison.Ordinal);
            string page = await stranger.GetStringAsync("swagger/index.html");
            Assert.Contains("swagger-ui", page, StringComparison.Ordinal);
            Assert.DoesNotContain("http", page.Replace("http-equiv", "", StringComparison.Ordinal), StringComparison.Ordinal); // no network
        }

        ServedModel served = (await client.GetFromJsonAsync<ServedModel>("v1/model"))!;
        Assert.Equal(("demo", 0, 0), (served.Model.Name, served.Faces, served.Rows));
    }

    [Fact]
    public async Task ApiKey_SwitchedOff_IsNotAskedFor()
    {
        HttpClient client = await StartAsync("--Service:RequireApiKey=false");
        using var anybody = new HttpClient { BaseAddress = client.BaseAddress };

        Assert.Empty((await Rank(anybody, "v1/rank/voice", Clips.Voices[0], "audio/wav")).People);
        string metrics = await anybody.GetStringAsync("metrics");

        Assert.Contains("crossmodalvae_rows_total{", metrics, StringComparison.Ordinal);
        Assert.Contains("modality=\"voice\"", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Overload_IsAnswered429AndALongWait504()
    {
        ModelCard card = ModelFolders.Write(_folder["model"], ModelFolders.Recipe(), seed: 23);
        using var held = new HeldRuns(card.WeightsHash);
        HttpClient client = await StartAsync(
            $"--CrossModalVae:ModelFolder={_folder["model"]}", "--CrossModalVae:QueueLimit=2", "--Service:TimeoutSeconds=2");

        HttpResponseMessage[] answers = await Task.WhenAll(
            Enumerable.Range(0, 5).Select(_ => Post(client, "v1/rank/voice", Clips.Voices[0], "audio/wav")));

        Assert.Equal(2, answers.Count(answer => answer.StatusCode == HttpStatusCode.GatewayTimeout));
        HttpResponseMessage[] refused = [.. answers.Where(answer => answer.StatusCode == HttpStatusCode.TooManyRequests)];
        Assert.Equal(3, refused.Length);
        Assert.Equal(TimeSpan.FromSeconds(1), refused[0].Headers.RetryAfter!.Delta);
        Assert.Equal("2 requests are in flight, as many as the service takes; try again later.", await Detail(refused[0]));
        Assert.Equal("Healthy", await client.GetStringAsync("health"));
        Array.ForEach(answers, answer => answer.Dispose());
        held.Release();
        Assert.Empty((await Rank(client, "v1/rank/voice", Clips.Voices[0], "audio/wav")).People); // those that left hold nothing
    }

    [Fact]
    public async Task ManyCallersThatLeave_CostNothingAfterwards()
    {
        HttpClient client = await StartAsync();
        using var leaving = new CancellationTokenSource();
        Task[] callers =
        [
            .. Enumerable.Range(0, 300).Select(_ => Post(client, "v1/rank/voice", Clips.Voices[0], "audio/wav", leaving.Token)),
        ];
        await Task.Delay(50);
        await leaving.CancelAsync();
        foreach (Task caller in callers)
        {
            await Record.ExceptionAsync(() => caller);
        }

        Assert.Equal(0, (await Rank(client, "v1/rank/voice", Clips.Voices[1], "audio/wav")).PeopleCount);
    }

    [SkippableFact]
    public async Task Enrol_DiskFull_Is507AndTheGalleryIsAsBefore()
    {
        Directory.CreateDirectory(_folder["small"]);
        bool mounted = Environment.IsPrivilegedProcess && Mount("-t", "tmpfs", "-o", "size=64k", "tmpfs", _folder["small"]);
        Tool.Require(mounted, "a file system that the tests may mount");
        try
        {
            HttpClient client = await StartAsync($"--Service:GalleryFolder={_folder["small", "gallery"]}");
            HttpStatusCode status = HttpStatusCode.Created;
            int enrolled = -1;
            while (status == HttpStatusCode.Created)
            {
                enrolled++;
                Assert.True(enrolled < 2000);
                using HttpResponseMessage answer = await Post(
                    client, $"v1/people/p{enrolled}/faces?clip={new string('c', 150)}", Clips.Faces[0], "image/jpeg");
                status = answer.StatusCode;
                if (status != HttpStatusCode.Created)
                {
                    Assert.Equal("The gallery's disk is full.", await Detail(answer));
                }
            }

            Assert.Equal(HttpStatusCode.InsufficientStorage, status);
            Assert.Equal(enrolled, (await client.GetFromJsonAsync<ServedModel>("v1/model"))!.Rows);
            Assert.Equal(enrolled, (await Rank(client, "v1/rank/voice", Clips.Voices[0], "audio/wav")).PeopleCount);
            await _app!.DisposeAsync();
            using var gallery = Gallery.Open(_folder["small", "gallery"]);
            Assert.Equal(enrolled, gallery.Count);
        }
        finally
        {
            Process.Start("umount", [_folder["small"]]).WaitForExit();
        }
    }

    [Fact]
    public void Create_FaultyConfiguration_NamesEveryFault()
    {
        string message = Assert.Throws<ArgumentException>(() => ServiceApplication.Create(["--Service:Prior=1.5"])).Message;

        Assert.Equal(
            "'Service:GalleryFolder' is empty; must name a folder for the gallery. 'Service:ApiKeys' is empty; must have a key "
            + "(environment variable Service__ApiKeys__0), or 'Service:RequireApiKey' must be false. "
            + "'Service:Prior' is 1.5; must be above 0 and below 1.",
            message);
    }

    [Fact]
    public void Create_GalleryOfAnotherModel_IsRefused()
    {
        ModelFolders.Write(_folder["other"], ModelFolders.Recipe(), 11);
        using (var other = new DisposableHost(_folder["other"]))
        {
            GalleryHost.Open(_folder["gallery"], other.Host).Dispose();
        }

        string message = Assert.Throws<InvalidDataException>(() => ServiceApplication.Create(Arguments())).Message;

        Assert.Contains("origin.json: the embeddings are of '", message, StringComparison.Ordinal);
        Assert.Contains("expected those of 'demo', weights ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_CalibrationOfOtherScores_IsRefused()
    {
        string message = Assert.Throws<ArgumentException>(
            () => ServiceApplication.Create([.. Arguments(), $"--Service:FaceCalibration={Calibration()}"])).Message;

        Assert.StartsWith(
            "The calibration is for other scores: direction face-to-voice is asked for, it was fitted to voice-to-face.",
            message,
            StringComparison.Ordinal);
    }

    // 8-bit samples of silence.
    private static byte[] Silence(int samples, uint rate) => WavBytes.Riff(
        WavBytes.Format(rate: rate, bits: 8), WavBytes.Chunk("data", [.. Enumerable.Repeat((byte)128, samples)]));

    // A second of float samples, one of them NaN.
    private static byte[] NotFinite()
    {
        IEnumerable<float> samples = Enumerable.Range(0, 16_000).Select(i => i == 9000 ? float.NaN : MathF.Sin(i / 7f));
        return WavBytes.Riff(
            WavBytes.Format(tag: 3, bits: 32), WavBytes.Chunk("data", [.. samples.SelectMany(BitConverter.GetBytes)]));
    }

    // 62.5 megapixels of black in some kilobytes.
    private static byte[] Bomb()
    {
        const int width = 12_500, height = 5000;
        return
        [
            0x89, .. "PNG\r\n\x1a\n"u8, .. PngFiles.Header(width, height, colour: 0, depth: 8, interlaced: false),
            .. PngFiles.Chunk("IDAT", PngFiles.Deflate(new byte[(1 + width) * height])), .. PngFiles.End(),
        ];
    }

    private static async Task<HttpResponseMessage> Post(
        HttpClient client, string path, byte[] body, string type, CancellationToken cancellationToken = default)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.ExpectContinue = body.Length > 1 << 20; // the refusal comes before the body is sent
        return await client.SendAsync(request, cancellationToken);
    }

    private static async Task<RankedPeople> Rank(HttpClient client, string path, byte[] body, string type)
    {
        using HttpResponseMessage answer = await Post(client, path, body, type);
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}: {await Detail(answer)}");
        return (await answer.Content.ReadFromJsonAsync<RankedPeople>())!;
    }

    private static async Task<string> Detail(HttpResponseMessage answer) => answer.IsSuccessStatusCode
        ? ""
        : (await answer.Content.ReadFromJsonAsync<ProblemDetails>())?.Detail ?? "";

    private static bool Mount(params string[] arguments)
    {
        using var mount = Process.Start(new ProcessStartInfo("mount", arguments) { RedirectStandardError = true })!;
        mount.WaitForExit();
        return mount.ExitCode == 0;
    }

    // Of the demo's model and the real clips: ten people are far too few for good probabilities, and enough to tell them from scores.
    private string Calibration()
    {
        using var model = ScoringModel.Load(Repository.File("onnx", "demo"));
        EmbeddingSet clips = model.Embed(Corpora.ManifestReader.Read(TestFiles.GridManifest), [Modality.Voice, Modality.Face]);
        CalibrationFile.Write(_folder["calibration.json"], Calibrator.Fit(clips, new CalibrationOptions
        {
            Direction = RetrievalDirection.VoiceToFace,
            Metric = model.Recipe.Ranking.Metric,
            Identities = IdentityAggregation.Best,
            Split = Corpora.CorpusSplit.Train,
        }));
        return _folder["calibration.json"];
    }

    private string[] Arguments() =>
    [
        $"--CrossModalVae:ModelFolder={Repository.File("onnx", "demo")}",
        $"--Service:GalleryFolder={_folder["gallery"]}",
        $"--Service:ApiKeys:0={Key}",
        "--urls=http://127.0.0.1:0",
    ];

    private async Task<HttpClient> StartAsync(params string[] more)
    {
        _app = ServiceApplication.Create([.. Arguments(), .. more]);
        await _app.StartAsync();
        var client = new HttpClient { BaseAddress = new Uri(_app.Urls.Single()) };
        client.DefaultRequestHeaders.Add("X-Api-Key", Key);
        return client;
    }

    private sealed class DisposableHost(string folder) : IDisposable
    {
        public ModelHost Host { get; } = new(new CrossModalVaeOptions { ModelFolder = folder });

        public void Dispose() => Host.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
