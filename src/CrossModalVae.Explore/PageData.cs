using System.Text.Json;
using CrossModalVae.Clusters;

namespace CrossModalVae.Explore;

/// <summary>
/// The page's data as JSON. Columns, not rows: a hundred thousand rows are read at once. The writer's own escaping leaves no character by
/// which a script element could end.
/// </summary>
internal static class PageData
{
    private const int Digits = 5;

    /// <summary>All that the page knows without asking.</summary>
    /// <param name="writer">Receives one object.</param>
    /// <param name="explorer">What is looked into.</param>
    /// <param name="notes">More notes than the explorer's.</param>
    /// <param name="extend">Adds what differs between a page that is served and a file.</param>
    internal static void Write(Utf8JsonWriter writer, Explorer explorer, IEnumerable<string> notes, Action<Utf8JsonWriter> extend)
    {
        (MapRows map, Nearest nearest) = (explorer.Map, explorer.Nearest);
        writer.WriteStartObject();
        writer.WriteString("name", explorer.Name);
        writer.WriteString("layout", map.Layout);
        writer.WriteString("metric", EnumText.Of(explorer.Options.Metric));
        Strings(writer, "notes", explorer.Notes.Concat(notes));
        Strings(writer, "people", map.People);
        Strings(writer, "clips", map.Set.Rows.Select(row => row.Clip));
        Numbers(writer, "persons", map.Persons);
        writer.WriteString("modalities", Letters(map, row => row.Modality == Modality.Voice ? 'v' : 'f'));
        writer.WriteString("genders", Letters(map, row => row.Gender is { Length: > 0 } gender ? gender[0] : '-'));
        writer.WriteString("splits", Letters(map, row => EnumText.Of(row.Split) switch { "train" => 't', "validation" => 'v', _ => 'e' }));
        WritePlaces(writer, map.Places);
        if (map.Clusters is int[] clusters)
        {
            Numbers(writer, "clusters", clusters);
        }

        if (explorer.Options.Clusters is ClusteringRecord clustering)
        {
            WriteScores(writer, clustering);
        }

        foreach (Modality modality in new[] { Modality.Voice, Modality.Face })
        {
            writer.WriteStartObject($"{EnumText.Of(modality)}_gallery");
            writer.WriteNumber("clips", nearest.CountOf(modality));
            writer.WriteNumber("people", nearest.PeopleOf(modality));
            writer.WriteEndObject();
        }

        writer.WriteBoolean("calibrated", explorer.Options.Calibrations.Count > 0);
        writer.WriteBoolean("gallery", explorer.Options.Gallery is not null);
        extend(writer);
        writer.WriteEndObject();
    }

    /// <summary>How far the ranks are, and when they are done the ranks.</summary>
    internal static void WriteRanks(Utf8JsonWriter writer, ErrorRanks ranks)
    {
        writer.WriteStartObject();
        int done = ranks.Done;
        writer.WriteNumber("done", done);
        writer.WriteNumber("total", ranks.Total);
        if (done == ranks.Total)
        {
            Numbers(writer, "ranks", ranks.Ranks);
        }

        writer.WriteEndObject();
    }

    /// <summary>A ranking: matches, and the right person's nearest clip.</summary>
    internal static void Write(Utf8JsonWriter writer, NearestClips clips)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("matches");
        Write(writer, clips.Matches);
        if (clips.Own is Match own)
        {
            writer.WritePropertyName("own");
            Write(writer, own);
        }

        writer.WriteEndObject();
    }

    /// <summary>Matches, nearest first.</summary>
    internal static void Write(Utf8JsonWriter writer, IReadOnlyList<Match> matches)
    {
        writer.WriteStartArray();
        foreach (Match match in matches)
        {
            Write(writer, match);
        }

        writer.WriteEndArray();
    }

    /// <summary>A file that was dropped: what it is, where it lands, what it ranks.</summary>
    internal static void Write(Utf8JsonWriter writer, Modality modality, double x, double y, NearestClips clips)
    {
        writer.WriteStartObject();
        writer.WriteString("modality", EnumText.Of(modality));
        writer.WriteNumber("x", x);
        writer.WriteNumber("y", y);
        writer.WritePropertyName("nearest");
        Write(writer, clips);
        writer.WriteEndObject();
    }

    /// <summary>Whole numbers.</summary>
    internal static void Numbers(Utf8JsonWriter writer, string name, IEnumerable<int> values)
    {
        writer.WriteStartArray(name);
        foreach (int value in values)
        {
            writer.WriteNumberValue(value);
        }

        writer.WriteEndArray();
    }

    // [row, score, probability], and where the row is not on the map its identity and clip.
    private static void Write(Utf8JsonWriter writer, Match match)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(match.Row);
        writer.WriteNumberValue(Rounded(match.Score));
        if (match.Probability is double probability)
        {
            writer.WriteNumberValue(Rounded(probability));
        }
        else
        {
            writer.WriteNullValue();
        }

        if (match.Row < 0)
        {
            writer.WriteStringValue(match.Identity);
            writer.WriteStringValue(match.Clip);
        }

        writer.WriteEndArray();
    }

    private static void Strings(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (string value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    private static string Letters(MapRows map, Func<EmbeddingRow, char> letter) =>
        string.Create(map.Set.Count, (map, letter), static (letters, state) =>
        {
            for (int row = 0; row < letters.Length; row++)
            {
                letters[row] = state.letter(state.map.Set.Rows[row]);
            }
        });

    // No more digits than anybody can see.
    private static void WritePlaces(Utf8JsonWriter writer, double[] places)
    {
        double largest = places.Max(Math.Abs);
        double unit = largest == 0 ? 1 : Math.Pow(10, Math.Floor(Math.Log10(largest)) - Digits);
        foreach ((string name, int start) in new[] { ("x", 0), ("y", 1) })
        {
            writer.WriteStartArray(name);
            for (int i = start; i < places.Length; i += 2)
            {
                writer.WriteNumberValue((float)(Math.Round(places[i] / unit) * unit));
            }

            writer.WriteEndArray();
        }
    }

    private static void WriteScores(Utf8JsonWriter writer, ClusteringRecord clustering)
    {
        ClusteringScores scores = clustering.Scores;
        writer.WriteStartObject("clustering");
        writer.WriteString("method", EnumText.Of(scores.Method));
        writer.WriteString("modality", EnumText.Of(clustering.Modality));
        writer.WriteNumber("clusters", scores.ClusterCount);
        writer.WriteNumber("noise_share", Rounded(scores.NoiseShare));
        ClusteringMetrics metrics = scores.NoiseAsCluster;
        writer.WriteNumber("adjusted_rand_index", Rounded(metrics.Agreement.AdjustedRandScore));
        writer.WriteNumber("normalised_mutual_information", Rounded(metrics.Agreement.NormalisedMutualInformationScore));
        writer.WriteNumber("purity", Rounded(metrics.Agreement.PurityScore));
        if (metrics.SilhouetteScore is double silhouette)
        {
            writer.WriteNumber("silhouette", Rounded(silhouette));
        }

        writer.WriteEndObject();
    }

    private static double Rounded(double value) => double.IsFinite(value) ? Math.Round(value, Digits) : 0;
}
