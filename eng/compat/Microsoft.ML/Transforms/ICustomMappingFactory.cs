namespace Microsoft.ML.Transforms;

/// <summary>A custom mapping's factory, whatever its row classes are.</summary>
internal interface ICustomMappingFactory
{
    ITransformer CreateTransformer(string contractName);
}
