namespace Microsoft.ML;

/// <summary>What can be written into a model file.</summary>
public interface ICanSaveModel
{
    void Save(ModelSaveContext ctx);
}
