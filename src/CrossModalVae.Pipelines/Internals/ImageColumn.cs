namespace CrossModalVae.Pipelines.Internals;

/// <summary>
/// Columns of ML.NET's pictures. Their type is in Microsoft.ML.ImageAnalytics, which an application without pictures need not have: it is
/// known by its name here, and only what runs on such a column touches the assembly.
/// </summary>
internal static class ImageColumn
{
    private const string TypeName = "Microsoft.ML.Transforms.Image.ImageDataViewType";

    /// <summary>Whether a column has pictures.</summary>
    public static bool Is(DataViewType type) => type.GetType().FullName == TypeName;
}
