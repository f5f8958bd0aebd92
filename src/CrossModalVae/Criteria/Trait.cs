using CrossModalVae.Corpora;

namespace CrossModalVae.Criteria;

/// <summary>Something that is known of people.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Owner">The modality that alone shows it; null where both do.</param>
/// <param name="ClassCount">Classes, whose values are 0 to count - 1; 0 for a number.</param>
/// <param name="Value">Its value of a clip as a modality shows it; null where it is not known.</param>
internal sealed record Trait(string Name, Modality? Owner, int ClassCount, Func<Clip, Modality, double?> Value)
{
    private const int FewestOfAClass = 5; // identities of the training split

    public bool IsClass => ClassCount > 0;

    /// <summary>The attributes of a manifest that enough training identities have: gender, age, and nationalities by name.</summary>
    public static IReadOnlyList<Trait> OfManifest(IReadOnlyList<Clip> clips)
    {
        var traits = new List<Trait>();
        Clip[] people = [.. clips.Where(clip => clip.Split == CorpusSplit.Train).DistinctBy(clip => clip.Identity)];
        AddClasses("gender", clip => clip.Gender);
        if (people.Where(clip => clip.Age is not null).Select(clip => clip.Age).Distinct().Count() >= FewestOfAClass)
        {
            traits.Add(new Trait("age", null, 0, (clip, _) => clip.Age));
        }

        AddClasses("nationality", clip => clip.Nationality);
        return traits;

        void AddClasses(string name, Func<Clip, string?> value)
        {
            string[] classes =
            [
                .. people.Select(value).OfType<string>().CountBy(own => own).Where(own => own.Value >= FewestOfAClass)
                    .Select(own => own.Key).Order(StringComparer.Ordinal),
            ];
            if (classes.Length >= 2)
            {
                traits.Add(new Trait(
                    name, null, classes.Length, (clip, _) => Array.IndexOf(classes, value(clip)) is >= 0 and int at ? at : null));
            }
        }
    }
}
