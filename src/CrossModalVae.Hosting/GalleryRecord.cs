using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Files;
using Microsoft.Extensions.VectorData;

namespace CrossModalVae.Hosting;

/// <summary>
/// An embedded clip as a record of Microsoft.Extensions.VectorData, for <see cref="VectorGallery"/> and for any other provider: a
/// provider that needs the vector's length takes <see cref="Definition"/>, since it is the model's.
/// </summary>
public sealed class GalleryRecord
{
    private const int UsualDimension = 128; // of an attribute, which must be a constant; Definition has the model's

    /// <summary>modality/identity/clip, as <see cref="KeyOf(Modality, string, string)"/> makes it.</summary>
    [VectorStoreKey]
    public string Key { get; set; } = "";

    /// <summary>"voice", "face" or "joint": what the vector was computed from.</summary>
    [VectorStoreData(IsIndexed = true)]
    public string Modality { get; set; } = "";

    /// <summary>Who it is.</summary>
    [VectorStoreData(IsIndexed = true)]
    public string Identity { get; set; } = "";

    /// <summary>The clip's name within its identity.</summary>
    [VectorStoreData(IsIndexed = true)]
    public string Clip { get; set; } = "";

    /// <summary>"train", "validation" or "test". Default "test".</summary>
    [VectorStoreData(IsIndexed = true)]
    public string Split { get; set; } = "test";

    /// <summary>"m", "f" or null where unknown.</summary>
    [VectorStoreData(IsIndexed = true)]
    public string? Gender { get; set; }

    /// <summary>The nationality as the corpus spells it, or null.</summary>
    [VectorStoreData(IsIndexed = true)]
    public string? Nationality { get; set; }

    /// <summary>The age in years, or null.</summary>
    [VectorStoreData(IsIndexed = true)]
    public double? Age { get; set; }

    /// <summary>[D], the embedding; empty where vectors were not asked for.</summary>
    [VectorStoreVector(UsualDimension, DistanceFunction = DistanceFunction.CosineSimilarity)]
    public ReadOnlyMemory<float> Vector { get; set; }

    /// <summary>The key of a clip; a slash in the identity is written %2F, so that no two clips have one key.</summary>
    /// <param name="modality">What it was computed from.</param>
    /// <param name="identity">Who it is.</param>
    /// <param name="clip">The clip's name within its identity.</param>
    public static string KeyOf(Modality modality, string identity, string clip)
    {
        ArgumentNullException.ThrowIfNull(identity);
        string escaped = identity.Replace("%", "%25", StringComparison.Ordinal).Replace("/", "%2F", StringComparison.Ordinal);
        return $"{EnumText.Of(modality)}/{escaped}/{clip}";
    }

    /// <summary>The key of a row.</summary>
    internal static string KeyOf(EmbeddingRow row) => KeyOf(row.Modality, row.Identity, row.Clip);

    /// <summary>The record of a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="vector">[D], its embedding.</param>
    public static GalleryRecord Of(EmbeddingRow row, ReadOnlyMemory<float> vector)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new GalleryRecord
        {
            Key = KeyOf(row),
            Modality = EnumText.Of(row.Modality),
            Identity = row.Identity,
            Clip = row.Clip,
            Split = EnumText.Of(row.Split),
            Gender = row.Gender,
            Nationality = row.Nationality,
            Age = row.Age,
            Vector = vector,
        };
    }

    /// <summary>What a provider stores of a record, with the model's vector length.</summary>
    /// <param name="dimension">D, at least 1.</param>
    /// <param name="distanceFunction">One of <see cref="DistanceFunction"/>. Default the cosine.</param>
    public static VectorStoreCollectionDefinition Definition(
        int dimension, string distanceFunction = DistanceFunction.CosineSimilarity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        static VectorStoreDataProperty Data(string name, Type type) => new(name, type) { IsIndexed = true };
        return new VectorStoreCollectionDefinition
        {
            Properties =
            [
                new VectorStoreKeyProperty(nameof(Key), typeof(string)),
                Data(nameof(Modality), typeof(string)),
                Data(nameof(Identity), typeof(string)),
                Data(nameof(Clip), typeof(string)),
                Data(nameof(Split), typeof(string)),
                Data(nameof(Gender), typeof(string)),
                Data(nameof(Nationality), typeof(string)),
                Data(nameof(Age), typeof(double?)),
                new VectorStoreVectorProperty(nameof(Vector), typeof(ReadOnlyMemory<float>), dimension)
                {
                    DistanceFunction = distanceFunction,
                },
            ],
        };
    }

    /// <summary>The row of the record.</summary>
    /// <exception cref="ArgumentException">The key is another clip's, or a field has a value that there is not.</exception>
    internal EmbeddingRow ToRow()
    {
        Modality modality = Parse<Modality>(nameof(Modality), Modality);
        CorpusSplit split = Parse<CorpusSplit>(nameof(Split), Split);
        string key = KeyOf(modality, Identity, Clip);
        if (Key != key)
        {
            throw UserError.Mark(new ArgumentException($"A record's Key is '{Key}'; must be '{key}', of its other fields (KeyOf)."));
        }

        return new EmbeddingRow
        {
            Identity = Identity,
            Clip = Clip,
            Modality = modality,
            Split = split,
            Gender = Gender,
            Nationality = Nationality,
            Age = Age,
        };
    }

    private static T Parse<T>(string name, string text)
        where T : struct, Enum => EnumText.TryParse(text, out T value)
            ? value
            : throw UserError.Mark(new ArgumentException(
                $"A record's {name} is '{text}'; must be one of {string.Join(", ", EnumText.All<T>())}."));
}
