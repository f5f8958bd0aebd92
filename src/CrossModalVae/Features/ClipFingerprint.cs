using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CrossModalVae.Corpora;

namespace CrossModalVae.Features;

/// <summary>Hashes by which a feature store recognises a clip; each is the first half of a SHA-256.</summary>
internal static class ClipFingerprint
{
    /// <summary>
    /// The clip: identity and name, each followed by a zero byte, in UTF-8; then, for an augmented view, its number in decimal digits.
    /// </summary>
    public static UInt128 Key(Clip clip, int view = 0) =>
        Hash(Encoding.UTF8.GetBytes($"{clip.Identity}\0{clip.Name}\0{(view == 0 ? "" : view.ToString(CultureInfo.InvariantCulture))}"));

    /// <summary>A set of clips with their manifest entries, in any order: 64 hexadecimal digits.</summary>
    public static string Set(IEnumerable<Clip> clips)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> bytes = stackalloc byte[32];
        foreach ((UInt128 key, UInt128 entry) in clips.Select(clip => (Key(clip), Entry(clip))).Order())
        {
            BinaryPrimitives.WriteUInt128LittleEndian(bytes, key);
            BinaryPrimitives.WriteUInt128LittleEndian(bytes[16..], entry);
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The manifest fields that determine the clip's features; identity and split may change.</summary>
    public static UInt128 Entry(Clip clip)
    {
        var entry = new JsonObject
        {
            ["voice"] = clip.Voice,
            ["start_s"] = clip.StartSeconds,
            ["duration_s"] = clip.DurationSeconds,
            ["faces"] = new JsonArray([.. clip.Faces.Select(face => (JsonNode)face)]),
        };
        ManifestWriter.AddFaceBoxes(entry, clip);
        return Hash(Encoding.UTF8.GetBytes(JsonText.Canonical(entry)));
    }

    /// <summary>
    /// Size and time of last change of the clip's files, voice first: 8 bytes each, little-endian, the time in 100 ns since the year 1.
    /// Null where a file is not there.
    /// </summary>
    public static UInt128? Sources(Manifest manifest, Clip clip)
    {
        string? voice = manifest.VoicePath(clip);
        IReadOnlyList<string> faces = manifest.FacePaths(clip);
        var bytes = new byte[16 * (faces.Count + (voice is null ? 0 : 1))];
        int position = 0;
        foreach (string path in voice is null ? faces : faces.Prepend(voice))
        {
            var info = new FileInfo(path);
            if (info.LinkTarget is not null)
            {
                info = info.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? info; // the file's own size, not the link's
            }

            if (!info.Exists)
            {
                return null;
            }

            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(position), info.Length);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(position + 8), info.LastWriteTimeUtc.Ticks);
            position += 16;
        }

        return Hash(bytes);
    }

    private static UInt128 Hash(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(bytes));
}
