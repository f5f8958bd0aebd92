using CrossModalVae.Hosting;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the library to an application's services.</summary>
public static class CrossModalVaeServices
{
    /// <summary>
    /// Adds a <see cref="ModelHost"/>, <see cref="VoiceEmbeddingGenerator"/> and <see cref="FaceEmbeddingGenerator"/> (also as keyed
    /// IEmbeddingGenerator of DataContent, keys "voice" and "face"), one each for the application. Options are checked when it starts.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configuration">The section that holds <see cref="CrossModalVaeOptions"/>.</param>
    public static IServiceCollection AddCrossModalVae(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return services.AddCrossModalVae(options => configuration.Bind(options));
    }

    /// <summary>The same with options set by code.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options.</param>
    public static IServiceCollection AddCrossModalVae(this IServiceCollection services, Action<CrossModalVaeOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<CrossModalVaeOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<CrossModalVaeOptions>, OptionsCheck>());
        services.TryAddSingleton(provider => new ModelHost(
            provider.GetRequiredService<IOptions<CrossModalVaeOptions>>().Value,
            provider.GetService<Logging.ILogger<ModelHost>>()));
        services.TryAddSingleton<VoiceEmbeddingGenerator>();
        services.TryAddSingleton<FaceEmbeddingGenerator>();
        services.TryAddKeyedSingleton<IEmbeddingGenerator<DataContent, Embedding<float>>>(
            "voice", (provider, _) => provider.GetRequiredService<VoiceEmbeddingGenerator>());
        services.TryAddKeyedSingleton<IEmbeddingGenerator<DataContent, Embedding<float>>>(
            "face", (provider, _) => provider.GetRequiredService<FaceEmbeddingGenerator>());
        return services;
    }

    private sealed class OptionsCheck : IValidateOptions<CrossModalVaeOptions>
    {
        public ValidateOptionsResult Validate(string? name, CrossModalVaeOptions options)
        {
            string[] faults = [.. options.Faults()];
            return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }
    }
}
