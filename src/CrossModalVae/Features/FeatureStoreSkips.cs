using System.Text;
using System.Text.Json.Nodes;
using CrossModalVae.Corpora;

namespace CrossModalVae.Features;

/// <summary>A clip that a feature store left out, and what its manifest entry and files were then.</summary>
/// <param name="Clip">The clip and the reason.</param>
/// <param name="Entry">See <see cref="ClipFingerprint.Entry"/>.</param>
/// <param name="Sources">See <see cref="ClipFingerprint.Sources"/>; null where a file was not there.</param>
internal sealed record FeatureStoreSkip(SkippedClip Clip, UInt128 Entry, UInt128? Sources)
{
    public static FeatureStoreSkip Of(Manifest manifest, Clip clip, SkippedClip skipped) =>
        new(skipped, ClipFingerprint.Entry(clip), ClipFingerprint.Sources(manifest, clip));

    /// <summary>Whether manifest entry and files are still as they were.</summary>
    public bool IsStill(Manifest manifest, Clip clip) =>
        Entry == ClipFingerprint.Entry(clip) && Sources == ClipFingerprint.Sources(manifest, clip);

    public JsonObject ToJson()
    {
        JsonObject json = Clip.ToJson();
        json["entry"] = Entry.ToString("x32", CultureInfo.InvariantCulture);
        json["sources"] = Sources?.ToString("x32", CultureInfo.InvariantCulture);
        return json;
    }

    /// <summary>Reads what <see cref="ToJson"/> made.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static FeatureStoreSkip Of(StrictJson json) =>
        new(SkippedClip.Of(json), Number(json["entry"]), json.Find("sources") is StrictJson sources ? Number(sources) : null);

    private static UInt128 Number(StrictJson json) =>
        UInt128.TryParse(json.AsString(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out UInt128 value)
            ? value
            : throw json.Fault("32 hexadecimal digits");
}

/// <summary>
/// The broken clips that were found while a store is prepared, a line each in a file beside it as soon as they are known: a resumed
/// preparation does not read them again, unless they have changed.
/// </summary>
internal sealed class FeatureStoreSkips : IDisposable
{
    private readonly Manifest _manifest;
    private readonly FileStream _file;
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Identity, string Name), FeatureStoreSkip> _known = [];
    private readonly BrokenClips _broken;

    private FeatureStoreSkips(Manifest manifest, FileStream file, BrokenClips broken) =>
        (_manifest, _file, _broken) = (manifest, file, broken);

    /// <summary>Opens what an earlier run left in a file, or begins.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="FileNotFoundException">A voice needs ffmpeg, and there is none on the PATH.</exception>
    public static FeatureStoreSkips Open(Manifest manifest, string path, CancellationToken cancellationToken)
    {
        var broken = new BrokenClips(manifest, manifest.Clips, cancellationToken);
        byte[] before = File.Exists(path) ? File.ReadAllBytes(path) : [];
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var skips = new FeatureStoreSkips(manifest, new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read), broken);
        Dictionary<(string Identity, string Name), Clip> clips = manifest.Clips.ToDictionary(clip => (clip.Identity, clip.Name));
        int line = 0;

        // An unfinished write has no line feed and is ignored.
        for (int start = 0, end; (end = Array.IndexOf(before, (byte)'\n', start)) >= 0; start = end + 1)
        {
            var skip = FeatureStoreSkip.Of(StrictJsonParser.Parse(before.AsSpan(start, end - start), path, ++line));
            if (clips.TryGetValue((skip.Clip.Identity, skip.Clip.Clip), out Clip? clip) && skip.IsStill(manifest, clip))
            {
                skips.Append(clip, skip);
            }
        }

        return skips;
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _known.Count;
            }
        }
    }

    /// <summary>All of them, in manifest order.</summary>
    public IReadOnlyList<FeatureStoreSkip> All =>
        [.. _manifest.Clips.Select(clip => _known.GetValueOrDefault((clip.Identity, clip.Name))).OfType<FeatureStoreSkip>()];

    public bool Contains(Clip clip)
    {
        lock (_gate)
        {
            return _known.ContainsKey((clip.Identity, clip.Name));
        }
    }

    /// <summary>Reads a clip; false where it is broken, which is then on the disk.</summary>
    public bool Try(Clip clip, Action read)
    {
        if (_broken.Try(clip, read))
        {
            return true;
        }

        Append(clip, FeatureStoreSkip.Of(_manifest, clip, _broken.In([clip])[0]));
        return false;
    }

    public void Dispose() => _file.Dispose();

    private void Append(Clip clip, FeatureStoreSkip skip)
    {
        lock (_gate)
        {
            if (_known.TryAdd((clip.Identity, clip.Name), skip))
            {
                _file.Write(Encoding.UTF8.GetBytes(JsonText.Compact(skip.ToJson()) + "\n"));
                _file.Flush();
            }
        }
    }
}
