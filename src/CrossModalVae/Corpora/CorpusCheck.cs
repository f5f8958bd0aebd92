using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CrossModalVae.Audio;
using CrossModalVae.Faces;

namespace CrossModalVae.Corpora;

/// <summary>
/// Opens every file that a manifest names and reports all that is wrong, not only the first fault: files that are missing, broken, shorter
/// than the clip or constant, one sound or picture under two identities, identities in two splits or of two genders.
/// </summary>
public static class CorpusCheck
{
    /// <summary>How many faults a report keeps; all are counted and reported as they are found.</summary>
    public const int MostKeptFaults = 1000;

    // A duration written in decimal seconds may fall short of its sample count by rounding.
    private const double DurationToleranceSeconds = 1e-3;

    // How many checked clips may wait for the slowest one before them: faults are reported in corpus order.
    private const int MostWaitingClips = 4096;

    private static readonly (SoundNotes Note, string What)[] NoteTexts =
    [
        (SoundNotes.StatedEmpty, "voices whose header states 0 bytes of samples, read to the end of the file"),
        (SoundNotes.OddTail, "voices with bytes after the last whole sample, left out"),
        (SoundNotes.InferredBlock, "voices whose header states a wrong block size, inferred from channels and bits"),
        (SoundNotes.SeveralData, "voices with several data chunks, read one after the other"),
        (SoundNotes.Truncated, "voices that end early, tolerated: read as far as they go"),
    ];

