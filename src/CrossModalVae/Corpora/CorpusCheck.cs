using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CrossModalVae.Audio;
using CrossModalVae.Faces;

namespace CrossModalVae.Corpora;

/// <summary>
/// Opens every file that a manifest names and reports all that is wrong, not only the first fault: files that are missing, broken, shorter than
/// the clip or constant, one sound or picture under two identities, people in two splits or of two genders.
/// </summary>
public static class CorpusCheck
{
    // A duration written in decimal seconds may fall short of its sample count by rounding.
    private const double DurationToleranceSeconds = 1e-3;

    /// <summary>Checks a corpus. The report does not depend on <paramref name="jobs"/>.</summary>
    /// <param name="manifest">The corpus.</param>
    /// <param name="jobs">How many clips are read at a time, at least 1; null is the number of processors.</param>
    /// <param name="progress">Told how many clips are done, now and then.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>Counts and every fault.</returns>
    public static CorpusReport Run(Manifest manifest, int? jobs = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        if (jobs is int count)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(jobs));
        }

        var checks = new ClipCheck[manifest.Clips.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = jobs ?? Environment.ProcessorCount, CancellationToken = cancellationToken };
        int done = 0;
        Parallel.For(0, checks.Length, options, i =>
        {
            checks[i] = Check(manifest, manifest.Clips[i]);
            progress?.Report(Interlocked.Increment(ref done));
        });

        List<string> faults = [.. checks.SelectMany(check => check.Faults)];
        var tally = new CorpusTally();
        FindDuplicates(manifest, checks, faults, tally);
        FindContradictions(manifest, faults);
        return CorpusReportBuilder.Build(manifest.Clips, [.. checks.Select(check => check.Seconds)], [.. checks.Select(check => check.SampleRateHz)], faults, tally.Notices);
    }

    /// <summary>What was found in one clip; contents are held as hashes, so that any corpus fits in memory.</summary>
    private sealed record ClipCheck(List<string> Faults, double Seconds, int SampleRateHz, UInt128? Voice, UInt128?[] Faces);

    private static ClipCheck Check(Manifest manifest, Clip clip)
    {
        var faults = new List<string>();
        double seconds = 0;
        int sampleRateHz = 0;
        UInt128? voice = null;
        if (manifest.VoicePath(clip) is string path)
        {
            Try(clip, faults, () =>
            {
                AudioClip sound = WavFile.Read(path, clip.StartSeconds, clip.DurationSeconds);
                (seconds, sampleRateHz) = (sound.DurationSeconds, sound.SampleRateHz);
                ReadOnlySpan<float> samples = sound.Samples.Span;
                if (clip.DurationSeconds is double asked && seconds < asked - DurationToleranceSeconds)
                {
                    faults.Add($"Clip '{clip.Key}': {path}: has {Seconds(seconds)} from {Seconds(clip.StartSeconds)} on; expected {Seconds(asked)}, as 'duration_s' says.");
                }

                if (!samples.ContainsAnyExcept(samples[0]))
                {
                    faults.Add($"Clip '{clip.Key}': {path}: every sample is {samples[0].ToString(CultureInfo.InvariantCulture)}; expected a voice.");
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
                FaceImage image = FaceImage.Load(paths[index]);
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

        return new ClipCheck(faults, seconds, sampleRateHz, voice, faces);
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

    private static bool IsOneColour(ReadOnlySpan<byte> pixels)
    {
        for (int i = 3; i < pixels.Length; i++)
        {
            if (pixels[i] != pixels[i - 3])
            {
                return false;
            }
        }

        return true;
    }

    private static UInt128 Hash(ReadOnlySpan<byte> bytes)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    private static void FindDuplicates(Manifest manifest, ClipCheck[] checks, List<string> faults, CorpusTally tally)
    {
        var voices = new Dictionary<UInt128, (int Clip, string Path)>();
        var faces = new Dictionary<UInt128, (int Clip, string Path)>();
        for (int i = 0; i < checks.Length; i++)
        {
            Clip clip = manifest.Clips[i];
            Compare(checks[i].Voice, clip.Voice!, voices, i, "sound");
            for (int f = 0; f < checks[i].Faces.Length; f++)
            {
                Compare(checks[i].Faces[f], clip.Faces[f], faces, i, "picture");
            }
        }

        void Compare(UInt128? hash, string path, Dictionary<UInt128, (int Clip, string Path)> seen, int index, string what)
        {
            if (hash is not UInt128 key || seen.TryAdd(key, (index, path)))
            {
                return;
            }

            (int otherIndex, string otherPath) = seen[key];
            Clip other = manifest.Clips[otherIndex];
            Clip clip = manifest.Clips[index];
            if (other.Identity != clip.Identity)
            {
                faults.Add($"Clip '{clip.Key}': {path}: is the same {what} as {otherPath} of clip '{other.Key}', another identity; expected one identity for one {what}.");
            }
            else
            {
                tally.Add($"{what}s that stand in an identity more than once", path);
            }
        }
    }

    private static void FindContradictions(Manifest manifest, List<string> faults)
    {
        var splits = new Dictionary<string, Clip>(StringComparer.Ordinal);
        var genders = new Dictionary<string, Clip>(StringComparer.Ordinal);
        var reported = new HashSet<(string Identity, string What)>();
        foreach (Clip clip in manifest.Clips)
        {
            if (!splits.TryAdd(clip.Identity, clip) && splits[clip.Identity].Split != clip.Split && reported.Add((clip.Identity, "split")))
            {
                faults.Add(
                    $"Identity '{clip.Identity}' is in the {Name(splits[clip.Identity].Split)} split with clip '{splits[clip.Identity].Name}' and in the {Name(clip.Split)} "
                    + $"split with clip '{clip.Name}'; expected one split, because a person seen in training cannot be tested on.");
            }

            if (clip.Gender is not null && !genders.TryAdd(clip.Identity, clip) && genders[clip.Identity].Gender != clip.Gender && reported.Add((clip.Identity, "gender")))
            {
                faults.Add(
                    $"Identity '{clip.Identity}' has gender {genders[clip.Identity].Gender} in clip '{genders[clip.Identity].Name}' and {clip.Gender} in clip '{clip.Name}'; expected one.");
            }
        }
    }

    private static string Name(CorpusSplit split) => Files.EnumText.Of(split);

    private static string Seconds(double value) => value.ToString("0.###", CultureInfo.InvariantCulture) + " s";
}
