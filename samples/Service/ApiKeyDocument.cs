using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace FaceVoiceService;

/// <summary>What the OpenAPI document says beyond the endpoints: a title, and the header of the key.</summary>
internal static class ApiKeyDocument
{
    public static void Describe(OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        document.Info.Title = "Whose face goes with this voice";
        document.Info.Description = "Scores are no evidence that a voice belongs to a face; see the project's limits and misuse.";
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [ApiKeyAuthentication.SchemeName] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = ApiKeyAuthentication.HeaderName,
            },
        };
        document.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(ApiKeyAuthentication.SchemeName, document)] = [] },
        ];
        return Task.CompletedTask;
    });
}
