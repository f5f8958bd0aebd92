using CrossModalVae.Corpora;

namespace CrossModalVae.Evaluation.Trials;

/// <summary>Reads a trial list, JSON Lines by data-schemas/trial-line.schema.json.</summary>
public static class TrialReader
{
    /// <summary>Reads a trial list while it is taken, one line in memory at a time.</summary>
    /// <param name="path">The list.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A line does not follow the schema, has a target flag that contradicts the identities, or the
    /// file is empty; the message names file, line, field, found and expected.</exception>
    public static IEnumerable<Trial> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        bool any = false;
        foreach (StrictJson line in JsonFile.ReadLines(path, FileSchema.TrialLine))
        {
            any = true;
            string? stratum = line.Find("stratum")?.AsString();
            yield return line.Find("voice") is not null ? Verification(line, stratum)
                : line.Find("probe") is not null ? Matching(line, stratum)
                : new RetrievalItem(line["modality"].AsEnum<Modality>(), Key(line["item"])) { Stratum = stratum };
        }

        if (!any)
        {
            throw new InvalidDataException($"{path}: is empty; expected at least one trial.");
        }
    }

    private static VerificationTrial Verification(StrictJson line, string? stratum)
    {
        var trial = new VerificationTrial(Key(line["voice"]), Key(line["face"])) { Stratum = stratum };
        return line["target"].AsBoolean() == trial.IsTarget
            ? trial
            : throw line["target"].Fault(
                trial.IsTarget
                    ? "true, because voice and face are of one identity"
                    : "false, because voice and face are of two identities");
    }

    private static MatchingTrial Matching(StrictJson line, string? stratum)
    {
        ClipKey probe = Key(line["probe"]), positive = Key(line["positive"]);
        if (positive.Identity != probe.Identity)
        {
            throw line["positive"]["identity"].Fault($"\"{JsonText.Shown(probe.Identity)}\", the probe's identity");
        }

        var seen = new HashSet<ClipKey>();
        foreach (StrictJson negative in line["negatives"].Children)
        {
            if (negative["identity"].AsString() == probe.Identity)
            {
                throw negative["identity"].Fault("another identity than the probe's");
            }

            if (!seen.Add(Key(negative)))
            {
                throw negative["clip"].Fault("every negative once");
            }
        }

        return new MatchingTrial(line["direction"].AsEnum<RetrievalDirection>(), probe, positive, line["negatives"].AsArray(Key))
        {
            Stratum = stratum,
        };
    }

    private static ClipKey Key(StrictJson clip) => new(clip["identity"].AsString(), clip["clip"].AsString());
}
