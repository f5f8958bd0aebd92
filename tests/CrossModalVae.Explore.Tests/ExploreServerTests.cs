using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using CrossModalVae.Models;

namespace CrossModalVae.Explore.Tests;

/// <summary>What the server gives and what it refuses, by HTTP.</summary>
public sealed class ExploreServerTests : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _client = new(new HttpClientHandler { AllowAutoRedirect = false });
    private Explorer _explorer = null!;
    private ExploreServer _server = null!;

    public async Task InitializeAsync()
    {
        // The real clips of the fixtures, by the model that comes with the repository.
        var manifest = ManifestReader.Read(Path.Combine(Fixtures.Grid, "manifest.jsonl"));
        var model = ScoringModel.Load(Repository.File("onnx", "demo"));
        EmbeddingFile.Write(_folder["embeddings"], model.Embed(manifest, [Modality.Voice, Modality.Face]));
        EmbeddingOrigin.Of(model.Card).Write(_folder["embeddings"]);
        _explorer = Explorer.Load(new ExploreOptions { Embeddings = _folder["embeddings"], Manifest = manifest }, model);
        _server = await ExploreServer.StartAsync(_explorer);
        _client.BaseAddress = _server.Link;
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _explorer.Dispose();
    }

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Page_ByTheLink_IsServedWithHeadersThatLetNothingElseIn()
    {
        using HttpResponseMessage answer = await _client.GetAsync("");
        string page = await answer.Content.ReadAsStringAsync();

        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Contains("<title>cmvae explore</title>", page, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", page, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'; script-src 'sha256-", page, StringComparison.Ordinal);
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.Equal(["nosniff"], answer.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(["no-referrer"], answer.Headers.GetValues("Referrer-Policy"));
        Assert.Contains("frame-ancestors 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Matches("^http://127\\.0\\.0\\.1:[0-9]+/[0-9a-f]{32}/$", _server.Link.ToString());
    }

    [Theory]
    [InlineData("GET", "", "Host", "evil.example:{0}", 403, "The host is not this machine; expected 127.0.0.1:{0}.")]
    [InlineData("GET", "data", "Host", "127.0.0.1", 403, "The host is not this machine; expected 127.0.0.1:{0}.")]
    [InlineData("GET", "data", "Origin", "http://evil.example", 403, "The request comes from another page.")]
    [InlineData("GET", "data", "Origin", "null", 403, "The request comes from another page.")]
    [InlineData("GET", "data", "Origin", "http://127.0.0.1:1", 403, "The request comes from another page.")] // another program's page
    [InlineData("POST", "drop", "Origin", "http://evil.example", 403, "The request comes from another page.")]
    [InlineData("GET", "face/0", "Sec-Fetch-Site", "cross-site", 403, "The request comes from another page.")]
    [InlineData("GET", "face/0", "Sec-Fetch-Site", "same-site", 403, "The request comes from another page.")]
    [InlineData("DELETE", "data", "", "", 405, "Nothing can be changed here; expected GET.")]
    [InlineData("PUT", "drop", "", "", 405, "Nothing can be changed here; expected GET.")]
    [InlineData("POST", "data", "", "", 405, "Nothing can be changed here; expected GET.")]
    [InlineData("GET", "nope", "", "", 404, "There is no such page.")]
    [InlineData("GET", "face/..%2f..%2fetc%2fpasswd", "", "", 404, "There is no such page.")]
    [InlineData("GET", "face/54", "", "", 404, "There is no such row.")]
    [InlineData("GET", "nearest/-1", "", "", 404, "There is no such row.")]
    public async Task Request_ThatIsNotThePages_IsRefused(string method, string path, string header, string value, int status, string text)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (header == "Host")
        {
            request.Headers.Host = string.Format(null, value, _server.Link.Port);
        }
        else if (header.Length > 0)
        {
            request.Headers.Add(header, value);
        }

        using HttpResponseMessage answer = await _client.SendAsync(request);

        Assert.Equal(
            (status, string.Format(null, text, _server.Link.Port)),
            ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123456789abcdef0123456789abcdef/")]
    [InlineData("data")]
    [InlineData("favicon.ico")]
    public async Task Request_WithoutTheToken_IsRefused(string path)
    {
        using HttpResponseMessage answer = await _client.GetAsync(new Uri(_server.Link, $"/{path}"));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(
            "The link is not of this run of cmvae explore; take the one that it printed.", await answer.Content.ReadAsStringAsync());
    }

    // From a chat or a web terminal.
    [Fact]
    public async Task Page_ByALinkOnAnotherPage_IsServed()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        using HttpResponseMessage answer = await _client.SendAsync(request);
        using HttpResponseMessage bare = await _client.GetAsync(new Uri(_server.Link.ToString().TrimEnd('/')));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(_server.Link.AbsolutePath, bare.Headers.Location!.ToString());
    }

    [Fact]
    public async Task Server_Listens_OnThisMachineOnly()
    {
        IPAddress[] others =
        [
            .. Dns.GetHostAddresses(Dns.GetHostName()).Where(address => !IPAddress.IsLoopback(address)), IPAddress.Parse("127.0.0.2"),
        ];

        foreach (IPAddress address in others.Where(address => address.AddressFamily == AddressFamily.InterNetwork))
        {
            using var socket = new TcpClient();
            await Assert.ThrowsAnyAsync<SocketException>(() => socket.ConnectAsync(address, _server.Link.Port));
        }
    }

    [Fact]
    public async Task Data_OfTheRows_AreColumns()
    {
        using var data = JsonDocument.Parse(await _client.GetStringAsync("data"));
        JsonElement root = data.RootElement;

        Assert.Equal(_explorer.RowCount, root.GetProperty("clips").GetArrayLength());
        Assert.Equal(_explorer.RowCount, root.GetProperty("x").GetArrayLength());
        Assert.Equal(string.Concat(Enumerable.Repeat("vf", 27)), root.GetProperty("modalities").GetString());
        Assert.Equal(10, root.GetProperty("people").GetArrayLength());
        JsonElement faces = root.GetProperty("face_gallery");
        Assert.Equal((27, 10), (faces.GetProperty("clips").GetInt32(), faces.GetProperty("people").GetInt32()));
        Assert.True(root.GetProperty("faces").GetBoolean() && root.GetProperty("drop").GetBoolean());
        Assert.False(root.TryGetProperty("clusters", out _));
    }

    [Fact]
    public async Task Ranks_AfterAWhile_AreThere()
    {
        JsonElement root;
        do
        {
            using var data = JsonDocument.Parse(await _client.GetStringAsync("ranks"));
            root = data.RootElement.Clone();
        }
        while (!root.TryGetProperty("ranks", out _));

        Assert.Equal(_explorer.Ranks.Ranks, root.GetProperty("ranks").EnumerateArray().Select(rank => rank.GetInt32()));
    }

    [Fact]
    public async Task Media_OfARow_AreItsClips()
    {
        byte[] face = await _client.GetByteArrayAsync("face/1"), sameClip = await _client.GetByteArrayAsync("face/0");
        byte[] voice = await _client.GetByteArrayAsync("voice/0");
        EmbeddingRow row = _explorer.Map.Set.Rows[0];
        Manifest manifest = _explorer.Options.Manifest!;
        Clip clip = manifest.Clips.Single(one => one.Identity == row.Identity && one.Name == row.Clip);

        Assert.Equal(face, sameClip);
        using var picture = SixLabors.ImageSharp.Image.Load(face);
        Assert.InRange(Math.Max(picture.Width, picture.Height), 32, ClipMedia.ServedSide);
        string heard = _folder.Write("heard.wav", voice);
        Assert.Equal(
            CrossModalVae.Audio.AudioFile.Read(manifest.VoicePath(clip)!, clip.StartSeconds, clip.DurationSeconds).Samples.ToArray(),
            CrossModalVae.Audio.AudioFile.Read(heard).Samples.ToArray());
    }

    [Fact]
    public async Task Drop_AClipOfTheCorpus_LandsAmongItsOwnAndRanksAsItDoes()
    {
        Manifest manifest = _explorer.Options.Manifest!;
        Clip clip = manifest.Clips[4]; // rows 8 and 9
        using var voice = JsonDocument.Parse(await DropAsync(await File.ReadAllBytesAsync(manifest.VoicePath(clip)!)));
        using var face = JsonDocument.Parse(await DropAsync(await File.ReadAllBytesAsync(manifest.FacePaths(clip)[0])));

        Assert.Equal("voice", voice.RootElement.GetProperty("modality").GetString());
        Assert.Equal("face", face.RootElement.GetProperty("modality").GetString());
        JsonElement matches = voice.RootElement.GetProperty("nearest").GetProperty("matches");
        int[] found = [.. matches.EnumerateArray().Select(match => match[0].GetInt32())];
        int[] own = [.. _explorer.Nearest.For(8, CancellationToken.None).Matches.Select(match => match.Row)];
        Assert.Equal(own, found.Where(row => row != 9).Take(9).Concat(own[9..])); // its own recording is not left out: it is not known
        double[] xs = [.. Enumerable.Range(0, _explorer.RowCount).Select(row => _explorer.Map.Places[2 * row])];
        Assert.InRange(voice.RootElement.GetProperty("x").GetDouble(), xs.Min(), xs.Max());
    }

    [Theory]
    [InlineData("", "The file is empty; expected a sound (wav) or a picture (jpg, png).")]
    [InlineData("hello, this is a text", "the sound: ")]
    public async Task Drop_NoSoundOrPicture_IsRefusedInOneSentence(string content, string start)
    {
        using var body = new StringContent(content);
        using HttpResponseMessage answer = await _client.PostAsync("drop", body);

        string text = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.StartsWith(start, text, StringComparison.Ordinal);
        Assert.DoesNotContain(" at ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Drop_TooLarge_IsRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "drop");
        request.Content = new ByteArrayContent(new byte[ExploreServer.LargestDrop + 1]);
        request.Headers.ExpectContinue = true; // the answer comes before the body
        using HttpResponseMessage answer = await _client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
        Assert.Equal("The file is too large; expected at most 32 MiB.", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Start_PortInUse_IsRefusedInOneSentence()
    {
        ArgumentException e = await Assert.ThrowsAsync<ArgumentException>(() => ExploreServer.StartAsync(_explorer, _server.Link.Port));

        Assert.True(UserError.IsMarked(e));
        Assert.StartsWith(
            $"The port {_server.Link.Port} is used by another program, perhaps another cmvae explore; choose another, or 0 for a free one.",
            e.Message,
            StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync("data")).StatusCode); // the first one goes on
    }

    [Fact]
    public async Task Media_FileIsMissing_IsSaidAndTheRestIsServed()
    {
        string line = """{"identity":"a","clip":"1","voice":"no.wav","faces":["no.jpg"],"split":"test"}""";
        Manifest manifest = ManifestReader.Read(_folder.Write("m.jsonl", line + "\n"));
        EmbeddingRow[] rows = [ExploreData.Row("a", "1", Modality.Voice), ExploreData.Row("b", "1", Modality.Face)];
        EmbeddingFile.Write(_folder["two"], new EmbeddingSet([1, 0, 0, 1], 2, rows));
        using var explorer = Explorer.Load(new ExploreOptions { Embeddings = _folder["two"], Manifest = manifest });
        await using ExploreServer server = await ExploreServer.StartAsync(explorer);
        using var client = new HttpClient { BaseAddress = server.Link };

        using HttpResponseMessage missing = await client.GetAsync("face/0"), unknown = await client.GetAsync("voice/1");

        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Contains("no.jpg", await missing.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal("The manifest has no such file for the clip.", await unknown.Content.ReadAsStringAsync());
        Assert.Equal("The manifest lacks the clips of 1 of 2 rows; they have no picture and no sound.", explorer.Notes[^1]);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("data")).StatusCode);
    }

    [Fact]
    public void Load_ModelOfOtherEmbeddings_IsRefused()
    {
        EmbeddingFile.Write(_folder["other"], ExploreData.People(4, 1));

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => Explorer.Load(
            new ExploreOptions { Embeddings = _folder["other"] }, ScoringModel.Load(Repository.File("onnx", "demo"))));

        Assert.StartsWith(
            $"{_folder["other"]}: its rows have {ExploreData.Dimension} numbers; expected ", e.Message, StringComparison.Ordinal);
    }

    private async Task<string> DropAsync(byte[] content)
    {
        using var body = new ByteArrayContent(content);
        using HttpResponseMessage answer = await _client.PostAsync("drop", body);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return text;
    }
}
