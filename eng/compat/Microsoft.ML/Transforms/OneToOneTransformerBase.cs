namespace Microsoft.ML.Data;

/// <summary>A transformer that makes one column from one column, for several of them.</summary>
public abstract class OneToOneTransformerBase : RowToRowTransformerBase
{
    private protected OneToOneTransformerBase()
    {
    }
}
