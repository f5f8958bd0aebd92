using CrossModalVae.Audio;
using CrossModalVae.Pipelines.FrontEnds;

namespace CrossModalVae.Pipelines;

/// <summary>Wav path to voice features; see <see cref="VoiceSpectrogramEstimator"/>.</summary>
public sealed class VoiceSpectrogramTransformer : CrossModalTransformer
{
    private readonly VoiceColumns _columns;
    private readonly VoiceFrontEnd _frontEnd;
    private readonly string? _folder;

    internal VoiceSpectrogramTransformer(VoiceColumns columns, IReadOnlyList<OutputColumn> outputs, VoiceFrontEnd frontEnd, string? folder)
        : base(columns.Inputs(), outputs)
    {
        _columns = columns;
        _frontEnd = frontEnd;
        _folder = folder;
    }

    /// <summary>F, values of a voice's features.</summary>
    public int FeatureCount => _frontEnd.FeatureCount;

    internal override int BlockSize => ExtractionBlock.Size(FeatureCount);

    internal override BlockKernel CreateKernel(DataViewRow input, int capacity)
    {
        ValueGetter<ReadOnlyMemory<char>> path = input.GetGetter<ReadOnlyMemory<char>>(input.Schema[_columns.Path]);
        Func<double>? start = _columns.Start is null ? null : Number(input, _columns.Start);
        Func<double>? duration = _columns.Duration is null ? null : Number(input, _columns.Duration);
        ReadOnlyMemory<char> text = default;
        return new ExtractionKernel<VoiceRow>(
            capacity,
            FeatureCount,
            () =>
            {
                path(ref text);
                double seconds = duration?.Invoke() ?? double.NaN;
                return text.IsEmpty ? null : new VoiceRow(text.ToString(), start?.Invoke() ?? 0, double.IsNaN(seconds) ? null : seconds);
            },
            (row, features) => _frontEnd.Extract(
                _folder is null ? row.Path : Path.Combine(_folder, row.Path), row.StartSeconds, row.DurationSeconds, features));
    }

    private static Func<double> Number(DataViewRow input, string name)
    {
        DataViewSchema.Column column = input.Schema[name];
        if (column.Type == NumberDataViewType.Double)
        {
            ValueGetter<double> wide = input.GetGetter<double>(column);
            return () =>
            {
                double value = 0;
                wide(ref value);
                return value;
            };
        }

        ValueGetter<float> narrow = input.GetGetter<float>(column);
        return () =>
        {
            float value = 0;
            narrow(ref value);
            return value;
        };
    }

    private sealed record VoiceRow(string Path, double StartSeconds, double? DurationSeconds);
}
