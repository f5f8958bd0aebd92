namespace CrossModalVae.Corpora;

/// <summary>
/// Finds one sound or picture in several clips by its hash: a fault where the identities differ, a notice where they do not.
/// </summary>
internal sealed class DuplicateFiles(Manifest manifest, CorpusReportBuilder report)
{
    private const int Voice = -1;

    // By place and not by path: a million paths are many times as large.
    private readonly Dictionary<UInt128, (int Clip, int Frame)> _voices = [];
    private readonly Dictionary<UInt128, (int Clip, int Frame)> _faces = [];

    /// <summary>Takes the next clip in corpus order; null stands for a file without usable content.</summary>
    public void Add(int index, UInt128? voice, UInt128?[] faces)
    {
        Compare(voice, _voices, (index, Voice), "sound");
        for (int frame = 0; frame < faces.Length; frame++)
        {
            Compare(faces[frame], _faces, (index, frame), "picture");
        }
    }

    private void Compare(UInt128? hash, Dictionary<UInt128, (int Clip, int Frame)> seen, (int Clip, int Frame) place, string what)
    {
        if (hash is not UInt128 key || seen.TryAdd(key, place))
        {
            return;
        }

        (int Clip, int Frame) first = seen[key];
        Clip other = manifest.Clips[first.Clip];
        Clip clip = manifest.Clips[place.Clip];
        if (other.Identity != clip.Identity)
        {
            report.Add(
                $"Clip '{clip.Key}': {PathOf(place)}: is the same {what} as {PathOf(first)} of clip '{other.Key}', another identity; "
                + $"expected one identity for one {what}.");
        }
        else
        {
            report.Tally.Add($"{what}s that stand in an identity more than once", PathOf(place));
        }
    }

    private string PathOf((int Clip, int Frame) place)
    {
        Clip clip = manifest.Clips[place.Clip];
        return place.Frame == Voice ? clip.Voice! : clip.Faces[place.Frame];
    }
}
