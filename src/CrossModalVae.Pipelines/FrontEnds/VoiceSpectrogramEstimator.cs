using System.Numerics;
using CrossModalVae.Audio;
using CrossModalVae.Pipelines.FrontEnds;

namespace CrossModalVae.Pipelines;

/// <summary>
/// Wav path to voice features, the voice front end of a recipe as an ML.NET step.
/// <list type="table">
/// <item><term>Learns from data</term><description>no</description></item>
/// <item><term>Input</term><description>String; optionally two columns of Single or Double (start, duration)</description></item>
/// <item><term>Output</term><description>Vector&lt;Single, F&gt;, F = <see cref="VoiceFrontEnd.FeatureCount"/></description></item>
/// <item><term>Savable</term><description>no; see <see cref="CrossModalTransformer"/></description></item>
/// </list>
/// An empty path is a missing voice and gives a vector of NaN, ML.NET's missing value; every later
/// step of this library hands it on as missing.
/// </summary>
public sealed class VoiceSpectrogramEstimator : CrossModalEstimator<VoiceSpectrogramTransformer>
{
    private readonly VoiceColumns _columns;
    private readonly VoiceFrontEnd _frontEnd;
    private readonly string? _folder;

    internal VoiceSpectrogramEstimator(TransformsCatalog transforms, VoiceColumns columns, VoiceFrontEnd frontEnd, string? folder)
        : base(CatalogEnvironment.Of(transforms), columns.Inputs(), [OutputColumn.FloatVector(columns.Output, frontEnd.FeatureCount)])
    {
        _columns = columns;
        _frontEnd = frontEnd;
        _folder = folder;
    }

    private protected override VoiceSpectrogramTransformer FitChecked(IDataView input, CancellationToken cancellationToken) =>
        new(_columns, Outputs, _frontEnd, _folder);
}

/// <summary>The column names of the voice front end.</summary>
internal sealed record VoiceColumns(string Output, string Path, string? Start, string? Duration)
{
    public IReadOnlyList<InputColumn> Inputs()
    {
        var inputs = new List<InputColumn> { new(Path, "wav path of VoiceSpectrogram", InputKind.Text) };
        if (Start is not null)
        {
            inputs.Add(new InputColumn(Start, "start in seconds of VoiceSpectrogram", InputKind.Number));
        }

        if (Duration is not null)
        {
            inputs.Add(new InputColumn(Duration, "duration in seconds of VoiceSpectrogram", InputKind.Number));
        }

        return inputs;
    }
}

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

    internal override BlockKernel CreateKernel(DataViewRow input, int capacity, Predicate<int> isNeeded)
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

    private static Func<double> Number(DataViewRow input, string name) =>
        input.Schema[name].Type == NumberDataViewType.Double ? Number<double>(input, name) : Number<float>(input, name);

    private static Func<double> Number<T>(DataViewRow input, string name)
        where T : INumberBase<T>
    {
        ValueGetter<T> getter = input.GetGetter<T>(input.Schema[name]);
        return () =>
        {
            T value = T.Zero;
            getter(ref value);
            return double.CreateChecked(value);
        };
    }

    private sealed record VoiceRow(string Path, double StartSeconds, double? DurationSeconds);
}
