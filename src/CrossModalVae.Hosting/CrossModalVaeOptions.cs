namespace CrossModalVae.Hosting;

/// <summary>How a service embeds: which model, where, and how requests are gathered into batches.</summary>
public sealed class CrossModalVaeOptions
{
    /// <summary>The model folder that <c>cmvae export</c> wrote. Required.</summary>
    public string ModelFolder { get; set; } = "";

    /// <summary>Where the graphs are computed: the first that starts of the devices listed, as in "tensorrt, cuda:1, cpu"; see
    /// <see cref="DeviceOrder.Parse"/>. Where none does, the model is refused. Default cpu.</summary>
    public string Device { get; set; } = "cpu";

    /// <summary>The most rows of a run, from 1. A run waits for no more once it has as many. Default 64.</summary>
    public int MaxBatchSize { get; set; } = 64;

    /// <summary>How long a request waits at most for others to fill its run while another run of its modality is in progress, in
    /// milliseconds, from 0. Where none is in progress, a run starts at once with the requests that are there, whatever this says. At 0 no
    /// request waits while a processor (or the GPU) is free to run it. Default 4.</summary>
    public double MaxDelayMilliseconds { get; set; } = 4;

    /// <summary>The most requests in flight, from 1; one more is refused with <see cref="OverloadedException"/>. Default 1024.</summary>
    public int QueueLimit { get; set; } = 1024;

    /// <summary>The largest sound or picture, in bytes, from 1. Default 32 MiB.</summary>
    public int MaxContentBytes { get; set; } = 32 << 20;

    /// <summary>The longest sound, in seconds, above 0. Default 120.</summary>
    public double MaxSoundSeconds { get; set; } = 120;

    /// <summary>The largest picture, in pixels, from 1: what it takes to decode a small file of many pixels. Default 2^24.</summary>
    public int MaxPicturePixels { get; set; } = 1 << 24;

    /// <summary>Every fault of these options, each a sentence; empty where there is none.</summary>
    internal IEnumerable<string> Faults()
    {
        if (ModelFolder.Length == 0)
        {
            yield return "'ModelFolder' is empty; must name the model folder that 'cmvae export' wrote.";
        }
        else if (!File.Exists(Path.Combine(ModelFolder, ModelCard.FileName)))
        {
            yield return $"'ModelFolder' is '{ModelFolder}', which has no {ModelCard.FileName}; "
                + "must name the model folder that 'cmvae export' wrote.";
        }

        if (DeviceOrder.Fault(Device) is string fault)
        {
            yield return $"'Device' {fault}";
        }

        foreach ((string name, double value, double least) in new (string, double, double)[]
        {
            (nameof(MaxBatchSize), MaxBatchSize, 1), (nameof(QueueLimit), QueueLimit, 1), (nameof(MaxContentBytes), MaxContentBytes, 1.0),
            (nameof(MaxDelayMilliseconds), MaxDelayMilliseconds, 0), (nameof(MaxSoundSeconds), MaxSoundSeconds, 0.01),
            (nameof(MaxPicturePixels), MaxPicturePixels, 1.0),
        })
        {
            if (!(value >= least) || !double.IsFinite(value))
            {
                yield return FormattableString.Invariant($"'{name}' is {value}; must be at least {least}.");
            }
        }
    }
}
