using System.Text.Json.Nodes;
using CrossModalVae.Corpora;

namespace CrossModalVae.Evaluation.Trials;

/// <summary>Writes a trial list, JSON Lines by data-schemas/trial-line.schema.json: the same trials give the same bytes.</summary>
public static class TrialWriter
{
    /// <summary>
    /// Writes a trial list under a temporary name and renames it. Trials are taken one at a time, so any number fits in memory.
    /// </summary>
    /// <param name="path">The list.</param>
    /// <param name="trials">The trials.</param>
    /// <returns>How many were written.</returns>
    /// <exception cref="ArgumentException">A trial does not follow the schema, or there is none; nothing is written.</exception>
    /// <exception cref="IOException">The file cannot be written; it is as it was before.</exception>
    public static int Write(string path, IEnumerable<Trial> trials)
    {
        ArgumentNullException.ThrowIfNull(trials);
        return JsonFile.WriteLines(path, FileSchema.TrialLine, Lines(trials));
    }

    private static IEnumerable<JsonObject> Lines(IEnumerable<Trial> trials)
    {
        bool any = false;
        foreach (Trial trial in trials)
        {
            any = true;
            var line = new JsonObject { ["stratum"] = trial.Stratum };
            switch (trial)
            {
                case VerificationTrial verification:
                    line["voice"] = ToJson(verification.Voice);
                    line["face"] = ToJson(verification.Face);
                    line["target"] = verification.IsTarget;
                    break;
                case MatchingTrial matching:
                    line["direction"] = EnumText.Of(matching.Direction);
                    line["probe"] = ToJson(matching.Probe);
                    line["positive"] = ToJson(matching.Positive);
                    line["negatives"] = new JsonArray([.. matching.Negatives.Select(ToJson)]);
                    break;
                case RetrievalItem item:
                    line["modality"] = EnumText.Of(item.Modality);
                    line["item"] = ToJson(item.Clip);
                    break;
                default:
                    throw new ArgumentException($"'{trial.GetType().Name}' is no kind of trial that a list can hold.", nameof(trials));
            }

            yield return line;
        }

        if (!any)
        {
            throw UserError.Mark(new ArgumentException("There is no trial to write; expected at least one.", nameof(trials)));
        }
    }

    private static JsonObject ToJson(ClipKey clip) => new() { ["identity"] = clip.Identity, ["clip"] = clip.Clip };
}
