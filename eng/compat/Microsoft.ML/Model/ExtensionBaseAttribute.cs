namespace Microsoft.ML;

/// <summary>Marks a class that a model refers to by a contract name.</summary>
public abstract class ExtensionBaseAttribute : Attribute
{
    private protected ExtensionBaseAttribute(string contractName) => ContractName = Checks.NonEmpty(contractName, nameof(contractName));

    public string ContractName { get; }
}