    /// <summary>
    /// Checks a corpus. The report does not depend on <paramref name="jobs"/>. Memory is the manifest's and some 40 bytes a file, however
    /// many are broken.
    /// </summary>
    /// <param name="manifest">The corpus.</param>
    /// <param name="jobs">How many clips are read at a time, at least 1; null is the number of processors.</param>
    /// <param name="progress">Receives the number of clips done, in rising order.</param>
    /// <param name="faults">Receives every fault, a sentence with clip, file and reason, in corpus order while the check runs; one call at
    /// a time. May be null.</param>
    /// <param name="reading">Which faults of sound files are notices instead. Default none.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>Counts, and the first <see cref="MostKeptFaults"/> faults.</returns>
    /// <exception cref="FileNotFoundException">A voice is no wav file, and there is no ffmpeg on the PATH.</exception>
    /// <exception cref="DirectoryNotFoundException">The folder that the manifest's paths are relative to is not there.</exception>
    public static CorpusReport Run(
        Manifest manifest,
        int? jobs = null,
        IProgress<int>? progress = null,
        Action<string>? faults = null,
        SoundReading? reading = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        reading ??= new SoundReading();
        if (jobs is int count)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(jobs));
        }

        if (!Directory.Exists(manifest.Folder))
        {
            throw new DirectoryNotFoundException($"{manifest.Folder}: there is no such folder; expected the files of {manifest.FilePath}.");
        }

        BrokenClips.RequireDecoder(manifest, manifest.Clips);
        var report = new CorpusReportBuilder(manifest.Clips, faults);
        var duplicates = new DuplicateFiles(manifest, report);
        ParallelLoop.ForOrdered(
            manifest.Clips.Count,
            MostWaitingClips,
            i => Check(manifest, manifest.Clips[i], reading, cancellationToken),
            (i, check) =>
            {
                report.Add(i, check.Seconds, check.SampleRateHz);
                check.Faults.ForEach(fault => report.Add(fault, i));
                AddNotes(report.Tally, check.Notes, manifest.Clips[i].Voice);
                duplicates.Add(i, check.Voice, check.Faces);
                progress?.Report(i + 1);
            },
            jobs,
            cancellationToken);
        FindContradictions(manifest, report);
        return report.Build();
    }

    /// <summary>The result for one clip; contents are kept as hashes, so that any corpus fits in memory.</summary>
    private sealed record ClipCheck(
        List<string> Faults, double Seconds, int SampleRateHz, SoundNotes Notes, UInt128? Voice, UInt128?[] Faces);

    private static void AddNotes(CorpusTally tally, SoundNotes notes, string? voice)
    {
        foreach ((SoundNotes note, string what) in NoteTexts)
        {
            if (notes.HasFlag(note))
            {
                tally.Add(what, voice!);
            }
        }
    }

    private static ClipCheck Check(Manifest manifest, Clip clip, SoundReading reading, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        double seconds = 0;
        int sampleRateHz = 0;
        SoundNotes notes = SoundNotes.None;
        UInt128? voice = null;
        if (manifest.VoicePath(clip) is string path)
        {
            Try(clip, faults, () =>
            {
                AudioClip sound = AudioFile.Read(
                    path, reading, clip.StartSeconds, clip.DurationSeconds, cancellationToken, out notes);
                (seconds, sampleRateHz) = (sound.DurationSeconds, sound.SampleRateHz);
                ReadOnlySpan<float> samples = sound.Samples.Span;
                if (clip.DurationSeconds is double asked
                    && seconds < asked - DurationToleranceSeconds
                    && !notes.HasFlag(SoundNotes.Truncated)) // told as a notice
                {
                    faults.Add(
                        $"Clip '{clip.Key}': {path}: has {Seconds(seconds)} from {Seconds(clip.StartSeconds)} on; "
                        + $"expected {Seconds(asked)}, as 'duration_s' says.");
                }

                if (!samples.ContainsAnyExcept(samples[0]))
                {
                    faults.Add($"Clip '{clip.Key}': {path}: {VoiceFrontEnd.ConstantFault(samples[0])}");
                }
                else
                {
                    voice = Hash(MemoryMarshal.AsBytes(samples));
                }
            });
        }

        IReadOnlyList<string> paths = manifest.FacePaths(clip);
        var faces = new UInt128?[paths.Count];
        for (int f = 0; f < paths.Count; f++)
        {
            int index = f;
            Try(clip, faults, () =>
            {
                FaceImage image = FaceImage.Load(paths[index], cancellationToken);
                if (clip.FaceBoxes.Count > 0 && clip.FaceBoxes[index] is FaceBox box)
                {
                    box.RequireWithin(paths[index], image.Width, image.Height);
                    image = image.Crop(box); // two identities may share a picture, not the same part of it
                }

                ReadOnlySpan<byte> pixels = image.Pixels; // [H, W, 3]
                if (IsOneColour(pixels))
                {
                    faults.Add($"Clip '{clip.Key}': {paths[index]}: every pixel has the same colour; expected a face.");
                }
                else
                {
                    faces[index] = Hash(pixels);
                }
            });
        }

        return new ClipCheck(faults, seconds, sampleRateHz, notes, voice, faces);
    }

    private static void Try(Clip clip, List<string> faults, Action check)
    {
        try
        {
            check();
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            faults.Add($"Clip '{clip.Key}': {e.Message}");
        }
    }

    private static bool IsOneColour(ReadOnlySpan<byte> pixels) => pixels[3..].SequenceEqual(pixels[..^3]);

    private static UInt128 Hash(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt128LittleEndian(SHA256.HashData(bytes));

    private static void FindContradictions(Manifest manifest, CorpusReportBuilder report)
    {
        var splits = new Dictionary<string, Clip>(StringComparer.Ordinal); // the first clip of each identity
        var genders = new Dictionary<string, Clip>(StringComparer.Ordinal); // likewise, with a gender
        var reported = new HashSet<(string Identity, string What)>();
        Dictionary<string, int[]> clipsOf = manifest.Clips.Select((clip, i) => (clip.Identity, Index: i))
            .GroupBy(clip => clip.Identity, clip => clip.Index, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
        foreach (Clip clip in manifest.Clips)
        {
            if (!splits.TryAdd(clip.Identity, clip) && splits[clip.Identity].Split != clip.Split && reported.Add((clip.Identity, "split")))
            {
                report.Add(
                    $"Identity '{clip.Identity}' is in the {EnumText.Of(splits[clip.Identity].Split)} split with clip "
                    + $"'{splits[clip.Identity].Name}' and in the {EnumText.Of(clip.Split)} "
                    + $"split with clip '{clip.Name}'; expected one split, because a person seen in training cannot be tested on.",
                    clipsOf[clip.Identity]);
            }

            if (clip.Gender is not null
                && !genders.TryAdd(clip.Identity, clip)
                && genders[clip.Identity].Gender != clip.Gender
                && reported.Add((clip.Identity, "gender")))
            {
                report.Add(
                    $"Identity '{clip.Identity}' has gender {genders[clip.Identity].Gender} in clip '{genders[clip.Identity].Name}' and "
                    + $"{clip.Gender} in clip '{clip.Name}'; expected one.",
                    clipsOf[clip.Identity]);
            }
        }
    }

    private static string Seconds(double value) => value.ToString("0.###", CultureInfo.InvariantCulture) + " s";
}

/// <summary>
/// Finds sounds and pictures that are in several clips, by their hashes: a fault where the identities differ, else a notice.
/// </summary>
internal sealed class DuplicateFiles(Manifest manifest, CorpusReportBuilder report)
{
    private const int Voice = -1;

    // By index and not by path, which takes much more memory for a million files.
    private readonly Dictionary<UInt128, (int Clip, int Frame)> _voices = [];
    private readonly Dictionary<UInt128, (int Clip, int Frame)> _faces = [];

    /// <summary>Adds the next clip in corpus order; null stands for a file without usable content.</summary>
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
                + $"expected one identity for one {what}.",
                first.Clip,
                place.Clip);
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
