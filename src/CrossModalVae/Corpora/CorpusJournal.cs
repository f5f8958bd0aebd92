using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace CrossModalVae.Corpora;

/// <summary>
/// A manifest being written: its lines so far in MANIFEST.partial, and in MANIFEST.partial.done the length of that file after each finished
/// identity, with the notices on it. A process that dies can be resumed after the last finished identity, and gives the same bytes as an
/// uninterrupted one. The manifest itself appears complete, by a rename.
/// </summary>
internal sealed class CorpusJournal : IDisposable
{
    private readonly string _manifestPath;
    private readonly FileStream _lines;
    private readonly FileStream _done;
    private int _lineCount;

    private CorpusJournal(string manifestPath, IReadOnlyList<DoneIdentity> done, long linesEnd, long doneEnd, int lineCount)
    {
        _manifestPath = manifestPath;
        Done = done;
        _lineCount = lineCount;
        _done = OpenAt(DonePath(manifestPath), doneEnd);
        _lines = OpenAt(LinesPath(manifestPath), linesEnd);
    }

    /// <summary>An identity whose clips are all written.</summary>
    internal sealed record DoneIdentity(string Identity, IReadOnlyList<CorpusNotice> Notices);

    /// <summary>The identities that an earlier run finished, in its order; empty for a new run.</summary>
    public IReadOnlyList<DoneIdentity> Done { get; }

    /// <summary>
    /// Opens the journal of a manifest, anew or where an earlier run with the same inputs stopped; <paramref name="recovered"/> receives
    /// the clips of the finished identities, read back strictly, in order. <paramref name="root"/> is the manifest's root or null.
    /// </summary>
    /// <exception cref="InvalidDataException">There is nothing to resume, it is of another run, or broken.</exception>
    /// <exception cref="IOException">The journal cannot be written.</exception>
    public static CorpusJournal Open(string manifestPath, string? root, string job, bool resume, Action<Clip> recovered)
    {
        string donePath = DonePath(manifestPath);
        if (resume && !File.Exists(donePath) && !File.Exists(manifestPath))
        {
            throw new InvalidDataException($"{manifestPath}: there is no stopped run to go on with; run without --resume.");
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(manifestPath))!);
            (List<DoneIdentity> done, long linesEnd, long doneEnd) = resume ? Recover(manifestPath, job) : ([], 0, 0);
            int count = 0;
            if (linesEnd > 0)
            {
                OpenAt(LinesPath(manifestPath), linesEnd).Dispose();
                foreach (Clip clip in ManifestReader.ReadClips(LinesPath(manifestPath)))
                {
                    recovered(clip);
                    count++;
                }
            }

            var journal = new CorpusJournal(manifestPath, done, linesEnd, doneEnd, count);
            if (linesEnd == 0 && root is not null)
            {
                journal._lines.Write(
                    JsonFile.Line(LinesPath(manifestPath), ++journal._lineCount, FileSchema.ManifestRoot, ManifestWriter.ToJson(root)));
            }

            if (doneEnd == 0)
            {
                Append(journal._done, new JsonObject { ["job"] = job });
            }

            return journal;
        }
        catch (InvalidDataException e) when (resume)
        {
            throw new InvalidDataException($"{e.Message} Run without --resume to start anew.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{manifestPath}: cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Adds a clip; it counts once its identity is finished.</summary>
    public void Write(Clip clip) =>
        _lines.Write(JsonFile.Line(LinesPath(_manifestPath), ++_lineCount, FileSchema.ManifestLine, ManifestWriter.ToJson(clip)));

    /// <summary>Records a finished identity, after its clips have reached the file, so that a length is never ahead of them.</summary>
    public void Finish(string identity, IReadOnlyList<CorpusNotice> notices)
    {
        _lines.Flush();
        Append(_done, new JsonObject
        {
            ["identity"] = identity,
            ["bytes"] = _lines.Position,
            ["notices"] = new JsonArray([.. notices.Select(ToJson)]),
        });
    }

    /// <summary>Gives the manifest its name and removes the journal.</summary>
    public void Complete()
    {
        _lines.Flush(flushToDisk: true);
        Dispose();
        File.Move(LinesPath(_manifestPath), _manifestPath, overwrite: true);
        File.Delete(DonePath(_manifestPath));
    }

    /// <summary>Removes what has been written so far.</summary>
    public void Discard()
    {
        Dispose();
        File.Delete(LinesPath(_manifestPath));
        File.Delete(DonePath(_manifestPath));
    }

    public void Dispose()
    {
        _lines.Dispose();
        _done.Dispose();
    }

    /// <summary>A hash of everything that shapes a manifest.</summary>
    public static string HashOf(IEnumerable<string> inputs) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(inputs.Select(input => input + "\n")))));

    private static string LinesPath(string manifestPath) => manifestPath + AtomicFile.PartialSuffix;

    private static string DonePath(string manifestPath) => LinesPath(manifestPath) + ".done";

    private static FileStream OpenAt(string path, long end)
    {
        var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, 1 << 16);
        stream.SetLength(end);
        stream.Position = end;
        return stream;
    }

    // The finished identities, and the valid length of both files.
    private static (List<DoneIdentity> Done, long LinesEnd, long DoneEnd) Recover(string manifestPath, string job)
    {
        byte[] journal = File.Exists(DonePath(manifestPath)) ? File.ReadAllBytes(DonePath(manifestPath)) : [];
        var lines = new FileInfo(LinesPath(manifestPath));
        long length = lines.Exists ? lines.Length : 0;
        var done = new List<DoneIdentity>();
        (long linesEnd, int doneEnd, int line) = (0, 0, 0);

        // An unfinished write has no line feed and is ignored.
        for (int end; (end = Array.IndexOf(journal, (byte)'\n', doneEnd)) >= 0; doneEnd = end + 1)
        {
            StrictJson entry = StrictJsonParser.Parse(journal.AsSpan(doneEnd, end - doneEnd), DonePath(manifestPath), ++line);
            if (line == 1)
            {
                if (entry["job"].AsString() != job)
                {
                    throw new InvalidDataException(
                        $"{DonePath(manifestPath)}: is of another run; expected the same corpus, lists and options.");
                }

                continue;
            }

            long bytes = entry["bytes"].AsInt64();
            if (bytes < linesEnd)
            {
                throw entry["bytes"].Fault($"at least {linesEnd}, what earlier lines say");
            }

            if (bytes > length)
            {
                break; // a machine that lost power may have kept the journal and lost clips
            }

            linesEnd = bytes;
            done.Add(new DoneIdentity(entry["identity"].AsString(), entry["notices"].AsArray(ToNotice)));
        }

        return (done, linesEnd, doneEnd);
    }

    private static JsonObject ToJson(CorpusNotice notice) => new()
    {
        ["what"] = notice.What,
        ["count"] = notice.Count,
        ["examples"] = new JsonArray([.. notice.Examples.Select(example => (JsonNode)example)]),
    };

    private static CorpusNotice ToNotice(StrictJson notice) => new(
        notice["what"].AsString(), notice["count"].AsInt32(), notice["examples"].AsArray(example => example.AsString()));

    private static void Append(FileStream done, JsonObject entry)
    {
        done.Write(Encoding.UTF8.GetBytes(JsonText.Compact(entry) + "\n"));
        done.Flush();
    }
}
