using CrossModalVae;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Hosting;

namespace FaceVoiceService;

/// <summary>What the service answers. Sounds and pictures come as the body of a request, and are not kept.</summary>
internal static class Endpoints
{
    private static readonly string[] Sounds = ["audio/x-wav", "audio/wave", "audio/vnd.wave"];

    public static void Map(WebApplication app)
    {
        RouteGroupBuilder api = app.MapGroup("/v1").WithTags("People");
        Describe(api.MapPost("/rank/voice", RankVoice).Accepts<Stream>("audio/wav", Sounds), "Whose face goes with this voice");
        Describe(api.MapPost("/rank/face", RankFace).Accepts<Stream>("image/jpeg", "image/png"), "Whose voice goes with this face");
        Describe(
            api.MapPost("/people/{person}/voices", EnrolVoice).Accepts<Stream>("audio/wav", Sounds).ProducesProblem(409),
            "Enrol a voice of a person");
        Describe(
            api.MapPost("/people/{person}/faces", EnrolFace).Accepts<Stream>("image/jpeg", "image/png").ProducesProblem(409),
            "Enrol a face of a person");
        api.MapDelete("/people/{person}", Forget).WithSummary("Forget a person: no file keeps a byte of the rows")
            .Produces<ForgottenPerson>().ProducesProblem(404);
        api.MapGet("/model", Model).WithSummary("The model that serves, and how many people it can rank");
    }

    private static async Task<RankedPeople> RankVoice(
        HttpRequest request, ModelHost host, PeopleRanking ranking, int? count, CancellationToken cancellationToken) =>
            ranking.Rank(await Embed(request, host, Modality.Voice, cancellationToken), Modality.Voice, count ?? 10, host.Model);

    private static async Task<RankedPeople> RankFace(
        HttpRequest request, ModelHost host, PeopleRanking ranking, int? count, CancellationToken cancellationToken) =>
            ranking.Rank(await Embed(request, host, Modality.Face, cancellationToken), Modality.Face, count ?? 10, host.Model);

    private static Task<IResult> EnrolVoice(
        string person, HttpRequest request, ModelHost host, GalleryHost gallery, string? clip, CancellationToken cancellationToken) =>
            Enrol(person, clip, Modality.Voice, request, host, gallery, cancellationToken);

    private static Task<IResult> EnrolFace(
        string person, HttpRequest request, ModelHost host, GalleryHost gallery, string? clip, CancellationToken cancellationToken) =>
            Enrol(person, clip, Modality.Face, request, host, gallery, cancellationToken);

    private static async Task<IResult> Enrol(
        string person,
        string? clip,
        Modality modality,
        HttpRequest request,
        ModelHost host,
        GalleryHost gallery,
        CancellationToken cancellationToken)
    {
        RequireName(person, "The person's name");
        clip ??= Guid.CreateVersion7().ToString("N");
        RequireName(clip, "The clip's name");
        HostedPosterior posterior = await Embed(request, host, modality, cancellationToken);
        await gallery.AddAsync(
            new EmbeddingRow { Identity = person, Clip = clip, Modality = modality, Split = CorpusSplit.Test },
            posterior,
            cancellationToken);
        string name = modality == Modality.Voice ? "voice" : "face";
        return TypedResults.Json(new EnrolledClip(person, clip, name), statusCode: StatusCodes.Status201Created);
    }

    private static async Task<IResult> Forget(string person, GalleryHost gallery, CancellationToken cancellationToken)
    {
        int removed = await gallery.ForgetAsync(row => row.Identity == person, cancellationToken);
        return removed > 0
            ? TypedResults.Ok(new ForgottenPerson(removed))
            : TypedResults.Problem("The gallery has no row of this person.", statusCode: StatusCodes.Status404NotFound);
    }

    private static ServedModel Model(ModelHost host, GalleryHost gallery) =>
        new(host.Model, gallery.CountPeople(Modality.Face), gallery.CountPeople(Modality.Voice), gallery.Count);

    private static async Task<HostedPosterior> Embed(
        HttpRequest request, ModelHost host, Modality modality, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream((int)Math.Min(request.ContentLength ?? 0, 1 << 20));
        await request.Body.CopyToAsync(content, cancellationToken);
        ReadOnlyMemory<byte> bytes = content.GetBuffer().AsMemory(0, (int)content.Length);
        return modality == Modality.Voice
            ? await host.EmbedVoiceAsync(bytes, "The sound", cancellationToken)
            : await host.EmbedFaceAsync(bytes, "The picture", cancellationToken);
    }

    private static void RequireName(string name, string what)
    {
        if (name.Length > 200 || string.IsNullOrWhiteSpace(name) || name.Any(char.IsControl))
        {
            throw new InvalidDataException($"{what} is empty, longer than 200 characters or has control characters.");
        }
    }

    private static void Describe(RouteHandlerBuilder endpoint, string summary)
    {
        endpoint.WithSummary(summary);
        foreach (int status in new[] { 400, 401, 413, 415, 429, 504 })
        {
            endpoint.ProducesProblem(status);
        }
    }
}
