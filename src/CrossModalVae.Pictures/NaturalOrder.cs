namespace CrossModalVae.Pictures;

/// <summary>Names by their letters, then by the number at their end: cluster 2 before cluster 10.</summary>
internal sealed class NaturalOrder : IComparer<string>
{
    private static readonly char[] Digits = [.. "0123456789"];

    public static NaturalOrder Names { get; } = new();

    public int Compare(string? x, string? y)
    {
        string one = x ?? "", other = y ?? "";
        int byStem = string.CompareOrdinal(one.TrimEnd(Digits), other.TrimEnd(Digits));
        return byStem != 0 ? byStem
            : one.Length != other.Length ? one.Length.CompareTo(other.Length) // of one stem: the number with fewer digits
            : string.CompareOrdinal(one, other);
    }
}
