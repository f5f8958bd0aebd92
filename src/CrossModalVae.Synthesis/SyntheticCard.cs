using System.Text.Json.Nodes;

namespace CrossModalVae.Synthesis;

/// <summary>synthetic-card.json, by data-schemas/synthetic-card.schema.json: all that the bytes of a corpus depend on.</summary>
internal static class SyntheticCard
{
    public const string FileName = "synthetic-card.json";

    /// <summary>
    /// To be raised by whoever changes a sound or a picture: a half-made corpus must not be finished by another generator.
    /// </summary>
    public const int GeneratorVersion = 1;

    public static JsonObject ToJson(SyntheticCorpusOptions options)
    {
        JsonObject card = JsonFile.Start(FileSchema.SyntheticCard);
        card["generator"] = GeneratorVersion;
        card["seed"] = options.Seed;
        card["identities"] = options.Identities;
        card["clips_per_identity"] = options.ClipsPerIdentity;
        card["frames_per_clip"] = options.FramesPerClip;
        card["minimum_seconds"] = options.MinimumSeconds;
        card["maximum_seconds"] = options.MaximumSeconds;
        card["face_size"] = options.FaceSize;
        card["train_share"] = options.TrainShare;
        card["validation_share"] = options.ValidationShare;
        card["correlations"] = new JsonObject
        {
            ["size"] = options.Correlations.Size,
            ["age"] = options.Correlations.Age,
            ["build"] = options.Correlations.Build,
            ["origin"] = options.Correlations.Origin,
        };
        return card;
    }

    /// <summary>The options behind a card; the number of threads is not among them.</summary>
    /// <exception cref="InvalidDataException">The file does not follow its schema or was written by
    /// another version of the generator.</exception>
    public static SyntheticCorpusOptions Read(string path)
    {
        StrictJson card = JsonFile.Read(path, FileSchema.SyntheticCard);
        if (card["generator"].AsInt32() != GeneratorVersion)
        {
            throw card["generator"].Fault(FormattableString.Invariant($"{GeneratorVersion}, the version of this generator"));
        }

        StrictJson correlations = card["correlations"];
        return new SyntheticCorpusOptions
        {
            Seed = card["seed"].AsInt64(),
            Identities = card["identities"].AsInt32(),
            ClipsPerIdentity = card["clips_per_identity"].AsInt32(),
            FramesPerClip = card["frames_per_clip"].AsInt32(),
            MinimumSeconds = card["minimum_seconds"].AsDouble(),
            MaximumSeconds = card["maximum_seconds"].AsDouble(),
            FaceSize = card["face_size"].AsInt32(),
            TrainShare = card["train_share"].AsDouble(),
            ValidationShare = card["validation_share"].AsDouble(),
            Correlations = new SyntheticCorrelations
            {
                Size = correlations["size"].AsDouble(),
                Age = correlations["age"].AsDouble(),
                Build = correlations["build"].AsDouble(),
                Origin = correlations["origin"].AsDouble(),
            },
        };
    }
}
