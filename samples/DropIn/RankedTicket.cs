namespace DropIn;

/// <summary>A ticket with what the pipeline added.</summary>
internal sealed class RankedTicket
{
    public string Id { get; set; } = "";

    public float Priority { get; set; }

    public string[] RankedIdentities { get; set; } = [];

    public float[] RankedScores { get; set; } = [];
}
