namespace Microsoft.ML;

/// <summary>What clustering hangs on, as extension methods.</summary>
public sealed class ClusteringCatalog : TrainCatalogBase
{
    internal ClusteringCatalog()
    {
    }
}
