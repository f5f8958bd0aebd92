using CrossModalVae.Faces;
using CrossModalVae.Pipelines.FrontEnds;
using CrossModalVae.Pipelines.Internals;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Pipelines;

/// <summary>Paths of a clip's jpg frames to face features; see <see cref="FaceTensorEstimator"/>.</summary>
public sealed class FaceTensorTransformer : CrossModalTransformer
{
    private readonly FaceFrontEnd _frontEnd;
    private readonly string? _folder;

    internal FaceTensorTransformer(IReadOnlyList<InputColumn> inputs, IReadOnlyList<OutputColumn> outputs, FaceFrontEnd frontEnd, string? folder)
        : base(inputs, outputs)
    {
        _frontEnd = frontEnd;
        _folder = folder;
    }

    /// <summary>F, values of a face's features.</summary>
    public int FeatureCount => _frontEnd.FeatureCount;

    internal override int BlockSize => ExtractionBlock.Size(FeatureCount);

    internal override BlockKernel CreateKernel(DataViewRow input, int capacity) =>
        new ExtractionKernel<string[]>(
            capacity,
            FeatureCount,
            Paths(input, input.Schema[Inputs[0].Name]),
            (paths, features) => _frontEnd.Extract(paths, features));

    private Func<string[]?> Paths(DataViewRow input, DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType)
        {
            ValueGetter<ReadOnlyMemory<char>> one = input.GetGetter<ReadOnlyMemory<char>>(column);
            ReadOnlyMemory<char> text = default;
            return () =>
            {
                one(ref text);
                return text.IsEmpty ? null : [Resolve(text)];
            };
        }

        ValueGetter<VBuffer<ReadOnlyMemory<char>>> many = input.GetGetter<VBuffer<ReadOnlyMemory<char>>>(column);
        VBuffer<ReadOnlyMemory<char>> texts = default;
        return () =>
        {
            many(ref texts);
            string[] paths = [.. texts.DenseValues().Where(path => !path.IsEmpty).Select(Resolve)];
            return paths.Length == 0 ? null : paths;
        };
    }

    private string Resolve(ReadOnlyMemory<char> path) => _folder is null ? path.ToString() : Path.Combine(_folder, path.ToString());
}
