namespace CrossModalVae.Evaluation;

/// <summary>Options of <see cref="CrossModalProtocol"/>.</summary>
public sealed record ProtocolOptions
{
    /// <summary>Seed of the drawn trials; systems compared under one seed see the same trials. Default 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Verification and matching trials for every identity, so that identities weigh the same. Default 100; at least 1.</summary>
    public int TrialsPerIdentity { get; init; } = 100;
}
