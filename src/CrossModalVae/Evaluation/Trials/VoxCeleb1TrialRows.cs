using System.Text.RegularExpressions;
using CrossModalVae.Corpora;
using Person = CrossModalVae.Corpora.VoxCeleb1Lists.Person;

namespace CrossModalVae.Evaluation.Trials;

/// <summary>Reads the rows of published trial lists strictly: a row that contradicts itself or the list of people is refused.</summary>
internal sealed partial class VoxCeleb1TrialRows(IReadOnlyList<Person> people)
{
    private const string VerificationHeader = "id,voice-speaker-id,face-speaker-id,label,voice-path,face-path";

    private readonly Dictionary<string, string> _ids = people.ToDictionary(
        person => person.Name, person => person.Id, StringComparer.Ordinal);
    private readonly HashSet<string> _known = [.. people.Select(person => person.Id)];

    /// <summary>The trials of a list, in its order.</summary>
    /// <exception cref="InvalidDataException">A row is broken; the message names file, line, field, found and expected.</exception>
    public IEnumerable<Trial> Read(VoxCeleb1TrialList list)
    {
        string[] lines = VoxCeleb1Lists.ReadLines(list.FilePath, "a list of trials");
        bool hasHeader = list.Kind != TrialKind.Matching;
        if (hasHeader)
        {
            string expected = list.Kind == TrialKind.Verification
                ? VerificationHeader
                : $"VoxCeleb1 ID\t{(list.Modality == Modality.Voice ? "wav" : "jpg")}";
            if (lines[0] != expected)
            {
                throw new InvalidDataException($"{list.FilePath}: line 1: found \"{lines[0]}\"; expected \"{expected}\".");
            }
        }

        for (int i = hasHeader ? 1 : 0; i < lines.Length; i++)
        {
            if (lines[i].Length > 0)
            {
                string place = $"{list.FilePath}: line {i + 1}";
                yield return list.Kind switch
                {
                    TrialKind.Verification => Verification(lines[i], place, list.Stratum),
                    TrialKind.Matching => Matching(lines[i], place, list.Direction!.Value, list.Stratum),
                    _ => Retrieval(lines[i], place, list.Modality!.Value, list.Stratum),
                };
            }
        }
    }

    private VerificationTrial Verification(string line, string place, string stratum)
    {
        string[] fields = Fields(line, ',', 6, place);
        var trial =
            new VerificationTrial(OldVoice(fields[4], place), Face(fields[5], OldFaceName(), "face-path", "Name/video/frame.jpg", place))
            {
                Stratum = stratum,
            };
        if (fields[1] == fields[2] != trial.IsTarget)
        {
            throw new InvalidDataException(
                $"{place}: 'voice-speaker-id' is {fields[1]} and 'face-speaker-id' {fields[2]}; "
                + $"expected {(trial.IsTarget ? "one number" : "two")}, as the paths have it.");
        }

        return fields[3] == (trial.IsTarget ? "1" : "0") ? trial : throw new InvalidDataException(
            $"{place}: 'label' is \"{fields[3]}\"; expected {(trial.IsTarget ? "1" : "0")}, "
            + $"because voice-path and face-path are of {(trial.IsTarget ? "one person" : "two people")}.");
    }

    private MatchingTrial Matching(string line, string place, RetrievalDirection direction, string stratum)
    {
        string[] fields = Fields(line, ' ', 3, place);
        bool fromVoice = direction == RetrievalDirection.VoiceToFace;
        ClipKey probe = One(fields[0], fromVoice, "probe", place);
        ClipKey positive = One(fields[1], !fromVoice, "positive", place);
        ClipKey negative = One(fields[2], !fromVoice, "negative", place);
        if (positive.Identity != probe.Identity)
        {
            throw new InvalidDataException(
                $"{place}: 'positive' is {fields[1]}, of {positive.Identity}; expected one of {probe.Identity}, the probe's person.");
        }

        return negative.Identity != probe.Identity
            ? new MatchingTrial(direction, probe, positive, [negative]) { Stratum = stratum }
            : throw new InvalidDataException(
                $"{place}: 'negative' is {fields[2]}, of {negative.Identity}; expected another identity than the probe's.");
    }

    private RetrievalItem Retrieval(string line, string place, Modality modality, string stratum)
    {
        string[] fields = Fields(line, '\t', 2, place);
        ClipKey item = One(fields[1], modality == Modality.Voice, modality == Modality.Voice ? "wav" : "jpg", place);
        return item.Identity == fields[0]
            ? new RetrievalItem(modality, item) { Stratum = stratum }
            : throw new InvalidDataException(
                $"{place}: 'VoxCeleb1 ID' is \"{fields[0]}\"; expected {item.Identity}, whose {fields[1]} is.");
    }

    private ClipKey One(string path, bool isVoice, string field, string place) =>
        isVoice ? Voice(path, field, place) : Face(path, FaceName(), field, "Name/1.6/video/frame.jpg", place);

    private ClipKey Voice(string path, string field, string place)
    {
        Match match = Parse(path, VoiceName(), field, "id/video/number.wav", place);
        string id = match.Groups[1].Value;
        return _known.Contains(id) ? new ClipKey(id, match.Groups[2].Value) : throw Unknown(field, path, id, place);
    }

    // The first release of VoxCeleb1 named an utterance Name/video_0000001.wav, which is now id/video/00001.wav.
    private ClipKey OldVoice(string path, string place)
    {
        Match match = Parse(path, OldVoiceName(), "voice-path", "Name/video_0000001.wav", place);
        int number = int.Parse(match.Groups[3].Value, NumberStyles.None, CultureInfo.InvariantCulture);
        return new ClipKey(
            IdOf(match, path, "voice-path", place), $"{match.Groups[2].Value}/{number.ToString("D5", CultureInfo.InvariantCulture)}");
    }

    private ClipKey Face(string path, Regex form, string field, string expected, string place)
    {
        Match match = Parse(path, form, field, expected, place);
        return new ClipKey(IdOf(match, path, field, place), match.Groups[2].Value);
    }

    private string IdOf(Match match, string path, string field, string place) =>
        _ids.GetValueOrDefault(match.Groups[1].Value) ?? throw Unknown(field, path, match.Groups[1].Value, place);

    private static Match Parse(string path, Regex form, string field, string expected, string place) =>
        form.Match(path) is { Success: true } match
            ? match
            : throw new InvalidDataException($"{place}: '{field}' is \"{path}\"; expected {expected}.");

    private static string[] Fields(string line, char separator, int count, string place)
    {
        string[] fields = line.Split(separator);
        return fields.Length == count
            ? fields
            : throw new InvalidDataException($"{place}: has {fields.Length} columns; expected {count}.");
    }

    private static InvalidDataException Unknown(string field, string found, string who, string place) =>
        new($"{place}: '{field}' is \"{found}\"; expected somebody in the list of people, which has no '{who}'.");

    [GeneratedRegex(@"^([^/]+)/([^/]+/[^/]+)\.wav\z")]
    private static partial Regex VoiceName();

    [GeneratedRegex(@"^([^/]+)/([^/]+)_([0-9]{7})\.wav\z")]
    private static partial Regex OldVoiceName();

    [GeneratedRegex(@"^([^/]+)/1\.6/([^/]+/[^/]+)\.jpg\z")]
    private static partial Regex FaceName();

    [GeneratedRegex(@"^([^/]+)/([^/]+/[^/]+)\.jpg\z")]
    private static partial Regex OldFaceName();
}
