using CrossModalVae.Audio;
using CrossModalVae.Features;
using CrossModalVae.Pipelines.FrontEnds;
using CrossModalVae.Pipelines.Saving;

namespace CrossModalVae.Pipelines;

/// <summary>
/// Voices to voice features, the voice front end of a recipe as an ML.NET step. The same voice gives the same features, whichever way it
/// comes in.
/// <list type="table">
/// <item><term>Learns from data</term><description>no</description></item>
/// <item><term>Input</term><description>String, the path of a sound file; Vector&lt;Byte&gt;, the content of an uncompressed wav or NIST
/// SPHERE file; or Vector&lt;Single&gt;, samples of one channel from -1 to 1 at a given rate. Optionally columns of Single, Double or
/// Int32: start, duration, sample rate</description></item>
/// <item><term>Output</term><description>Vector&lt;Single, F&gt;, F = <see cref="VoiceFrontEnd.FeatureCount"/></description></item>
/// <item><term>Savable</term><description>in a bundle; see <see cref="CrossModalCatalog.SaveBundle"/></description></item>
/// </list>
/// An empty path, no bytes, no samples or samples that are all NaN are a missing voice and give a vector of NaN, ML.NET's missing value;
/// every later step of this library hands it on as missing.
/// </summary>
public sealed class VoiceSpectrogramEstimator : CrossModalEstimator<VoiceSpectrogramTransformer>
{
    private readonly VoiceColumns _columns;
    private readonly VoiceStep _step;

    internal VoiceSpectrogramEstimator(TransformsCatalog transforms, VoiceColumns columns, VoiceStep step)
        : base(CatalogEnvironment.Of(transforms), columns.Inputs(), [OutputColumn.FloatVector(columns.Output, step.FrontEnd.FeatureCount)])
    {
        _columns = columns;
        _step = step;
    }

    private protected override VoiceSpectrogramTransformer FitChecked(IDataView input, CancellationToken cancellationToken) =>
        new(_columns, _step);
}

/// <summary>The column names of the voice front end.</summary>
internal sealed record VoiceColumns(
    string Output,
    string Voice,
    string? Start = null,
    string? Duration = null,
    int? SampleRateHz = null,
    string? SampleRate = null)
{
    public IReadOnlyList<InputColumn> Inputs()
    {
        InputKind kind = SampleRateHz is null && SampleRate is null ? InputKind.Sound : InputKind.SoundOrSamples;
        var inputs = new List<InputColumn> { new(Voice, "voice of VoiceSpectrogram", kind) };
        if (Start is not null)
        {
            inputs.Add(new InputColumn(Start, "start in seconds of VoiceSpectrogram", InputKind.Number));
        }

        if (Duration is not null)
        {
            inputs.Add(new InputColumn(Duration, "duration in seconds of VoiceSpectrogram", InputKind.Number));
        }

        if (SampleRate is not null)
        {
            inputs.Add(new InputColumn(SampleRate, "sample rate of VoiceSpectrogram", InputKind.Number));
        }

        return inputs;
    }
}

/// <summary>The voice front end of a step, and where its parts come from.</summary>
internal sealed record VoiceStep(VoiceOptions Options, VoiceFrontEnd FrontEnd, SoundReading? Reading, string? Folder)
{
    /// <summary>The network's graph; null where the options have none.</summary>
    public GraphFile? Graph { get; init; } = Options.Encoder?.Path is { Length: > 0 } path ? new GraphFile(path) : null;

    /// <summary>The network, where it was opened for this step.</summary>
    public IDisposable? Owned { get; init; }
}

/// <summary>Voices to voice features; see <see cref="VoiceSpectrogramEstimator"/>.</summary>
public sealed class VoiceSpectrogramTransformer : CrossModalTransformer, IDisposable
{
    internal const string Kind = "voice-spectrogram";

    private readonly VoiceColumns _columns;
    private readonly VoiceStep _step;
    private readonly VoiceFrontEnd _frontEnd;
    private readonly string? _folder;

    internal VoiceSpectrogramTransformer(VoiceColumns columns, VoiceStep step)
        : base(columns.Inputs(), [OutputColumn.FloatVector(columns.Output, step.FrontEnd.FeatureCount)])
    {
        (_columns, _step) = (columns, step);
        (_frontEnd, _folder) = (step.FrontEnd, step.Folder);
    }

