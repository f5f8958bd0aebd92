using CrossModalVae.Faces;
using CrossModalVae.Features;
using CrossModalVae.Pipelines.FrontEnds;
using CrossModalVae.Pipelines.Saving;
using Microsoft.ML.Transforms.Image;

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
        Func<FaceBox?[]> boxes = Inputs.Count > 1 ? Boxes(input, input.Schema[Inputs[1].Name]) : () => [];
        DataViewSchema.Column column = input.Schema[Inputs[0].Name];
        if (column.Type is VectorDataViewType vector && vector.ItemType == NumberDataViewType.Byte)
        {
            Func<byte[]> bytes = ColumnReader.Vector<byte>(input, column);
            return new ExtractionKernel(
                capacity, FeatureCount, () => Frame(bytes(), boxes(), ExtractionBlock.RowName(column.Name, input)));
        }

        if (column.Type is ImageDataViewType)
        {
            Func<FaceImage?> picture = PictureReader.Of(input, column);
            return new ExtractionKernel(
                capacity, FeatureCount, () => Frame(picture(), boxes(), ExtractionBlock.RowName(column.Name, input)));
        }

        Func<string[]> paths = Paths(input, column);
        return new ExtractionKernel(capacity, FeatureCount, () => Frames(paths(), boxes()));
    }

    private static Func<FaceBox?[]> Boxes(DataViewRow input, DataViewSchema.Column column)
    {
        ValueGetter<VBuffer<float>> getter = input.GetGetter<VBuffer<float>>(column);
        VBuffer<float> numbers = default;
        return () =>
        {
            getter(ref numbers);
            float[] values = [.. numbers.DenseValues()];
            return values.Length % 4 == 0
                ? [.. values.Chunk(4).Select(box => Box(column.Name, box))]
                : throw new InvalidDataException(
                    $"Column '{column.Name}' (face boxes of FaceTensor) has {values.Length} numbers; "
                    + "expected four a frame: left, top, width, height.");
        };
    }

    private static FaceBox? Box(string column, float[] box)
    {
        if (box.All(float.IsNaN))
        {
            return null;
        }

        return box.All(value => float.IsInteger(value) && Math.Abs(value) <= FaceImage.LargestPixelCount)
            ? new FaceBox((int)box[0], (int)box[1], (int)box[2], (int)box[3])
            : throw new InvalidDataException(
                $"Column '{column}' (face boxes of FaceTensor) has the box "
                + $"[{string.Join(", ", box.Select(value => value.ToString(CultureInfo.InvariantCulture)))}]; "
                + "expected whole pixels, or four NaN for the whole frame.");
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

    private Extraction? Frames(string[] paths, FaceBox?[] boxes)
    {
        RequireBoxes(boxes, paths.Length);
        int[] present = [.. Enumerable.Range(0, paths.Length).Where(i => paths[i].Length > 0)];
        string[] files = [.. present.Select(i => _folder is null ? paths[i] : Path.Combine(_folder, paths[i]))];
        FaceBox?[] own = boxes.Length == 0 ? [] : [.. present.Select(i => boxes[i])];
        return present.Length == 0 ? null : features => _frontEnd.Extract(files, own, features);
    }

    private Extraction? Frame(byte[] file, FaceBox?[] boxes, string name)
    {
        if (file.Length == 0)
        {
            return null;
        }

        RequireBoxes(boxes, 1);
        return features => _frontEnd.Extract([file], name, boxes, features);
    }

    private Extraction? Frame(FaceImage? picture, FaceBox?[] boxes, string name)
    {
        if (picture is null)
        {
            return null;
        }

        RequireBoxes(boxes, 1);
        return features => _frontEnd.Extract([picture], name, boxes, features);
    }

    private void RequireBoxes(FaceBox?[] boxes, int frameCount)
    {
        if (boxes.Length > 0 && boxes.Length != frameCount)
        {
            throw new InvalidDataException(
                $"Column '{Inputs[1].Name}' (face boxes of FaceTensor) has {boxes.Length} boxes for {frameCount} frames; "
                + "expected one a frame, or none.");
        }
    }
}
