namespace CrossModalVae.Scoring;

/// <summary>The device that was taken of an order.</summary>
/// <param name="Device">The device.</param>
/// <param name="Refused">Those before it in the order, and why they do not start; empty where the first one does.</param>
public sealed record StartedDevice(ExecutionDevice Device, IReadOnlyList<RefusedDevice> Refused)
{
    /// <summary>"cpu (cuda:0: no driver is loaded)".</summary>
    public override string ToString() => Refused.Count == 0 ? $"{Device}" : $"{Device} ({string.Join("; ", Refused)})";
}

/// <summary>A device that does not start.</summary>
/// <param name="Device">The device.</param>
/// <param name="Reason">What is missing, in words.</param>
public sealed record RefusedDevice(ExecutionDevice Device, string Reason)
{
    /// <summary>"cuda:0: no driver is loaded".</summary>
    public override string ToString() => $"{Device}: {Reason}";
}
