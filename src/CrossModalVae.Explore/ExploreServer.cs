using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CrossModalVae.Explore;

/// <summary>
/// Serves an explorer's page on 127.0.0.1. Reading only: nothing is written, and no file is opened but those of the manifest. Ranks of the
/// right person are computed beside it. Closing the browser leaves it running; a second page is served as the first one is.
/// </summary>
public sealed class ExploreServer : IAsyncDisposable
{
    /// <summary>Where the page sends a file that was dropped on it.</summary>
    internal const string DropPath = "/drop";

    /// <summary>The largest file that can be dropped, in bytes.</summary>
    internal const int LargestDrop = 32 << 20;

    private const int TokenBytes = 16;

    private readonly Explorer _explorer;
    private readonly WebApplication _application;
    private readonly CancellationTokenSource _stop;
    private readonly SemaphoreSlim _dropping = new(1);
    private readonly string _token = RandomNumberGenerator.GetHexString(2 * TokenBytes, lowercase: true);
    private int _port;
    private Task _ranks = Task.CompletedTask;

    private ExploreServer(Explorer explorer, int port, CancellationToken cancellationToken)
    {
        _explorer = explorer;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // Empty: no settings of the environment or the folder can open it to others.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestDrop;
        });
        builder.Services.AddRoutingCore();
        _application = builder.Build();
        var guard = new RequestGuard(_token, () => _port);
        _application.Use(next => context => guard.InvokeAsync(context, next));
        _application.Use(next => context => AnswerFaultsAsync(context, next));
        _application.UseRouting();
        Map(_application);
    }

    /// <summary>The page's link, with its token.</summary>
    public Uri Link => new(Invariant($"http://127.0.0.1:{_port}/{_token}/"));

    /// <summary>Starts to serve.</summary>
    /// <param name="explorer">What is looked into; it must not be disposed before the server.</param>
    /// <param name="port">The port, 0 for any free one.</param>
    /// <param name="cancellationToken">Stops the start, and the computation of ranks.</param>
    /// <exception cref="ArgumentException">Another program listens on the port, or it is not for everybody to use.</exception>
    public static async Task<ExploreServer> StartAsync(Explorer explorer, int port = 0, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(explorer);
        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, IPEndPoint.MaxPort);
        var server = new ExploreServer(explorer, port, cancellationToken);
        try
        {
            await server._application.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException or SocketException)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw UserError.Mark(new ArgumentException(
                Invariant($"The port {port} is used by another program, perhaps another cmvae explore; ")
                    + "choose another, or 0 for a free one.",
                nameof(port)));
        }
        catch (SocketException e)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw UserError.Mark(new ArgumentException(Invariant($"The port {port} cannot be used: {e.Message}."), nameof(port)));
        }

        IServerAddressesFeature listening = server._application.Services.GetRequiredService<IServer>().Features
            .Get<IServerAddressesFeature>()!;
        server._port = new Uri(listening.Addresses.Single()).Port;
        server._ranks = Task.Run(() => explorer.ComputeRanks(null, server._stop.Token), CancellationToken.None);
        return server;
    }

    /// <summary>Serves until it is cancelled.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="Exception">The ranks could not be computed; it is a defect.</exception>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        Task stopped = Task.Delay(Timeout.Infinite, cancellationToken);
        if (await Task.WhenAny(stopped, _ranks).ConfigureAwait(false) == _ranks)
        {
            await _ranks.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_ranks.Exception is AggregateException defect)
            {
                throw defect;
            }

            await stopped.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Stops serving; open connections are closed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _ranks.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using (var atOnce = new CancellationTokenSource(TimeSpan.FromSeconds(1)))
        {
            await _application.StopAsync(atOnce.Token).ConfigureAwait(false);
        }

        await _application.DisposeAsync().ConfigureAwait(false);
        _dropping.Dispose();
        _stop.Dispose();
    }

    private void Map(WebApplication application)
    {
        byte[] page = Page.Served;
        application.MapGet("/", (RequestDelegate)(context => BytesAsync(context, "text/html; charset=utf-8", page)));
        application.MapGet("/data", (RequestDelegate)(context => JsonAsync(context, _explorer.WriteData)));
        application.MapGet("/ranks", (RequestDelegate)(context => JsonAsync(
            context, writer => PageData.WriteRanks(writer, _explorer.Ranks))));
        application.MapGet("/nearest/{row:int}", (RequestDelegate)(context => JsonAsync(
            context, writer => PageData.Write(writer, _explorer.Nearest.For(Row(context), context.RequestAborted)))));
        application.MapGet("/face/{row:int}", (RequestDelegate)(context => MediaAsync(
            context,
            "image/jpeg",
            (media, row) => media.Face(row, ClipMedia.ServedSide, context.RequestAborted))));
        application.MapGet("/voice/{row:int}", (RequestDelegate)(context => MediaAsync(
            context,
            "audio/wav",
            (media, row) => media.Voice(row, ClipMedia.ServedSeconds, ClipMedia.ServedHz, context.RequestAborted))));
        application.MapPost(DropPath, (RequestDelegate)DropAsync);
    }

    private async Task DropAsync(HttpContext context)
    {
        if (_explorer.Dropped is not DroppedClips dropped)
        {
            throw new NotHereException("Files cannot be embedded: cmvae explore was started without --model.");
        }

        using var content = new MemoryStream((int)Math.Min(context.Request.ContentLength ?? 0, LargestDrop));
        await context.Request.Body.CopyToAsync(content, context.RequestAborted);
        if (content.Length == 0)
        {
            throw new InvalidDataException("The file is empty; expected a sound (wav) or a picture (jpg, png).");
        }

        // One at a time: each takes all processors.
        await _dropping.WaitAsync(context.RequestAborted);
        try
        {
            (Modality modality, double x, double y, NearestClips clips) =
                dropped.Embed(content.GetBuffer().AsMemory(0, (int)content.Length));
            await JsonAsync(context, writer => PageData.Write(writer, modality, x, y, clips));
        }
        finally
        {
            _dropping.Release();
        }
    }

    private Task MediaAsync(HttpContext context, string type, Func<ClipMedia, EmbeddingRow, byte[]?> read)
    {
        EmbeddingRow row = _explorer.Map.Set.Rows[Row(context)];
        byte[] bytes = (_explorer.Media is ClipMedia media ? read(media, row) : null)
            ?? throw new NotHereException("The manifest has no such file for the clip.");
        return BytesAsync(context, type, bytes);
    }

    private int Row(HttpContext context) =>
        int.TryParse((string?)context.GetRouteValue("row"), NumberStyles.None, CultureInfo.InvariantCulture, out int row)
            && row < _explorer.RowCount
                ? row
                : throw new NotHereException("There is no such row.");

    private static async Task JsonAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            write(writer);
        }

        await BytesAsync(context, "application/json", stream.GetBuffer().AsMemory(0, (int)stream.Length));
    }

    private static async Task BytesAsync(HttpContext context, string type, ReadOnlyMemory<byte> bytes)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    // One sentence and a status; a fault of ours too, so that the page can show it.
    private static async Task AnswerFaultsAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
            if (context.Response is { StatusCode: StatusCodes.Status404NotFound, HasStarted: false })
            {
                await context.Response.WriteAsync("There is no such page.", context.RequestAborted);
            }
        }
        catch (Exception e) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            (context.Response.StatusCode, string sentence) = e switch
            {
                NotHereException or FileNotFoundException or DirectoryNotFoundException => (StatusCodes.Status404NotFound, e.Message),
                BadHttpRequestException bad => (bad.StatusCode, $"The file is too large; expected at most {LargestDrop >> 20} MiB."),
                InvalidDataException => (StatusCodes.Status400BadRequest, e.Message),
                IOException or UnauthorizedAccessException => (StatusCodes.Status404NotFound, e.Message),
                _ => (StatusCodes.Status500InternalServerError, $"Internal error; please report it. {e}"),
            };
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(sentence, context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The browser was closed, or went on to another clip.
        }
    }

    /// <summary>What was asked for is not there.</summary>
    private sealed class NotHereException(string message) : Exception(message);
}
