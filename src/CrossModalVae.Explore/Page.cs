using System.Text;
using System.Text.Json;

namespace CrossModalVae.Explore;

/// <summary>The page: one HTML file with its script and style, the same where it is served and where it is written to a file.</summary>
internal static class Page
{
    /// <summary>Where a file's data go: an element that the served page has empty.</summary>
    private const string DataElement = "<script type=\"application/json\" id=\"data\"></script>";

    private static readonly Lazy<string> Text = new(Read);

    /// <summary>The page as it is served: it asks for its data.</summary>
    internal static byte[] Served => Encoding.UTF8.GetBytes(Text.Value);

    /// <summary>Writes the page with its data in it.</summary>
    internal static void Write(Stream stream, Action<Utf8JsonWriter> data)
    {
        string page = Text.Value;
        int at = page.IndexOf(DataElement, StringComparison.Ordinal), end = DataElement.IndexOf("</", StringComparison.Ordinal);
        stream.Write(Encoding.UTF8.GetBytes(page[..(at + end)]));
        using (var writer = new Utf8JsonWriter(stream))
        {
            data(writer);
        }

        stream.Write(Encoding.UTF8.GetBytes(page[(at + end)..]));
    }

    private static string Read()
    {
        using Stream stream = typeof(Page).Assembly.GetManifestResourceStream("page.html")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
