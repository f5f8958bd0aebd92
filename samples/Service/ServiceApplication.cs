using System.Text.Json.Serialization;
using CrossModalVae.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.Timeouts;
using OpenTelemetry.Metrics;

namespace FaceVoiceService;

/// <summary>Puts the service together.</summary>
public static class ServiceApplication
{
    /// <summary>The application, with the model and the gallery loaded, ready to run.</summary>
    /// <param name="args">The command line: configuration as --Section:Name value.</param>
    /// <exception cref="ArgumentException">The configuration is faulty; the message names every fault.</exception>
    /// <exception cref="InvalidDataException">The model, the gallery or a calibration is not what it must be.</exception>
    public static WebApplication Create(string[] args)
    {
        // The settings lie beside the program, wherever it is started from.
        WebApplicationBuilder builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        ServiceOptions options = AddOptions(builder);

        builder.Services.AddCrossModalVae(builder.Configuration.GetSection("CrossModalVae"));
        builder.Services.AddSingleton(services => GalleryHost.Open(options.GalleryFolder, services.GetRequiredService<ModelHost>()));
        builder.Services.AddSingleton<PeopleRanking>();

        AddProtection(builder, options);
        builder.Services.AddProblemDetails();
        builder.Services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true); // FaultAnswers says what is wrong
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict);
        builder.Services.AddExceptionHandler<FaultAnswers>();
        builder.Services.AddHealthChecks();
        builder.Services.AddOpenApi("v1", ApiKeyDocument.Describe);
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(BatchMetrics.MeterName, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
            .AddPrometheusExporter());

        WebApplication app = builder.Build();
        _ = app.Services.GetRequiredService<PeopleRanking>(); // model, gallery, calibrations: before the first request
        app.UseExceptionHandler();
        app.UseStatusCodePages();
        app.UseSwaggerUI(page => page.SwaggerEndpoint("/openapi/v1.json", "v1")); // before authorization: anybody may read it
        app.UseRequestTimeouts();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapHealthChecks("/health").AllowAnonymous();
        app.MapPrometheusScrapingEndpoint("/metrics");
        app.MapOpenApi().AllowAnonymous();
        Endpoints.Map(app);
        return app;
    }

    private static ServiceOptions AddOptions(WebApplicationBuilder builder)
    {
        IConfigurationSection section = builder.Configuration.GetSection("Service");
        ServiceOptions options = section.Get<ServiceOptions>() ?? new ServiceOptions();
        string[] faults = [.. options.Faults()];
        if (faults.Length > 0)
        {
            throw new ArgumentException(string.Join(' ', faults));
        }

        builder.Services.AddSingleton(options);
        return options;
    }

    private static void AddProtection(WebApplicationBuilder builder, ServiceOptions options)
    {
        var limits = new CrossModalVaeOptions();
        builder.Configuration.GetSection("CrossModalVae").Bind(limits);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = limits.MaxContentBytes);
        builder.Services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds),
        });
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider(); // authentication brings it; a key signs nothing here
        builder.Services.AddAuthentication(ApiKeyAuthentication.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null);
        builder.Services.AddAuthorization(authorization =>
        {
            if (options.RequireApiKey)
            {
                authorization.FallbackPolicy = authorization.DefaultPolicy; // every endpoint, but those that allow anybody
            }
        });
    }
}
