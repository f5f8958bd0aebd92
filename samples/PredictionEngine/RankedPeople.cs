namespace PeopleRanking;

/// <summary>People, the likeliest first.</summary>
internal sealed class RankedPeople
{
    public string[] RankedIdentities { get; set; } = [];

    public float[] RankedScores { get; set; } = [];
}
