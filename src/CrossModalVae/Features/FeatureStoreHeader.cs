using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using CrossModalVae.Recipes;

namespace CrossModalVae.Features;

/// <summary>
/// The first section of a feature store: 8 bytes of magic, length and CRC-32C of a JSON text (4 bytes each), the text, zeros to the end of
/// the page.
/// </summary>
internal sealed class FeatureStoreHeader
{
    public const int PrefixBytes = 16;

    private const int LongestText = 1 << 26; // a header has about two kilobytes, and some 200 bytes for every clip that was left out
    private const string SectionsName = "features"; // name of the recipe inside, of which only the sections matter

    private static ReadOnlySpan<byte> Magic => "cmvaefst"u8;

    /// <summary>The JSON.</summary>
    public required string Text { get; init; }

    public required string FeatureHash { get; init; }

    public required FeaturePrecision Precision { get; init; }

    public required int ClipCount { get; init; }

    /// <summary>Null where there are no augmented views.</summary>
    public required FeatureStoreViews? Views { get; init; }

    public required IReadOnlyList<int> VoiceShape { get; init; }

    public required IReadOnlyList<int> FaceShape { get; init; }

    /// <summary>The clips of the corpus that were left out because they are broken, in manifest order.</summary>
    public required IReadOnlyList<FeatureStoreSkip> Skipped { get; init; }

    /// <summary>The recipe's voice, face and augmentation sections.</summary>
    public required Recipe Sections { get; init; }

    public required FeatureStoreLayout Layout { get; init; }

    /// <summary>The header of a store to be made.</summary>
    /// <exception cref="ArgumentException">A row would be larger than a store's can be.</exception>
    public static FeatureStoreHeader Create(
        Recipe recipe, FeatureStoreContent content, FeaturePrecision precision, IReadOnlyList<FeatureStoreSkip> skipped)
    {
        FeatureExtractor extractor = content.Extractor;
        // The layout's offsets within a row do not depend on the length of this text.
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
        json["voice_shape"] = new JsonArray([.. extractor.VoiceShape]);
        json["face_shape"] = new JsonArray([.. extractor.FaceShape]);
        json["face_offset"] = layout.FaceOffset;
        json["row_bytes"] = layout.RowBytes;
        JsonObject sections = RecipeWriter.ViewSections(recipe);
        sections.Insert(0, "name", SectionsName);
        sections.Insert(0, "schema", FileSchema.Id(FileSchema.Recipe));
        json["recipe"] = sections;
        if (skipped.Count > 0)
        {
            json["skipped"] = new JsonArray([.. skipped.Select(skip => skip.ToJson())]);
        }

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
    /// Whether a file may be a store with an unfinished header: nothing written yet, or the magic without a valid text after it.
    /// </summary>
    public static bool IsUnfinished(Stream stream)
    {
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        prefix.Clear();
        int read = ReadUpTo(stream, prefix);
        return prefix.TrimEnd((byte)0).IsEmpty || (prefix.StartsWith(Magic) && ReadText(stream, prefix[..read]) is null);
    }

    /// <summary>Reads the header of a file that is at its start.</summary>
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
        FeatureStoreViews? views = json.Find("views") is StrictJson found
            ? new(found["training_clips"].AsInt32(), found["training_hash"].AsString(), found["recordings_hash"].AsString())
            : null;
        long expectedRows = count + ((long)(views?.TrainingClips ?? 0) * (sections.Augmentation?.Views ?? 0));
        Require("row_count", expectedRows, "clips and views");
        var layout = new FeatureStoreLayout(
            PrefixBytes + Encoding.UTF8.GetByteCount(text),
            rowCount,
            precision,
            Length(json["voice_shape"], voice, precision),
            Length(json["face_shape"], face, precision));
        Require("face_offset", layout.FaceOffset, "shape and precision");
        Require("row_bytes", layout.RowBytes, "shapes and precision");
        return new FeatureStoreHeader
        {
            Text = text,
            FeatureHash = json["feature_hash"].AsString(),
            Precision = precision,
            ClipCount = count,
            Views = views,
            VoiceShape = voice,
            FaceShape = face,
            Skipped = json.Find("skipped")?.AsArray(FeatureStoreSkip.Of) ?? [],
            Sections = sections,
            Layout = layout,
        };

        void Require(string field, long expected, string source)
        {
            if (json[field].AsInt64() != expected)
            {
                throw json[field].Fault($"{expected}, as {source} have it");
            }
        }
    }

    private static int Length(StrictJson source, int[] shape, FeaturePrecision precision)
    {
        long length = 1;
        long most = int.MaxValue / 2 / FeatureCodec.Size(precision);
        foreach (int size in shape)
        {
            length = Math.Min(length * size, most + 1); // the product of three sizes may exceed 64 bits
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

    private static string Printable(ReadOnlySpan<byte> bytes) =>
        string.Concat(bytes.ToArray().Select(value => value is >= 32 and < 127 ? (char)value : '?'));
}

/// <summary>The layout of a feature store, as data-schemas/feature-store.md describes it.</summary>
internal sealed record FeatureStoreLayout
{
    /// <summary>Sections start at multiples of a page.</summary>
    public const int PageBytes = 4096;

    /// <summary>Rows, and the face within a row, start at multiples of a cache line.</summary>
    private const int LineBytes = 64;

    public FeatureStoreLayout(int headerBytes, int rowCount, FeaturePrecision precision, int voiceLength, int faceLength)
    {
        RowCount = rowCount;
        VoiceBytes = checked(voiceLength * FeatureCodec.Size(precision));
        FaceBytes = checked(faceLength * FeatureCodec.Size(precision));
        FaceOffset = (int)RoundUp(VoiceBytes, LineBytes);
        RowBytes = FaceOffset + RoundUp(FaceBytes, LineBytes);
        RecordsOffset = RoundUp(headerBytes, PageBytes);
        RowsOffset = RoundUp(RecordsOffset + ((long)rowCount * FeatureStoreRecord.Bytes), PageBytes);
        FileBytes = RowsOffset + (rowCount * RowBytes);
    }

    /// <summary>Clips and augmented views.</summary>
    public int RowCount { get; }

    public int VoiceBytes { get; }

    public int FaceBytes { get; }

    /// <summary>From the start of a row to its face.</summary>
    public int FaceOffset { get; }

    /// <summary>From a row to the next.</summary>
    public long RowBytes { get; }

    public long RecordsOffset { get; }

    public long RowsOffset { get; }

    public long FileBytes { get; }

    public long RecordAt(int index) => RecordsOffset + ((long)index * FeatureStoreRecord.Bytes);

    public long RowAt(int index) => RowsOffset + (index * RowBytes);

    public static long RoundUp(long value, int multiple) => (value + multiple - 1) / multiple * multiple;
}
