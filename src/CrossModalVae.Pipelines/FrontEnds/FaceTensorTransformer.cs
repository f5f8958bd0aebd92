using CrossModalVae.Faces;
using CrossModalVae.Features;
using CrossModalVae.Pipelines.FrontEnds;
using CrossModalVae.Pipelines.Saving;

namespace CrossModalVae.Pipelines;

/// <summary>A clip's frames to face features; see <see cref="FaceTensorEstimator"/>.</summary>
public sealed class FaceTensorTransformer : CrossModalTransformer, IDisposable
{
    internal const string Kind = "face-tensor";

    private readonly FaceStep _step;
    private readonly FaceFrontEnd _frontEnd;
    private readonly string? _folder;

    internal FaceTensorTransformer(IReadOnlyList<InputColumn> inputs, IReadOnlyList<OutputColumn> outputs, FaceStep step)
        : base(inputs, outputs) => (_step, _frontEnd, _folder) = (step, step.FrontEnd, step.Folder);

    /// <summary>F, values of a face's features.</summary>
    public int FeatureCount => _frontEnd.FeatureCount;

    /// <summary>Releases the network of a front end that was loaded from a bundle; one that was passed in stays open.</summary>
    public void Dispose() => _step.Owned?.Dispose();

    internal static FaceTensorTransformer Load(BundleStep step, BundleReader reader)
    {
        Saved saved = step.Read<Saved>();
        (Recipe recipe, FrozenEncoders encoders, IDisposable? owned) = saved.FrontEnd.Load(reader);
        var loaded = new FaceStep(recipe.Face, new FaceFrontEnd(recipe.Face, encoders.Face), saved.Folder)
        {
            Graph = saved.FrontEnd.Graph is null ? null : reader.GraphFile(saved.FrontEnd.Graph),
            Owned = owned,
        };
        return new FaceTensorTransformer(
            FaceTensorEstimator.Columns(saved.Columns.Inputs[0], saved.Columns.Inputs.Skip(1).FirstOrDefault()),
            [OutputColumn.FloatVector(saved.Columns.Outputs[0], loaded.FrontEnd.FeatureCount)],
            loaded);
    }

    internal override BundleStep Save(BundleWriter writer) => BundleStep.Of(Kind, new Saved(
        SavedColumns.Of(this), SavedFrontEnd.Of(new Recipe { Name = "", Face = _step.Options }, _step.Graph, writer), _folder));

    private sealed record Saved(SavedColumns Columns, SavedFrontEnd FrontEnd, string? Folder = null);

    internal override int BlockSize => ExtractionBlock.Size(FeatureCount);

    internal override BlockKernel CreateKernel(DataViewRow input, int capacity, Predicate<int> isNeeded)
    {
        string? boxColumn = Inputs.ElementAtOrDefault(1)?.Name;
        Func<FaceBox?[]> boxes = boxColumn is null ? () => [] : Boxes(input, input.Schema[boxColumn]);
        var rows = new FaceRows(_frontEnd, _folder, boxColumn);
        DataViewSchema.Column column = input.Schema[Inputs[0].Name];
        if (column.Type is VectorDataViewType vector && vector.ItemType == NumberDataViewType.Byte)
        {
            Func<byte[]> bytes = ColumnReader.Vector<byte>(input, column);
            return new ExtractionKernel(
                capacity, FeatureCount, () => rows.Of(bytes(), boxes(), ExtractionBlock.RowName(column.Name, input)));
        }

        if (ImageColumn.Is(column.Type))
        {
            Func<FaceImage?> picture = PictureReader.Of(input, column);
            return new ExtractionKernel(
                capacity, FeatureCount, () => rows.Of(picture(), boxes(), ExtractionBlock.RowName(column.Name, input)));
        }

        Func<string[]> paths = Paths(input, column);
        return new ExtractionKernel(capacity, FeatureCount, () => rows.Of(paths(), boxes()));
    }

    private static Func<FaceBox?[]> Boxes(DataViewRow input, DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<float>> getter = input.GetGetter<VBuffer<float>>(column);
        VBuffer<float> numbers = default;
        return () =>
        {
            getter(ref numbers);
            return BoxColumn.Read(column.Name, [.. numbers.DenseValues()]);
        };
    }

    private static Func<string[]> Paths(DataViewRow input, DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType)
        {
            Func<string> one = ColumnReader.Text(input, column);
            return () => [one()];
        }

        Func<ReadOnlyMemory<char>[]> many = ColumnReader.Vector<ReadOnlyMemory<char>>(input, column);
        return () => [.. many().Select(path => path.ToString())];
    }
}
