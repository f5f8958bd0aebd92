namespace DropIn;

/// <summary>What the existing step adds: tickets to answer first have the higher priority.</summary>
internal sealed class Triage
{
    public float Priority { get; set; }

    public static void Map(NoteText ticket, Triage triage)
    {
        string[] signals = ["urgent", "complaint", "no service", "call back"];
        triage.Priority = signals.Count(signal => ticket.Note.Contains(signal, StringComparison.OrdinalIgnoreCase));
    }
}
