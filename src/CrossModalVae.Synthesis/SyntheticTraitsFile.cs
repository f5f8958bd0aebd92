using System.Text.Json.Nodes;

namespace CrossModalVae.Synthesis;

/// <summary>traits.jsonl, by data-schemas/synthetic-traits-line.schema.json: one identity a line.</summary>
internal static class SyntheticTraitsFile
{
    public static void Write(string path, IEnumerable<IdentityTraits> identities) =>
        JsonFile.WriteLines(path, FileSchema.SyntheticTraitsLine, identities.Select(ToJson));

    /// <exception cref="InvalidDataException">A line does not follow the schema or an identity is given twice.</exception>
    public static IReadOnlyDictionary<string, IdentityTraits> Read(string path)
    {
        var identities = new Dictionary<string, IdentityTraits>(StringComparer.Ordinal);
        foreach (StrictJson line in JsonFile.ReadLines(path, FileSchema.SyntheticTraitsLine))
        {
            IdentityTraits traits = FromJson(line);
            if (!identities.TryAdd(traits.Identity, traits))
            {
                throw new InvalidDataException(
                    FormattableString.Invariant($"{path}: line {line.Line}: identity '{traits.Identity}' is given twice; expected once."));
            }
        }

        return identities;
    }

    private static JsonObject ToJson(IdentityTraits identity)
    {
        (VoiceTraits voice, FaceTraits face) = (identity.Voice, identity.Face);
        return new JsonObject
        {
            ["identity"] = identity.Identity,
            ["split"] = EnumText.Of(identity.Split),
            ["age"] = identity.AgeYears,
            ["nationality"] = identity.Region,
            ["voice"] = new JsonObject
            {
                ["shared"] = ToJson(voice.Shared),
                ["pitch"] = voice.Pitch,
                ["pitch_range"] = voice.PitchRange,
                ["speaking_rate"] = voice.SpeakingRate,
                ["nasality"] = voice.Nasality,
            },
            ["face"] = new JsonObject
            {
                ["shared"] = ToJson(face.Shared),
                ["nose_size"] = face.NoseSize,
                ["eye_spacing"] = face.EyeSpacing,
                ["lip_fullness"] = face.LipFullness,
                ["brow_weight"] = face.BrowWeight,
                ["hair_colour"] = face.HairColour,
                ["hair_length"] = face.HairLength,
                ["hair_volume"] = face.HairVolume,
                ["eye_colour"] = face.EyeColour,
                ["beard"] = face.Beard,
            },
        };
    }

    private static JsonObject ToJson(SharedTraits shared) => new()
    {
        ["sex"] = EnumText.Of(shared.Sex),
        ["size"] = shared.Size,
        ["age"] = shared.Age,
        ["build"] = shared.Build,
        ["origin"] = shared.Origin,
    };

    private static IdentityTraits FromJson(StrictJson line)
    {
        StrictJson voice = line["voice"];
        StrictJson face = line["face"];
        return new IdentityTraits(
            line["identity"].AsString(),
            line["split"].AsEnum<CorpusSplit>(),
            line["age"].AsDouble(),
            line["nationality"].AsString(),
            new VoiceTraits(
                Shared(voice["shared"]),
                Pitch: voice["pitch"].AsDouble(),
                PitchRange: voice["pitch_range"].AsDouble(),
                SpeakingRate: voice["speaking_rate"].AsDouble(),
                Nasality: voice["nasality"].AsDouble()),
            new FaceTraits(
                Shared(face["shared"]),
                NoseSize: face["nose_size"].AsDouble(),
                EyeSpacing: face["eye_spacing"].AsDouble(),
                LipFullness: face["lip_fullness"].AsDouble(),
                BrowWeight: face["brow_weight"].AsDouble(),
                HairColour: face["hair_colour"].AsDouble(),
                HairLength: face["hair_length"].AsDouble(),
                HairVolume: face["hair_volume"].AsDouble(),
                EyeColour: face["eye_colour"].AsDouble(),
                Beard: face["beard"].AsDouble()));
    }

    private static SharedTraits Shared(StrictJson shared) => new(
        shared["sex"].AsEnum<Sex>(),
        shared["size"].AsDouble(),
        shared["age"].AsDouble(),
        shared["build"].AsDouble(),
        shared["origin"].AsDouble());
}