    /// <summary>F, values of a voice's features.</summary>
    public int FeatureCount => _frontEnd.FeatureCount;

    /// <summary>Releases the network of a front end that was loaded from a bundle; one that was passed in stays open.</summary>
    public void Dispose() => _step.Owned?.Dispose();

    internal static VoiceSpectrogramTransformer Load(BundleStep step, BundleReader reader)
    {
        Saved saved = step.Read<Saved>();
        (Recipe recipe, FrozenEncoders encoders, IDisposable? owned) = saved.FrontEnd.Load(reader);
        var reading = new SoundReading { ToleratesTruncation = saved.ToleratesTruncation };
        var loaded = new VoiceStep(recipe.Voice, new VoiceFrontEnd(recipe.Voice, reading, encoders.Voice), reading, saved.Folder)
        {
            Graph = saved.FrontEnd.Graph is null ? null : reader.GraphFile(saved.FrontEnd.Graph),
            Owned = owned,
        };
        return new VoiceSpectrogramTransformer(saved.Columns, loaded);
    }

    internal override BundleStep Save(BundleWriter writer) => BundleStep.Of(Kind, new Saved(
        _columns,
        SavedFrontEnd.Of(new Recipe { Name = "", Voice = _step.Options }, _step.Graph, writer),
        _step.Reading?.ToleratesTruncation ?? false,
        _folder));

    private sealed record Saved(VoiceColumns Columns, SavedFrontEnd FrontEnd, bool ToleratesTruncation, string? Folder = null);

    internal override int BlockSize => ExtractionBlock.Size(FeatureCount);

    internal override BlockKernel CreateKernel(DataViewRow input, int capacity, Predicate<int> isNeeded)
    {
        Func<double>? start = _columns.Start is null ? null : ColumnReader.Number(input, _columns.Start);
        Func<double>? duration = _columns.Duration is null ? null : ColumnReader.Number(input, _columns.Duration);
        Func<ClipPart, Extraction?> voice = Voice(input);
        return new ExtractionKernel(
            capacity,
            FeatureCount,
            () =>
            {
                double seconds = duration?.Invoke() ?? double.NaN;
                return voice(new ClipPart(start?.Invoke() ?? 0, double.IsNaN(seconds) ? null : seconds));
            });
    }

    private Func<ClipPart, Extraction?> Voice(DataViewRow input)
    {
        DataViewSchema.Column column = input.Schema[_columns.Voice];
        if (column.Type is not VectorDataViewType { ItemType: DataViewType item })
        {
            Func<string> path = ColumnReader.Text(input, column);
            return part => path() is { Length: > 0 } text
                ? features => _frontEnd.Extract(
                    _folder is null ? text : Path.Combine(_folder, text), part.StartSeconds, part.DurationSeconds, features)
                : null;
        }

        if (item == NumberDataViewType.Byte)
        {
            Func<byte[]> bytes = ColumnReader.Vector<byte>(input, column);
            return part =>
            {
                (byte[] file, string name) = (bytes(), RowName(input));
                return file.Length == 0
                    ? null
                    : features => _frontEnd.Extract(file, name, part.StartSeconds, part.DurationSeconds, features);
            };
        }

        Func<float[]> samples = ColumnReader.Vector<float>(input, column);
        Func<double> rate = _columns.SampleRate is string rateColumn
            ? ColumnReader.Number(input, rateColumn)
            : () => _columns.SampleRateHz!.Value;
        return part =>
        {
            float[] values = samples();
            return values.All(float.IsNaN)
                ? null
                : Samples(SampleColumn.Clip(values, rate(), RowName(input)), RowName(input), part);
        };
    }

    private Extraction Samples(AudioClip clip, string name, ClipPart part) =>
        features => _frontEnd.Extract(clip, name, part.StartSeconds, part.DurationSeconds, features);

    private string RowName(DataViewRow input) => ExtractionBlock.RowName(_columns.Voice, input);

    private readonly record struct ClipPart(double StartSeconds, double? DurationSeconds);
}
