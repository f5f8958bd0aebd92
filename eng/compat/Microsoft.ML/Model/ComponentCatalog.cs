using System.Reflection;

namespace Microsoft.ML.Runtime;

/// <summary>The extension classes that models refer to by contract name.</summary>
public sealed class ComponentCatalog
{
    private readonly HashSet<string> _assemblies = [];
    private readonly Dictionary<(Type Attribute, string Contract), Type> _extensions = [];
    private readonly Lock _lock = new();

    internal ComponentCatalog()
    {
    }

    public void RegisterAssembly(Assembly assembly, bool throwOnError = true)
    {
        Checks.Value(assembly, nameof(assembly));
        lock (_lock)
        {
            if (!_assemblies.Add(assembly.FullName))
                return;
            foreach (var type in assembly.GetTypes().Where(type => type.IsClass))
            {
                foreach (var attribute in type.GetCustomAttributes<ExtensionBaseAttribute>())
                {
                    bool added = _extensions.TryAdd((attribute.GetType(), attribute.ContractName), type);
                    Checks.State(added || !throwOnError, $"An extension for '{attribute.GetType().Name}' with contract "
                        + $"'{attribute.ContractName}' has already been registered in the ComponentCatalog.");
                }
            }
        }
    }

    /// <summary>A new object of the class registered for a contract.</summary>
    internal object Create(Type attribute, string contract)
    {
        lock (_lock)
        {
            return _extensions.TryGetValue((attribute, contract), out var type)
                ? Activator.CreateInstance(type)
                : throw new InvalidOperationException($"Unable to locate an extension for the contract '{contract}'. Ensure you have called "
                    + $"{nameof(ComponentCatalog)}.{nameof(RegisterAssembly)} with the Assembly that contains a class decorated with a "
                    + $"'{attribute.FullName}'.");
        }
    }
}
