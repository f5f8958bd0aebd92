using CrossModalVae.Pipelines.Saving;

namespace CrossModalVae.Pipelines;

/// <content>Whole pipelines as one file.</content>
public static partial class CrossModalCatalog
{
    /// <summary>
    /// Saves a fitted pipeline with all that it needs in one file: each of this library's steps with its options, graphs, gallery,
    /// calibration or fitted rows, and each step of ML.NET's as ml.Model.Save saves it. The same pipeline gives the same bytes. The file is
    /// written under a temporary name and renamed; on any failure the old one stays.
    /// </summary>
    /// <param name="catalog">ML.NET's models.</param>
    /// <param name="model">The pipeline, or a single step.</param>
    /// <param name="inputSchema">The schema of its input, to be given back by <see cref="LoadBundle"/>; null where it is not
    /// needed.</param>
    /// <param name="filePath">The file, such as people.cmvae.zip.</param>
    /// <exception cref="NotSupportedException">A step cannot be saved; the message names it and why.</exception>
    /// <exception cref="IOException">The file cannot be written (no permission, disk full), or a graph's file is no longer
    /// there.</exception>
    public static void SaveBundle(
        this ModelOperationsCatalog catalog, ITransformer model, DataViewSchema? inputSchema, string filePath)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        BundleWriter.Write(catalog, model, inputSchema, filePath);
    }

    /// <summary>
    /// Loads a pipeline that <see cref="SaveBundle"/> wrote, in any process, with nothing to be registered first. The hash of every file in
    /// the bundle is checked. Owns native sessions where the pipeline has graphs: dispose it, as (model as IDisposable)?.Dispose().
    /// </summary>
    /// <param name="catalog">ML.NET's models.</param>
    /// <param name="filePath">The file.</param>
    /// <param name="inputSchema">The schema that the pipeline was saved with; null where it was saved without.</param>
    /// <param name="device">Where graphs are computed: the first of these that starts, wherever they were when the pipeline was saved.
    /// Default the CPU.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is no bundle, one of a newer format, or not what was written.</exception>
    /// <exception cref="InvalidOperationException">No device starts; the message names what is missing.</exception>
    public static ITransformer LoadBundle(
        this ModelOperationsCatalog catalog, string filePath, out DataViewSchema inputSchema, DeviceOrder? device = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(filePath);
        return BundleReader.Read(catalog, filePath, device ?? DeviceOrder.Cpu, out inputSchema);
    }
}
