namespace Microsoft.ML;

/// <summary>Says which class of an assembly loads the transformers that were saved under a signature.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class ModelLoaderAttribute(string signature, Type loader) : Attribute
{
    public string Signature => signature;

    public Type Loader => loader;
}
