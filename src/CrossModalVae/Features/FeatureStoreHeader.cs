using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using CrossModalVae.Recipes;

namespace CrossModalVae.Features;

/// <summary>
/// The first section of a feature store: 8 bytes of name, length and CRC-32C of a JSON text (4 bytes
/// each), the text, zeros to the end of the page.
/// </summary>
internal sealed class FeatureStoreHeader
{
    public const int PrefixBytes = 16;

    private const int LongestText = 1 << 20; // a header has about two kilobytes
    private const string SectionsName = "features"; // of the recipe inside: whoever's it was, the sections alone matter

    private static ReadOnlySpan<byte> Magic => "cmvaefst"u8;

    private FeatureStoreHeader(string text)
    {
        Text = text;
    }

    /// <summary>The JSON.</summary>
    public string Text { get; }

    public required string FeatureHash { get; init; }

    public required FeaturePrecision Precision { get; init; }

    public required int ClipCount { get; init; }

    /// <summary>Null where there are no augmented views.</summary>
    public required FeatureStoreViews? Views { get; init; }

    public required IReadOnlyList<int> VoiceShape { get; init; }

    public required IReadOnlyList<int> FaceShape { get; init; }

    /// <summary>The recipe's voice, face and augmentation sections.</summary>
    public required Recipe Sections { get; init; }

    public required FeatureStoreLayout Layout { get; init; }

    /// <summary>The header of a store to be made.</summary>
    /// <exception cref="ArgumentException">A row would be larger than a store's can be.</exception>
    public static FeatureStoreHeader Create(Recipe recipe, FeatureStoreContent content, FeaturePrecision precision)
    {
        FeatureExtractor extractor = content.Extractor;
        // The layout's offsets within a row do not depend on how long this text is.
        var layout = new FeatureStoreLayout(0, content.RowCount, precision, extractor.VoiceLength, extractor.FaceLength);
        JsonObject json = JsonFile.Start(FileSchema.FeatureStore);
        json["feature_hash"] = RecipeHash.ComputeFeatures(recipe);
        json["revision"] = RecipeHash.FrontEndRevision;
        json["precision"] = EnumText.Of(precision);
        json["clip_count"] = content.Manifest.Clips.Count;
        json["row_count"] = content.RowCount;
        json["views"] = content.Views is FeatureStoreViews views
            ? new JsonObject
            {
                ["training_clips"] = views.TrainingClips,
                ["training_hash"] = views.TrainingHash,
                ["recordings_hash"] = views.RecordingsHash,
            }
            : null;
        json["voice_shape"] = Shape(extractor.VoiceShape);
        json["face_shape"] = Shape(extractor.FaceShape);
        json["face_offset"] = layout.FaceOffset;
        json["row_bytes"] = layout.RowBytes;
        JsonObject sections = RecipeWriter.ViewSections(recipe);
        sections.Insert(0, "name", SectionsName);
        sections.Insert(0, "schema", FileSchema.Id(FileSchema.Recipe));
        json["recipe"] = sections;
        return Parse(JsonFile.Text("a feature store's header", FileSchema.FeatureStore, json), "a feature store's header");
    }

