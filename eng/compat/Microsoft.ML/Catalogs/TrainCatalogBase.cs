namespace Microsoft.ML;

/// <summary>What the catalogs of trainers share.</summary>
public abstract class TrainCatalogBase
{
    private protected TrainCatalogBase()
    {
    }
}
