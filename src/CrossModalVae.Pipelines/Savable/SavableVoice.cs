using CrossModalVae.Audio;
using CrossModalVae.Features;
using CrossModalVae.Pipelines.FrontEnds;
using Microsoft.ML.Transforms;

namespace CrossModalVae.Pipelines.Savable;

/// <summary>What a savable voice front end reads.</summary>
/// <typeparam name="T">How voices come: a path, a file's bytes or samples.</typeparam>
internal sealed class VoiceSource<T>
{
    [ColumnName(SavableColumns.State)]
    public ReadOnlyMemory<char> State { get; set; }

    [ColumnName(SavableColumns.Input)]
    public T? Voice { get; set; }

    [ColumnName(SavableColumns.Start)]
    public double Start { get; set; }

    [ColumnName(SavableColumns.Duration)]
    public double Duration { get; set; }

    [ColumnName(SavableColumns.Rate)]
    public double Rate { get; set; }

    /// <summary>Seconds; null to the end.</summary>
    public double? Length() => double.IsNaN(Duration) ? null : Duration;
}

/// <summary>Voice features under the graphs' name.</summary>
internal sealed class VoiceTarget
{
    /// <summary>[F]; NaN where the voice is missing.</summary>
    [ColumnName(OnnxContract.VoiceFeatures)]
    public float[] Features { get; set; } = [];
}

/// <summary>A voice front end that ML.NET can save.</summary>
internal abstract class VoiceFactory<T> : CustomMappingFactory<VoiceSource<T>, VoiceTarget>
{
    public sealed override Action<VoiceSource<T>, VoiceTarget> GetMapping()
    {
        var steps = new SavableCache<Step>(Step.Open);
        return (source, target) =>
        {
            Step step = steps.Get(source.State);
            target.Features = new float[step.FrontEnd.FeatureCount]; // a new array each row: a consumer may keep what it got
            if (!Extract(step, source, target.Features))
            {
                Array.Fill(target.Features, float.NaN);
            }
        };
    }

    /// <summary>Writes the features; false where the voice is missing.</summary>
    protected abstract bool Extract(Step step, VoiceSource<T> source, float[] features);

    /// <summary>A front end and how it was asked for.</summary>
    protected sealed record Step(VoiceFrontEnd FrontEnd, string Name, string? Folder)
    {
        public static Step Open(SavableState state)
        {
            (Recipe section, FrozenEncoders encoders) = state.Open();
            var reading = new SoundReading { ToleratesTruncation = state.ToleratesTruncation };
            return new Step(new VoiceFrontEnd(section.Voice, reading, encoders.Voice), $"Column '{state.Column}'", state.Folder);
        }
    }
}

/// <summary>Voices as paths.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class VoicePathFactory : VoiceFactory<string>
{
    /// <summary>The name written into saved models; a change of what the step computes needs another.</summary>
    public const string Contract = "CrossModalVae.VoicePath/1";

    protected override bool Extract(Step step, VoiceSource<string> source, float[] features)
    {
        if (string.IsNullOrEmpty(source.Voice))
        {
            return false;
        }

        string path = step.Folder is null ? source.Voice : Path.Combine(step.Folder, source.Voice);
        step.FrontEnd.Extract(path, source.Start, source.Length(), features);
        return true;
    }
}

/// <summary>Voices as the content of files.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class VoiceBytesFactory : VoiceFactory<byte[]>
{
    /// <summary>The name written into saved models; a change of what the step computes needs another.</summary>
    public const string Contract = "CrossModalVae.VoiceBytes/1";

    protected override bool Extract(Step step, VoiceSource<byte[]> source, float[] features)
    {
        if (source.Voice is not { Length: > 0 } file)
        {
            return false;
        }

        step.FrontEnd.Extract(file, step.Name, source.Start, source.Length(), features);
        return true;
    }
}

/// <summary>Voices as samples.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class VoiceSamplesFactory : VoiceFactory<float[]>
{
    /// <summary>The name written into saved models; a change of what the step computes needs another.</summary>
    public const string Contract = "CrossModalVae.VoiceSamples/1";

    protected override bool Extract(Step step, VoiceSource<float[]> source, float[] features)
    {
        if (source.Voice is null || source.Voice.All(float.IsNaN))
        {
            return false;
        }

        AudioClip clip = SampleColumn.Clip(source.Voice, source.Rate, step.Name);
        step.FrontEnd.Extract(clip, step.Name, source.Start, source.Length(), features);
        return true;
    }
}
