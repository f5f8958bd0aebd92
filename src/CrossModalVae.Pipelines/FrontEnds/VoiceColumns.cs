namespace CrossModalVae.Pipelines;

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
