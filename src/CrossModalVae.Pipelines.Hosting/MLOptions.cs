namespace CrossModalVae.Pipelines.Hosting;

/// <summary>The context of an application's pools, as Microsoft.Extensions.ML has it.</summary>
public sealed class MLOptions
{
    /// <summary>The context that loads models and makes engines; its log goes to the application's. Default a new one.</summary>
    public MLContext MLContext { get; set; } = new();
}
