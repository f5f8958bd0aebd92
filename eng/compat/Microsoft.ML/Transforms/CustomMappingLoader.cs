using System.Reflection;

[assembly: Microsoft.ML.ModelLoader(Microsoft.ML.Transforms.CustomMappingLoader.Signature, typeof(Microsoft.ML.Transforms.CustomMappingLoader))]

namespace Microsoft.ML.Transforms;

/// <summary>Finds the factory of a saved custom mapping by its assembly and contract name.</summary>
internal sealed class CustomMappingLoader : IModelLoader
{
    public const string Signature = "CustomTransformer";

    public ITransformer Load(MLContext ml, ModelLoadContext context)
    {
        string contract = context.Text("contract");
        ml.ComponentCatalog.RegisterAssembly(Assembly.Load(context.Text("assembly")));
        return ml.ComponentCatalog.Create(typeof(CustomMappingFactoryAttributeAttribute), contract) is ICustomMappingFactory factory
            ? factory.CreateTransformer(contract)
            : throw new InvalidOperationException(
                $"The class with contract '{contract}' must derive from '{typeof(CustomMappingFactory<,>).FullName}'.");
    }
}
