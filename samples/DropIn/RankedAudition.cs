namespace DropIn;

/// <summary>A audition with what the pipeline added.</summary>
internal sealed class RankedAudition
{
    public string Id { get; set; } = "";

    public float Priority { get; set; }

    public string[] RankedIdentities { get; set; } = [];

    public float[] RankedScores { get; set; } = [];
}
