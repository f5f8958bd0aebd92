using CrossModalVae.Encoders;
using CrossModalVae.Files;

namespace CrossModalVae.Scoring.Encoders;

/// <summary>What faces and voices have in common where a recipe's encoder is compared with its file.</summary>
internal static class EncoderPresets
{
    /// <summary>Refuses another file than the recipe's.</summary>
    public static void RequireHash(EncoderFile file, string expected, string section)
    {
        if (expected.Length > 0 && expected != file.Sha256)
        {
            throw new InvalidDataException(
                $"{file.Path}: SHA-256 is {file.Sha256}; expected {expected}, as {section} has it: it is another encoder.");
        }
    }

    /// <summary>The preset that the recipe names, else the file; none where neither does.</summary>
    public static T Choose<T>(EncoderFile file, T own, T none, string section)
        where T : struct, Enum
    {
        if (!file.Metadata.TryGetValue(EncoderFile.PresetKey, out string? name))
        {
            return own;
        }

        if (!EnumText.TryParse(name, out T found))
        {
            throw new InvalidDataException(
                $"{file.Path}: its metadata has the layout '{name}', which is none of {section}: {Names<T>()}.");
        }

        return EqualityComparer<T>.Default.Equals(own, none) || EqualityComparer<T>.Default.Equals(own, found)
            ? found
            : throw new InvalidDataException(
                $"{file.Path}: its metadata has the layout '{name}'; expected '{EnumText.Of(own)}', as {section}.preset has it.");
    }

    public static VectorNormalisation Vector(VectorNormalisation own, VectorNormalisation preset) =>
        own != VectorNormalisation.Auto ? own
        : preset != VectorNormalisation.Auto ? preset
        : VectorNormalisation.UnitLength;

    public static string Text(string own, EncoderFile file, string key) =>
        own.Length > 0 ? own : file.Metadata.GetValueOrDefault(key, "");

    /// <summary>Refuses to guess how a file is fed.</summary>
    public static void RequireComplete<T>(EncoderFile file, string[] missing, string section)
        where T : struct, Enum
    {
        if (missing.Length > 0)
        {
            throw new InvalidDataException(
                $"{file.Path}: its metadata names no layout, and {section} has neither a preset nor {string.Join(", ", missing)}; "
                + $"expected these, or a preset: {Names<T>()}.");
        }
    }

    private static string Names<T>()
        where T : struct, Enum => string.Join(", ", EnumText.All<T>().Skip(1));
}