    /// <summary>The whole section, [<see cref="FeatureStoreLayout.RecordsOffset"/>] bytes.</summary>
    public byte[] ToBytes()
    {
        byte[] text = Encoding.UTF8.GetBytes(Text);
        var bytes = new byte[Layout.RecordsOffset];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), text.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), Crc32C.Compute(text));
        text.CopyTo(bytes, PrefixBytes);
        return bytes;
    }

    /// <summary>
    /// Whether a file may be one whose header was never finished: nothing written yet, or this format's name and no sound text after it.
    /// </summary>
    public static bool IsUnfinished(Stream stream)
    {
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        prefix.Clear();
        int read = ReadUpTo(stream, prefix);
        return prefix.TrimEnd((byte)0).IsEmpty || (prefix.StartsWith(Magic) && ReadText(stream, prefix[..read]) is null);
    }

    /// <summary>Reads a file's header.</summary>
    /// <param name="stream">The file, at its start.</param>
    /// <param name="path">How messages call it.</param>
    /// <exception cref="InvalidDataException">The file is no feature store, of another version, or damaged.</exception>
    public static FeatureStoreHeader Read(Stream stream, string path)
    {
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        int read = ReadUpTo(stream, prefix);
        if (!prefix[..read].StartsWith(Magic))
        {
            throw new InvalidDataException(read == 0
                ? $"{path}: is empty; expected a feature store, as 'cmvae prepare' writes it."
                : $"{path}: is no feature store: it begins with {JsonText.Quote(Printable(prefix[..Math.Min(read, Magic.Length)]))}; "
                    + $"expected \"{Encoding.ASCII.GetString(Magic)}\", as 'cmvae prepare' writes it.");
        }

        byte[] text = ReadText(stream, prefix[..read])
            ?? throw new InvalidDataException(
                $"{path}: the header is cut short or damaged: its checksum is not that of its text; prepare the features anew.");
        return Parse(Encoding.UTF8.GetString(text), path);
    }

    private static FeatureStoreHeader Parse(string text, string place)
    {
        StrictJson json = JsonFile.Parse(text, place, FileSchema.FeatureStore);
        int[] voice = json["voice_shape"].AsArray(size => size.AsInt32());
        int[] face = json["face_shape"].AsArray(size => size.AsInt32());
        FeaturePrecision precision = json["precision"].AsEnum<FeaturePrecision>();
        int count = json["clip_count"].AsInt32();
        int rowCount = json["row_count"].AsInt32();
        Recipe sections = RecipeReader.From(json["recipe"]);
        FeatureStoreViews? views = json["views"].Kind == System.Text.Json.JsonValueKind.Null
            ? null
            : new FeatureStoreViews(
                json["views"]["training_clips"].AsInt32(),
                json["views"]["training_hash"].AsString(),
                json["views"]["recordings_hash"].AsString());
        long expectedRows = count + ((long)(views?.TrainingClips ?? 0) * (sections.Augmentation?.Views ?? 0));
        if (rowCount != expectedRows)
        {
            throw json["row_count"].Fault($"{expectedRows}, as clips and views have it");
        }

        var layout = new FeatureStoreLayout(
            PrefixBytes + Encoding.UTF8.GetByteCount(text),
            rowCount,
            precision,
            Length(json["voice_shape"], voice, precision),
            Length(json["face_shape"], face, precision));
        if (json["face_offset"].AsInt64() != layout.FaceOffset)
        {
            throw json["face_offset"].Fault($"{layout.FaceOffset}, as shape and precision have it");
        }

        if (json["row_bytes"].AsInt64() != layout.RowBytes)
        {
            throw json["row_bytes"].Fault($"{layout.RowBytes}, as shapes and precision have it");
        }

        return new FeatureStoreHeader(text)
        {
            FeatureHash = json["feature_hash"].AsString(),
            Precision = precision,
            ClipCount = count,
            Views = views,
            VoiceShape = voice,
            FaceShape = face,
            Sections = sections,
            Layout = layout,
        };
    }

    private static int Length(StrictJson source, int[] shape, FeaturePrecision precision)
    {
        long length = 1;
        long most = int.MaxValue / 2 / FeatureCodec.Size(precision);
        foreach (int size in shape)
        {
            length = Math.Min(length * size, most + 1); // a product of three sizes can be too large for any integer
        }

        return length <= most ? (int)length : throw source.Fault($"at most {most} features a clip");
    }

    private static byte[]? ReadText(Stream stream, ReadOnlySpan<byte> prefix)
    {
        if (prefix.Length < PrefixBytes
            || BinaryPrimitives.ReadInt32LittleEndian(prefix[8..]) is not (> 0 and <= LongestText and int length))
        {
            return null;
        }

        var text = new byte[length];
        return ReadUpTo(stream, text) == length && Crc32C.Compute(text) == BinaryPrimitives.ReadUInt32LittleEndian(prefix[12..])
            ? text
            : null;
    }

    private static int ReadUpTo(Stream stream, Span<byte> bytes) => stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);

    private static string Printable(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (byte value in bytes)
        {
            text.Append(value is >= 32 and < 127 ? (char)value : '?');
        }

        return text.ToString();
    }

    private static JsonArray Shape(IReadOnlyList<int> shape) => new([.. shape.Select(size => (JsonNode)size)]);
}
