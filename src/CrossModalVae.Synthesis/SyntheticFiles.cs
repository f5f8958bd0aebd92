using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace CrossModalVae.Synthesis;

/// <summary>The metadata of the records in the files of a synthetic corpus; their schemas are in data-schemas.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(SyntheticCorpusOptions))]
[JsonSerializable(typeof(IdentityTraits))]
internal sealed partial class SyntheticJson : JsonSerializerContext;

/// <summary>synthetic-card.json: the options that the bytes of a corpus depend on.</summary>
internal static class SyntheticCard
{
    public const string FileName = "synthetic-card.json";

    /// <summary>Must be raised when a sound or a picture changes: a half-made corpus must not be finished by another generator.</summary>
    public const int GeneratorVersion = 1;

    public static JsonObject ToJson(SyntheticCorpusOptions options)
    {
        JsonObject card = JsonRecord.Write(options, null, SyntheticJson.Default.SyntheticCorpusOptions);
        card.Insert(0, "schema", FileSchema.Id(FileSchema.SyntheticCard));
        card.Insert(1, "generator", GeneratorVersion);
        return card;
    }

    /// <exception cref="InvalidDataException">The file does not follow its schema, or another version of the generator wrote
    /// it.</exception>
    public static SyntheticCorpusOptions Read(string path)
    {
        StrictJson card = JsonFile.Read(path, FileSchema.SyntheticCard);
        if (card["generator"].AsInt32() != GeneratorVersion)
        {
            throw card["generator"].Fault(FormattableString.Invariant($"{GeneratorVersion}, the version of this generator"));
        }

        return JsonRecord.Read(
            card, new SyntheticCorpusOptions(), SyntheticJson.Default.SyntheticCorpusOptions, others: ["schema", "generator"]);
    }
}

/// <summary>traits.jsonl: the true traits, one identity a line.</summary>
internal static class SyntheticTraitsFile
{
    public static void Write(string path, IEnumerable<IdentityTraits> identities) => JsonFile.WriteLines(
        path,
        FileSchema.SyntheticTraitsLine,
        identities.Select(identity => JsonRecord.Write(identity, null, SyntheticJson.Default.IdentityTraits)));

    /// <exception cref="InvalidDataException">A line does not follow the schema, or an identity is given twice.</exception>
    public static IReadOnlyDictionary<string, IdentityTraits> Read(string path)
    {
        var identities = new Dictionary<string, IdentityTraits>(StringComparer.Ordinal);
        foreach (StrictJson line in JsonFile.ReadLines(path, FileSchema.SyntheticTraitsLine))
        {
            IdentityTraits traits = JsonRecord.Read(line, null, SyntheticJson.Default.IdentityTraits);
            if (!identities.TryAdd(traits.Identity, traits))
            {
                throw new InvalidDataException(
                    FormattableString.Invariant($"{path}: line {line.Line}: identity '{traits.Identity}' is given twice; expected once."));
            }
        }

        return identities;
    }
}
