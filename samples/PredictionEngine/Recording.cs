namespace PeopleRanking;

/// <summary>A recording: the content of a wav file.</summary>
internal sealed class Recording
{
    public byte[] Voice { get; set; } = [];
}
