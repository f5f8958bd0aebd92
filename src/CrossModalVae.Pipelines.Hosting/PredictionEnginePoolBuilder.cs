using CrossModalVae.Scoring;
using Microsoft.Extensions.DependencyInjection;

namespace CrossModalVae.Pipelines.Hosting;

/// <summary>Says where the models of a pool come from.</summary>
/// <typeparam name="TData">A row of the input.</typeparam>
/// <typeparam name="TPrediction">A row of the output.</typeparam>
public sealed class PredictionEnginePoolBuilder<TData, TPrediction>
    where TData : class
    where TPrediction : class, new()
{
    internal PredictionEnginePoolBuilder(IServiceCollection services) => Services = services;

    /// <summary>The application's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The model that has no name, of a file that <c>ml.Model.SaveBundle</c> wrote.</summary>
    /// <param name="filePath">The file.</param>
    /// <param name="watchForChanges">Whether it is read again when it changes. Default not.</param>
    /// <param name="devices">Where graphs are computed. Default the CPU.</param>
    public PredictionEnginePoolBuilder<TData, TPrediction> FromBundle(
        string filePath, bool watchForChanges = false, DeviceOrder? devices = null) =>
            FromBundle("", filePath, watchForChanges, devices);

    /// <summary>A model with a name, of a file that <c>ml.Model.SaveBundle</c> wrote.</summary>
    /// <param name="modelName">The name.</param>
    /// <param name="filePath">The file.</param>
    /// <param name="watchForChanges">Whether it is read again when it changes. Default not.</param>
    /// <param name="devices">Where graphs are computed. Default the CPU.</param>
    public PredictionEnginePoolBuilder<TData, TPrediction> FromBundle(
        string modelName, string filePath, bool watchForChanges = false, DeviceOrder? devices = null) =>
            From(modelName, filePath, watchForChanges, ml => ml.Model.LoadBundle(filePath, out _, devices));

    /// <summary>The model that has no name, of a file that <c>ml.Model.Save</c> wrote.</summary>
    /// <param name="filePath">The file.</param>
    /// <param name="watchForChanges">Whether it is read again when it changes. Default not.</param>
    public PredictionEnginePoolBuilder<TData, TPrediction> FromFile(string filePath, bool watchForChanges = false) =>
        FromFile("", filePath, watchForChanges);

    /// <summary>A model with a name, of a file that <c>ml.Model.Save</c> wrote.</summary>
    /// <param name="modelName">The name.</param>
    /// <param name="filePath">The file.</param>
    /// <param name="watchForChanges">Whether it is read again when it changes. Default not.</param>
    public PredictionEnginePoolBuilder<TData, TPrediction> FromFile(string modelName, string filePath, bool watchForChanges = false) =>
        From(modelName, filePath, watchForChanges, ml => ml.Model.Load(filePath, out _));

    private PredictionEnginePoolBuilder<TData, TPrediction> From(
        string modelName, string filePath, bool watchForChanges, Func<MLContext, ITransformer> load)
    {
        ArgumentNullException.ThrowIfNull(modelName);
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        Services.AddOptions<PredictionEnginePoolOptions<TData, TPrediction>>(modelName)
            .Configure(options => options.Source = new ModelSource(filePath, watchForChanges, load));
        return this;
    }
}
