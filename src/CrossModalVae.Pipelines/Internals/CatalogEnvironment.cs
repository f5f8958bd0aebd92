using System.Runtime.CompilerServices;
using Microsoft.ML.Runtime;

namespace CrossModalVae.Pipelines.Internals;

/// <summary>
/// The environment of the caller's MLContext, for its log and its seed. ML.NET's catalogs hand it to ML.NET's own assemblies only, by an
/// interface that is not public.
/// </summary>
internal static class CatalogEnvironment
{
    private const string Getter = "Microsoft.ML.Data.IInternalCatalog.get_Environment";

    public static IHostEnvironment Of(TransformsCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return Get(catalog);
    }

    public static IHostEnvironment Of(TrainCatalogBase.CatalogInstantiatorBase catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return Get(catalog);
    }

    /// <summary>Writes a line to the context's log.</summary>
    public static void Log(this IHostEnvironment environment, string step, string message)
    {
        using IChannel channel = environment.Start(step);
        channel.Info(MessageSensitivity.None, message);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = Getter)]
    private static extern IHostEnvironment Get(TransformsCatalog catalog);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = Getter)]
    private static extern IHostEnvironment Get(TrainCatalogBase.CatalogInstantiatorBase catalog);
}
