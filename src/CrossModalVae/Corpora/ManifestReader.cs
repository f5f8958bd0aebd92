using CrossModalVae.Faces;

namespace CrossModalVae.Corpora;

/// <summary>
/// Reads a manifest, JSON Lines by data-schemas/manifest-line.schema.json. \r\n and a byte-order mark are accepted; blank lines are
/// refused. The first line may be a root, data-schemas/manifest-root.schema.json, instead of a clip: the folder that all paths are relative
/// to, for a corpus on a medium that cannot be written.
/// </summary>
public static class ManifestReader
{
    /// <summary>The field by which a first line is known as a root.</summary>
    internal const string RootField = "root";

    /// <summary>Reads a whole manifest. The files it names are not opened; see <see cref="CorpusCheck"/>.</summary>
    /// <param name="path">The manifest.</param>
    /// <param name="root">The folder that the clips' paths are relative to; null is what the first line says, or else the manifest's own
    /// folder. Default null.</param>
    /// <returns>The clips in file order.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="DirectoryNotFoundException">The <paramref name="root"/> that is given is not there.</exception>
    /// <exception cref="InvalidDataException">A line does not follow the schema, a clip is given twice, or the file is empty; the message
    /// names file, line, field, found and expected.</exception>
    public static Manifest Read(string path, string? root = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (root is not null && !Directory.Exists(root))
        {
            throw new DirectoryNotFoundException($"{root}: there is no such folder; expected the one that {path} has its files in.");
        }

        string? own = null;
        Clip[] clips = [.. ReadClips(path, found => own = found)];
        return clips.Length > 0
            ? new Manifest(path, clips, root is null ? own : Path.GetFullPath(root))
            : throw new InvalidDataException($"{path}: is empty; expected at least one clip.");
    }

    /// <summary>
    /// The clips of a file, read lazily; none where the file is empty. <paramref name="root"/> receives the root, where there is one.
    /// </summary>
    internal static IEnumerable<Clip> ReadClips(string path, Action<string>? root = null)
    {
        var lines = new Dictionary<(string Identity, string Clip), int>();
        foreach (StrictJson line in JsonFile.ReadLines(path, FileSchema.ManifestLine, (RootField, FileSchema.ManifestRoot)))
        {
            if (line.Line == 1 && line.Find(RootField) is StrictJson found)
            {
                root?.Invoke(found.AsString());
                continue;
            }

            Clip clip = ToClip(line);
            if (!lines.TryAdd((clip.Identity, clip.Name), line.Line))
            {
                throw new InvalidDataException(
                    $"{path}: line {line.Line}: clip '{clip.Name}' of identity '{clip.Identity}' is given twice, "
                    + $"first on line {lines[(clip.Identity, clip.Name)]}; expected once.");
            }

            yield return clip;
        }
    }

    private static Clip ToClip(StrictJson line) => new()
    {
        Identity = line["identity"].AsString(),
        Name = line["clip"].AsString(),
        Voice = line.Find("voice")?.AsString(),
        Faces = line.Find("faces")?.AsArray(face => face.AsString()) ?? [],
        FaceBoxes = Boxes(line),
        Gender = line.Find("gender")?.AsString(),
        Nationality = line.Find("nationality")?.AsString(),
        Age = line.Find("age")?.AsDouble(),
        Split = line["split"].AsEnum<CorpusSplit>(),
        StartSeconds = line.Find("start_s")?.AsDouble() ?? 0,
        DurationSeconds = line.Find("duration_s")?.AsDouble(),
    };

    private static FaceBox?[] Boxes(StrictJson line)
    {
        if (line.Find("face_boxes") is not StrictJson boxes)
        {
            return [];
        }

        int frames = line.Find("faces")?.Children.Count ?? 0;
        return boxes.Children.Count == frames ? boxes.AsArray(Box) : throw boxes.Fault($"as many items as 'faces' has, {frames}");
    }

    private static FaceBox? Box(StrictJson box)
    {
        if (box.IsNull)
        {
            return null;
        }

        int[] sides = box.AsArray(side => side.AsInt32());
        return Math.Min(sides[2], sides[3]) >= FaceImage.SmallestSide
            ? new FaceBox(sides[0], sides[1], sides[2], sides[3])
            : throw box.Fault($"[left, top, width, height] with a width and a height of at least {FaceImage.SmallestSide}");
    }
}
