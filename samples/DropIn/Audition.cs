namespace DropIn;

/// <summary>An audition as the existing application keeps it: a note and the recording.</summary>
internal sealed class Audition
{
    public string Id { get; set; } = "";

    public string Note { get; set; } = "";

    public string Recording { get; set; } = "";

    /// <summary>Reads lines of three tab-separated fields.</summary>
    public static IEnumerable<Audition> ReadAll(string file) =>
        File.ReadLines(file)
            .Select(line => line.Split('\t'))
            .Select(field => new Audition { Id = field[0], Note = field[1], Recording = field[2] });
}
