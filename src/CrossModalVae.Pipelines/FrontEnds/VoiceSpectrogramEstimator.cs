using CrossModalVae.Audio;

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
        : base(transforms, columns.Inputs(), [OutputColumn.FloatVector(columns.Output, frontEnd.FeatureCount)])
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
