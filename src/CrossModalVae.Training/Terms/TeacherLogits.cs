using System.Security.Cryptography;
using CrossModalVae.Corpora;

namespace CrossModalVae.Training.Terms;

/// <summary>A teacher's logits of clips.</summary>
/// <param name="Classes">How many classes there are.</param>
/// <param name="OfClips">[Classes] for each clip by its key.</param>
/// <param name="Hash">The SHA-256 of the file.</param>
internal sealed record TeacherLogits(int Classes, IReadOnlyDictionary<string, float[]> OfClips, string Hash)
{
    /// <summary>Reads a file; of several lines of a clip the largest logit of each class counts (Albanie et al. 2018, section 3).</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A line is broken or has another number of classes than the first, or there is
    /// none.</exception>
    public static TeacherLogits Read(string path)
    {
        var clips = new Dictionary<string, float[]>(StringComparer.Ordinal);
        int classes = 0;
        foreach (StrictJson line in JsonFile.ReadLines(path, FileSchema.TeacherLogitsLine))
        {
            StrictJson field = line["logits"];
            float[] logits = field.AsArray(value => (float)value.AsDouble());
            classes = classes == 0 ? logits.Length : classes;
            if (logits.Length != classes)
            {
                throw field.Fault($"{classes} numbers, as on the first line");
            }

            if (!logits.All(float.IsFinite))
            {
                throw field.Fault("numbers that float32 holds");
            }

            string key = new Clip { Identity = line["identity"].AsString(), Name = line["clip"].AsString(), Split = CorpusSplit.Train }.Key;
            clips[key] = clips.TryGetValue(key, out float[]? before) ? [.. before.Zip(logits, Math.Max)] : logits;
        }

        using FileStream bytes = File.OpenRead(path);
        return classes > 0
            ? new TeacherLogits(classes, clips, Convert.ToHexStringLower(SHA256.HashData(bytes)))
            : throw new InvalidDataException($"{path}: is empty; expected a teacher's logits of at least one clip.");
    }
}
