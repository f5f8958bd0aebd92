namespace Microsoft.ML;

/// <summary>Makes a transformer again from what it saved.</summary>
internal interface IModelLoader
{
    ITransformer Load(MLContext ml, ModelLoadContext context);
}
