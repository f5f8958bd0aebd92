using System.Text.Json.Nodes;
using CrossModalVae.Faces;

namespace CrossModalVae.Corpora;

/// <summary>Writes a manifest, JSON Lines by data-schemas/manifest-line.schema.json: the same clips give the same bytes.</summary>
public static class ManifestWriter
{
    /// <summary>
    /// Writes a manifest under a temporary name and renames it. Clips are taken one at a time, so any number fits in memory.
    /// </summary>
    /// <param name="path">The manifest.</param>
    /// <param name="clips">The clips; their paths are relative to the manifest's folder or the root, with forward slashes.</param>
    /// <param name="root">The folder that the paths are relative to, to be written as the manifest's first line; null is the manifest's
    /// own folder. Default null.</param>
    /// <returns>How many clips were written.</returns>
    /// <exception cref="ArgumentException">A clip does not follow the schema, is given twice, or there is none; nothing is
    /// written.</exception>
    /// <exception cref="IOException">The file cannot be written; it is as it was before.</exception>
    public static int Write(string path, IEnumerable<Clip> clips, string? root = null)
    {
        ArgumentNullException.ThrowIfNull(clips);
        return JsonFile.WriteLines(
            path, FileSchema.ManifestLine, Lines(clips), root is null ? null : (FileSchema.ManifestRoot, ToJson(root)));
    }

    /// <summary>A manifest's first line, where its paths are relative to another folder than its own.</summary>
    internal static JsonObject ToJson(string root) =>
        new() { [ManifestReader.RootField] = root.Replace(Path.DirectorySeparatorChar, '/') };

    /// <summary>One clip as a line of a manifest.</summary>
    internal static JsonObject ToJson(Clip clip)
    {
        var line = new JsonObject
        {
            ["identity"] = clip.Identity,
            ["clip"] = clip.Name,
            ["voice"] = clip.Voice,
            ["faces"] = new JsonArray([.. clip.Faces.Select(face => (JsonNode)face)]),
            ["gender"] = clip.Gender,
            ["nationality"] = clip.Nationality,
            ["age"] = clip.Age,
            ["split"] = EnumText.Of(clip.Split),
            ["start_s"] = clip.StartSeconds,
            ["duration_s"] = clip.DurationSeconds,
        };
        AddFaceBoxes(line, clip);
        return line;
    }

    /// <summary>Adds a clip's face boxes where it has any.</summary>
    internal static void AddFaceBoxes(JsonObject line, Clip clip)
    {
        if (clip.FaceBoxes.Count > 0)
        {
            line["face_boxes"] = Boxes(clip);
        }
    }

    private static IEnumerable<JsonObject> Lines(IEnumerable<Clip> clips)
    {
        var keys = new HashSet<(string, string)>();
        foreach (Clip clip in clips)
        {
            if (!keys.Add((clip.Identity, clip.Name)))
            {
                throw UserError.Mark(new ArgumentException(
                    $"Clip '{clip.Name}' of identity '{clip.Identity}' is given twice; expected once.", nameof(clips)));
            }

            yield return ToJson(clip);
        }

        if (keys.Count == 0)
        {
            throw UserError.Mark(new ArgumentException("There is no clip to write; expected at least one.", nameof(clips)));
        }
    }

    private static JsonArray Boxes(Clip clip) => clip.FaceBoxes.Count == clip.Faces.Count
        ? new JsonArray(
            [.. clip.FaceBoxes.Select(box => box is FaceBox b ? (JsonNode)new JsonArray(b.Left, b.Top, b.Width, b.Height) : null)])
        : throw new ArgumentException(
            $"Clip '{clip.Name}' of identity '{clip.Identity}' has {clip.FaceBoxes.Count} face boxes and {clip.Faces.Count} frames; "
            + "expected as many, or no boxes.");
}
