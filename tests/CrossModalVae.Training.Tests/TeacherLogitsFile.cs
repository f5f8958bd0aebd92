using System.Globalization;
using CrossModalVae.Corpora;

namespace CrossModalVae.Training.Tests;

/// <summary>Writes a teacher's logits for tests.</summary>
internal static class TeacherLogitsFile
{
    /// <summary>Gaussian logits, a line a clip; returns the path.</summary>
    public static string Write(string path, Clip[] clips, int classes)
    {
        double[] logits = GradientCheck.Random("teacher", clips.Length, classes).Values;
        File.WriteAllLines(path, clips.Zip(logits.Chunk(classes), (clip, own) => Line(clip.Identity, clip.Name, own)));
        return path;
    }

    /// <summary>A line of such a file.</summary>
    public static string Line(string identity, string clip, params double[] logits) =>
        $$"""{"identity":"{{identity}}","clip":"{{clip}}","logits":[{{string.Join(
            ',', logits.Select(value => ((float)value).ToString("R", CultureInfo.InvariantCulture)))}}]}""";
}
