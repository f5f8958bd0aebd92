namespace DropIn;

/// <summary>What the existing step adds: auditions to hear first have the higher priority.</summary>
internal sealed class Shortlist
{
    public float Priority { get; set; }

    public static void Map(NoteText audition, Shortlist shortlist)
    {
        string[] signals = ["lead role", "available now", "second reading", "returning"];
        shortlist.Priority = signals.Count(signal => audition.Note.Contains(signal, StringComparison.OrdinalIgnoreCase));
    }
}
