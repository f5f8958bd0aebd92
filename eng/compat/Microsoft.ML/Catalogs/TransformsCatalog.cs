namespace Microsoft.ML;

/// <summary>What transforms hang on, as extension methods.</summary>
public sealed class TransformsCatalog
{
    internal TransformsCatalog(MLContext environment) => Environment = environment;

    internal MLContext Environment { get; }
}
