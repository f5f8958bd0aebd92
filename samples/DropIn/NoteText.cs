namespace DropIn;

/// <summary>What the existing step reads.</summary>
internal sealed class NoteText
{
    public string Note { get; set; } = "";
}
