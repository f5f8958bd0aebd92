using CrossModalVae.Faces;
using CrossModalVae.Pipelines.Saving;

namespace CrossModalVae.Pipelines;

/// <summary>
/// A clip's frames to face features, the face front end of a recipe as an ML.NET step. The same picture gives the same features, from a
/// file, from memory, or as pixels of what a lossless file holds.
/// <list type="table">
/// <item><term>Learns from data</term><description>no</description></item>
/// <item><term>Input</term><description>String (the path of one jpg or png frame), Vector&lt;String&gt; (the paths of the clip's
/// frames), Vector&lt;Byte&gt; (the content of one frame's file) or Image (<see cref="MLImage"/>, the pixels of one upright frame; alpha is
/// dropped); optionally Vector&lt;Single&gt; of any length (their boxes)</description></item>
/// <item><term>Output</term><description>Vector&lt;Single, F&gt;, F = <see cref="FaceFrontEnd.FeatureCount"/></description></item>
/// <item><term>Savable</term><description>in a bundle; see <see cref="CrossModalCatalog.SaveBundle"/></description></item>
/// </list>
/// Boxes are four numbers a frame, left, top, width and height in pixels of the upright picture (<see cref="FaceBox"/>), all NaN where the
/// whole frame is taken; a row without numbers takes all its frames whole. Empty paths are skipped, with their boxes; a row without any
/// path, without bytes or picture, is a missing face and gives a vector of NaN, ML.NET's missing value.
/// </summary>
public sealed class FaceTensorEstimator : CrossModalEstimator<FaceTensorTransformer>
{
    private readonly FaceStep _step;

    internal FaceTensorEstimator(TransformsCatalog transforms, string outputColumn, string inputColumn, string? boxColumn, FaceStep step)
        : base(
            CatalogEnvironment.Of(transforms),
            Columns(inputColumn, boxColumn),
            [OutputColumn.FloatVector(outputColumn, step.FrontEnd.FeatureCount)]) => _step = step;

    internal static IReadOnlyList<InputColumn> Columns(string input, string? boxes) =>
    [
        new InputColumn(input, "faces of FaceTensor", InputKind.Pictures),
        .. boxes is null ? Array.Empty<InputColumn>() : [new InputColumn(boxes, "face boxes of FaceTensor", InputKind.FloatList)],
    ];

    private protected override FaceTensorTransformer FitChecked(IDataView input, CancellationToken cancellationToken) =>
        new(Inputs, Outputs, _step);
}

/// <summary>The face front end of a step, and where its parts come from.</summary>
internal sealed record FaceStep(FaceOptions Options, FaceFrontEnd FrontEnd, string? Folder)
{
    /// <summary>The network's graph; null where the options have none.</summary>
    public GraphFile? Graph { get; init; } = Options.Encoder?.Path is { Length: > 0 } path ? new GraphFile(path) : null;

    /// <summary>The network, where it was opened for this step.</summary>
    public IDisposable? Owned { get; init; }
}
