using System.Reflection;

namespace Microsoft.ML.Data;

/// <summary>Calls a generic method with type arguments that are known at run time only.</summary>
internal static class Generic
{
    /// <summary>
    /// Closes the private generic method <paramref name="name"/> of <paramref name="target"/> (or of that type, where static) over
    /// <paramref name="types"/> and calls it; what it throws comes out as it is.
    /// </summary>
    public static object Call(object target, Type declaring, string name, Type[] types, params object[] arguments)
    {
        var method = declaring.GetMethod(name, BindingFlags.Instance | BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            ?? throw new MissingMethodException(declaring.FullName, name);
        return method.MakeGenericMethod(types).Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
    }
}
