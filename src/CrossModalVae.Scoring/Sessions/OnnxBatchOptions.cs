namespace CrossModalVae.Scoring;

/// <summary>How a model is scored in batches.</summary>
public sealed record OnnxBatchOptions
{
    /// <summary>Rows per ONNX Runtime call, at least 1. Default 256; larger gains little and costs memory. On the CPU several batches
    /// are in flight, each on one core, in at most 64 MiB or one batch; on CUDA one.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>Where it is computed: the first of these devices that starts. Default the CPU.</summary>
    public DeviceOrder Device { get; init; } = DeviceOrder.Cpu;

    /// <summary>The graph's input to feed; null where the graph has one input only. Default null.</summary>
    public string? InputTensorName { get; init; }

    /// <summary>The graph's outputs, parallel to the output columns; null takes them in the graph's order. Default null.</summary>
    public IReadOnlyList<string>? OutputTensorNames { get; init; }

    /// <summary>
    /// Numbers of an input row, where the graph leaves one of a row's axes free, as an encoder that takes any number of frames does; null
    /// where it does not. A loaded encoder has its own. Default null.
    /// </summary>
    public int? InputLength { get; init; }

    /// <summary>Checks the options.</summary>
    /// <exception cref="ArgumentException">Some option is out of its range; the message names all of them.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.AtLeast(BatchSize, 1);
        faults.AtLeast(InputLength ?? 1, 1, nameof(InputLength));
        if (OutputTensorNames is not null)
        {
            faults.Check(
                OutputTensorNames.Distinct().Count() == OutputTensorNames.Count,
                nameof(OutputTensorNames),
                string.Join(", ", OutputTensorNames),
                "must not repeat a name");
        }

        faults.ThrowIfAny();
    }
}
