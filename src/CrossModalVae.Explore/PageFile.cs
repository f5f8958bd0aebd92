using System.Text.Json;

namespace CrossModalVae.Explore;

/// <summary>The page as one file that asks nobody: the map, every row's ranking, and where it is wanted pictures and sounds.</summary>
internal static class PageFile
{
    internal static void Write(
        Stream stream,
        Explorer explorer,
        long mostMediaBytes,
        IProgress<(string Stage, int Done, int Total)>? progress,
        CancellationToken cancellationToken)
    {
        (Dictionary<string, byte[]> pictures, Dictionary<string, byte[]> sounds, string? note) =
            explorer.Media is ClipMedia media && mostMediaBytes > 0
                ? Collect(explorer, media, mostMediaBytes, progress, cancellationToken)
                : ([], [], null);
        var stage = progress is null ? null : new Explorer.Stage("rankings", explorer.RowCount, progress);
        Page.Write(stream, writer => PageData.Write(writer, explorer, note is null ? [] : [note], fields =>
        {
            fields.WriteBoolean("faces", pictures.Count > 0);
            fields.WriteBoolean("voices", sounds.Count > 0);
            fields.WriteBoolean("drop", false);
            PageData.Numbers(fields, "ranks", explorer.Ranks.Ranks);
            fields.WriteStartArray("nearest");
            foreach (IReadOnlyList<Match> nearest in explorer.Nearest.ForAll(stage, cancellationToken))
            {
                PageData.Write(fields, nearest);
            }

            fields.WriteEndArray();
            Write(fields, "pictures", pictures);
            Write(fields, "sounds", sounds);
        }));
    }

    // Pictures first, as they are small; each person's first clips before anybody's second ones.
    private static (Dictionary<string, byte[]> Pictures, Dictionary<string, byte[]> Sounds, string? Note) Collect(
        Explorer explorer,
        ClipMedia media,
        long most,
        IProgress<(string Stage, int Done, int Total)>? progress,
        CancellationToken cancellationToken)
    {
        EmbeddingRow[] clips =
        [
            .. explorer.Map.Set.Rows.DistinctBy(Key)
                .GroupBy(row => row.Identity, StringComparer.Ordinal)
                .SelectMany(own => own.Index())
                .OrderBy(row => row.Index) // a stable sort
                .Select(row => row.Item),
        ];
        var stage = progress is null ? null : new Explorer.Stage("pictures and sounds", 2 * clips.Length, progress);
        var pictures = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var sounds = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        long used = 0;
        int done = 0, left = 0, broken = 0;
        Add(pictures, row => media.Face(row, ClipMedia.ThumbnailSide, cancellationToken));
        Add(sounds, row => media.Voice(row, ClipMedia.ExcerptSeconds, ClipMedia.ExcerptHz, cancellationToken));
        string?[] notes =
        [
            left > 0 ? Invariant($"{left} pictures and sounds are left out, as all that are here take {most >> 20} MB.") : null,
            broken > 0 ? Invariant($"{broken} pictures and sounds are missing or broken.") : null,
        ];
        string note = string.Join(' ', notes.OfType<string>());
        return (pictures, sounds, note.Length == 0 ? null : note);

        void Add(Dictionary<string, byte[]> taken, Func<EmbeddingRow, byte[]?> read)
        {
            foreach (EmbeddingRow row in clips)
            {
                cancellationToken.ThrowIfCancellationRequested();
                stage?.Report(++done);
                if (used >= most)
                {
                    left++;
                    continue;
                }

                try
                {
                    if (read(row) is byte[] bytes)
                    {
                        taken.Add(Key(row), bytes);
                        used += bytes.Length * 4L / 3; // as base64
                    }
                }
                catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
                {
                    broken++;
                }
            }
        }
    }

    private static string Key(EmbeddingRow row) => $"{row.Identity}/{row.Clip}";

    private static void Write(Utf8JsonWriter writer, string name, Dictionary<string, byte[]> files)
    {
        writer.WriteStartObject(name);
        foreach ((string key, byte[] bytes) in files)
        {
            writer.WriteBase64String(key, bytes);
        }

        writer.WriteEndObject();
    }
}
