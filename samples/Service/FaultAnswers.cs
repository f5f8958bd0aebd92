using CrossModalVae.Hosting;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;

namespace FaceVoiceService;

/// <summary>Faults as answers: a status code and one sentence. Others are the service's own: 500, without their text.</summary>
internal sealed class FaultAnswers(IProblemDetailsService problems) : IExceptionHandler
{
    private const int NoSpaceLeft = 28; // ENOSPC

    public async ValueTask<bool> TryHandleAsync(HttpContext context, Exception exception, CancellationToken cancellationToken)
    {
        (int status, string? sentence) = exception switch
        {
            ContentTooLargeException => (StatusCodes.Status413PayloadTooLarge, exception.Message),
            OverloadedException => (StatusCodes.Status429TooManyRequests, exception.Message),
            InvalidDataException => (StatusCodes.Status400BadRequest, exception.Message),
            ArgumentException twice => (StatusCodes.Status409Conflict, Sentence(twice)), // the clip is there already
            BadHttpRequestException bad => (bad.StatusCode, bad.Message),
            IOException when IsDiskFull(exception) => (StatusCodes.Status507InsufficientStorage, "The gallery's disk is full."),
            _ => (0, null),
        };
        if (status == 0)
        {
            return false;
        }

        if (status == StatusCodes.Status429TooManyRequests)
        {
            context.Response.Headers.RetryAfter = "1";
        }

        context.Response.StatusCode = status;
        return await problems.TryWriteAsync(new ProblemDetailsContext
        {
            HttpContext = context,
            ProblemDetails = new ProblemDetails { Status = status, Detail = sentence },
        });
    }

    private static string Sentence(ArgumentException e) => e.Message.Replace($" (Parameter '{e.ParamName}')", "", StringComparison.Ordinal);

    private static bool IsDiskFull(Exception? e) => e is not null && (e.HResult == NoSpaceLeft || IsDiskFull(e.InnerException));
}
