using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace CrossModalVae.Explore;

/// <summary>
/// Lets in what comes from the page that this program opened, and nothing else: the link's token, a host that is this machine (a name that
/// an attacker's server resolves to 127.0.0.1 is another host), and where a browser says who asks, the page itself. The token is the first
/// part of every path, so that pictures and sounds need no cookie, which other ports of this machine would share.
/// </summary>
/// <param name="token">The token.</param>
/// <param name="port">The port that is listened on, once it is known.</param>
internal sealed class RequestGuard(string token, Func<int> port)
{
    /// <summary>Headers of every answer: nothing from elsewhere is loaded, nothing is kept, and no page has this one in a frame.</summary>
    private static readonly (string Name, string Value)[] Headers =
    [
        // What the page itself may load is in its own policy, which knows its script.
        ("Content-Security-Policy", "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "no-referrer"),
        ("Cache-Control", "no-store"),
    ];

    private readonly byte[] _token = Encoding.UTF8.GetBytes(token);

    /// <summary>Refuses a request, or hands it on with its path behind the token.</summary>
    internal async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        HttpRequest request = context.Request;
        foreach ((string name, string value) in Headers)
        {
            context.Response.Headers[name] = value;
        }

        string[] hosts = [Invariant($"127.0.0.1:{port()}"), Invariant($"localhost:{port()}")];
        string? origin = request.Headers.Origin, site = request.Headers["Sec-Fetch-Site"];
        string path = request.Path.Value ?? "/";
        int end = path.IndexOf('/', 1);
        string given = path[1..(end < 0 ? path.Length : end)], rest = end < 0 ? "" : path[end..];
        (int Status, string Sentence)? refusal =
            !hosts.Contains(request.Host.Value, StringComparer.OrdinalIgnoreCase)
                ? (StatusCodes.Status403Forbidden, $"The host is not this machine; expected {hosts[0]}.")
            : origin is not null && origin != $"http://{request.Host.Value}"
                ? (StatusCodes.Status403Forbidden, "The request comes from another page.")
            : site is not (null or "same-origin" or "none") && rest != "/"
                ? (StatusCodes.Status403Forbidden, "The request comes from another page.")
            : !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), _token)
                ? (StatusCodes.Status403Forbidden, "The link is not of this run of cmvae explore; take the one that it printed.")
            : !(HttpMethods.IsGet(request.Method) || (HttpMethods.IsPost(request.Method) && rest == ExploreServer.DropPath))
                ? (StatusCodes.Status405MethodNotAllowed, "Nothing can be changed here; expected GET.")
            : null;
        if (refusal is (int status, string sentence))
        {
            context.Response.StatusCode = status;
            await context.Response.WriteAsync(sentence, context.RequestAborted);
            return;
        }

        if (rest.Length == 0)
        {
            context.Response.Redirect($"/{given}/"); // links of the page are relative to its folder
            return;
        }

        request.Path = rest;
        await next(context);
    }
}
