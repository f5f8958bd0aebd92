using CrossModalVae.Faces;
using CrossModalVae.Pipelines.FrontEnds;

namespace CrossModalVae.Pipelines;

/// <summary>Paths of a clip's jpg frames to face features; see <see cref="FaceTensorEstimator"/>.</summary>
public sealed class FaceTensorTransformer : CrossModalTransformer
{
    private readonly FaceFrontEnd _frontEnd;
    private readonly string? _folder;

    internal FaceTensorTransformer(
        IReadOnlyList<InputColumn> inputs, IReadOnlyList<OutputColumn> outputs, FaceFrontEnd frontEnd, string? folder)
        : base(inputs, outputs)
    {
        _frontEnd = frontEnd;
        _folder = folder;
    }

    /// <summary>F, values of a face's features.</summary>
    public int FeatureCount => _frontEnd.FeatureCount;

    internal override int BlockSize => ExtractionBlock.Size(FeatureCount);

    internal override BlockKernel CreateKernel(DataViewRow input, int capacity, Predicate<int> isNeeded)
    {
        Func<string[]> paths = Paths(input, input.Schema[Inputs[0].Name]);
        Func<FaceBox?[]> boxes = Inputs.Count > 1 ? Boxes(input, input.Schema[Inputs[1].Name]) : () => [];
        return new ExtractionKernel<FaceRow>(
            capacity,
            FeatureCount,
            () => Row(paths(), boxes()),
            (row, features) => _frontEnd.Extract(row.Paths, row.Boxes, features));
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
            ValueGetter<ReadOnlyMemory<char>> one = input.GetGetter<ReadOnlyMemory<char>>(column);
            ReadOnlyMemory<char> text = default;
            return () =>
            {
                one(ref text);
                return [text.ToString()];
            };
        }

        ValueGetter<VBuffer<ReadOnlyMemory<char>>> many = input.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column);
        VBuffer<ReadOnlyMemory<char>> texts = default;
        return () =>
        {
            many(ref texts);
            return [.. texts.DenseValues().Select(path => path.ToString())];
        };
    }

    private FaceRow? Row(string[] paths, FaceBox?[] boxes)
    {
        if (boxes.Length > 0 && boxes.Length != paths.Length)
        {
            throw new InvalidDataException(
                $"Column '{Inputs[1].Name}' (face boxes of FaceTensor) has {boxes.Length} boxes for {paths.Length} frames; "
                + "expected one a frame, or none.");
        }

        int[] present = [.. Enumerable.Range(0, paths.Length).Where(i => paths[i].Length > 0)];
        return present.Length == 0
            ? null
            : new FaceRow([.. present.Select(i => Resolve(paths[i]))], boxes.Length == 0 ? [] : [.. present.Select(i => boxes[i])]);
    }

    private string Resolve(string path) => _folder is null ? path : Path.Combine(_folder, path);

    private sealed record FaceRow(string[] Paths, FaceBox?[] Boxes);
}
