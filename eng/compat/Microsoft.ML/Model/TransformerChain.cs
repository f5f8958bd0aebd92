using System.Text.Json.Nodes;

[assembly: Microsoft.ML.ModelLoader(Microsoft.ML.Data.TransformerChain.Signature, typeof(Microsoft.ML.Data.TransformerChain))]

namespace Microsoft.ML.Data;

/// <summary>Saves and loads chains.</summary>
internal sealed class TransformerChain : IModelLoader
{
    public const string Signature = "TransformerChain";

    public static void Save(ModelSaveContext context, ITransformer[] transformers, TransformerScope[] scopes)
    {
        for (int i = 0; i < transformers.Length; i++)
            context.SaveModel(transformers[i], Folder(i));
        context.Write(Signature, new JsonObject
        {
            ["scopes"] = new JsonArray([.. scopes.Select(scope => JsonValue.Create((int)scope))]),
        });
    }

    public ITransformer Load(MLContext ml, ModelLoadContext context)
    {
        TransformerScope[] scopes = [.. context.Fields["scopes"].AsArray().Select(scope => (TransformerScope)scope.GetValue<int>())];
        return new TransformerChain<ITransformer>(scopes.Select((_, i) => context.LoadModel(ml, Folder(i))), scopes);
    }

    private static string Folder(int index) => $"transform-{index:000}";
}
