using CrossModalVae.Faces;

namespace CrossModalVae.Pipelines;

/// <summary>
/// A clip's jpg or png frames to face features, the face front end of a recipe as an ML.NET step. The same picture gives the same features,
/// from a file or from memory.
/// <list type="table">
/// <item><term>Learns from data</term><description>no</description></item>
/// <item><term>Input</term><description>String (the path of one frame), Vector&lt;String&gt; (the paths of the clip's frames) or
/// Vector&lt;Byte&gt; (the content of one frame's file); optionally Vector&lt;Single&gt; of any length (their boxes)</description></item>
/// <item><term>Output</term><description>Vector&lt;Single, F&gt;, F = <see cref="FaceFrontEnd.FeatureCount"/></description></item>
/// <item><term>Savable</term><description>no; see <see cref="CrossModalTransformer"/></description></item>
/// </list>
/// Boxes are four numbers a frame, left, top, width and height in pixels of the upright picture (<see cref="FaceBox"/>), all NaN where the
/// whole frame is taken; a row without numbers takes all its frames whole. Empty paths are skipped, with their boxes; a row without any
/// path, or without bytes, is a missing face and gives a vector of NaN, ML.NET's missing value.
/// </summary>
public sealed class FaceTensorEstimator : CrossModalEstimator<FaceTensorTransformer>
{
    private readonly FaceFrontEnd _frontEnd;
    private readonly string? _folder;

    internal FaceTensorEstimator(
        TransformsCatalog transforms, string outputColumn, string inputColumn, string? boxColumn, FaceFrontEnd frontEnd, string? folder)
        : base(
            CatalogEnvironment.Of(transforms),
            boxColumn is null
                ? [new InputColumn(inputColumn, "faces of FaceTensor", InputKind.Pictures)]
                : [
                    new InputColumn(inputColumn, "faces of FaceTensor", InputKind.Pictures),
                    new InputColumn(boxColumn, "face boxes of FaceTensor", InputKind.FloatList),
                ],
            [OutputColumn.FloatVector(outputColumn, frontEnd.FeatureCount)])
    {
        _frontEnd = frontEnd;
        _folder = folder;
    }

    private protected override FaceTensorTransformer FitChecked(IDataView input, CancellationToken cancellationToken) =>
        new(Inputs, Outputs, _frontEnd, _folder);
}
