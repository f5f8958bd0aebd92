using CrossModalVae.Pipelines.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds pooled prediction engines to an application's services.</summary>
public static class PredictionEnginePoolServices
{
    /// <summary>
    /// Adds a <see cref="PredictionEnginePool{TData, TPrediction}"/>, one for the application. Models are read when the first engine of
    /// them is asked for.
    /// </summary>
    /// <typeparam name="TData">A row of the input.</typeparam>
    /// <typeparam name="TPrediction">A row of the output.</typeparam>
    /// <param name="services">The application's services.</param>
    /// <returns>Says where the models come from.</returns>
    public static PredictionEnginePoolBuilder<TData, TPrediction> AddPredictionEnginePool<TData, TPrediction>(
        this IServiceCollection services)
        where TData : class
        where TPrediction : class, new()
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions();
        services.TryAddSingleton<PredictionEnginePool<TData, TPrediction>>();
        return new PredictionEnginePoolBuilder<TData, TPrediction>(services);
    }
}
