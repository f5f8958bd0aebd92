using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace CrossModalVae.Corpora;

/// <summary>
/// A manifest on its way: its lines so far in MANIFEST.partial, and beside it, in MANIFEST.partial.done, how long that file was when each
/// person was done and what was noticed on the way. Whenever the process dies, everything up to the last person done is there to go on
/// from, and the end is the same bytes as without the stop. The manifest itself appears whole, by a rename.
/// </summary>
internal sealed class CorpusJournal : IDisposable
{
    private readonly string _manifestPath;
    private readonly FileStream _lines;
    private readonly FileStream _done;
    private int _lineCount;

    private CorpusJournal(string manifestPath, IReadOnlyList<DonePerson> done, long linesEnd, long doneEnd, int lineCount)
    {
        _manifestPath = manifestPath;
        Done = done;
        _lineCount = lineCount;
        _done = OpenAt(DonePath(manifestPath), doneEnd);
        _lines = OpenAt(LinesPath(manifestPath), linesEnd);
    }

    /// <summary>Somebody whose clips were all written.</summary>
    internal sealed record DonePerson(string Identity, IReadOnlyList<CorpusNotice> Notices);

    /// <summary>Whom an earlier run finished, in its order; empty where it starts anew.</summary>
    public IReadOnlyList<DonePerson> Done { get; }

    /// <summary>Opens the journal of a manifest, anew or where an earlier run with the same inputs stopped.</summary>
    /// <param name="manifestPath">The manifest to be.</param>
    /// <param name="job">A hash of everything that shapes the manifest.</param>
    /// <param name="resume">Whether to go on where an earlier run stopped.</param>
    /// <param name="recovered">Is given the clips of the people done, read back strictly, in order.</param>
    /// <exception cref="InvalidDataException">There is nothing to go on with, it is of another run, or broken.</exception>
    /// <exception cref="IOException">The journal cannot be written.</exception>
    public static CorpusJournal Open(string manifestPath, string job, bool resume, Action<Clip> recovered)
    {
        string donePath = DonePath(manifestPath);
        if (resume && !File.Exists(donePath) && !File.Exists(manifestPath))
        {
            throw new InvalidDataException($"{manifestPath}: there is no stopped run to go on with; run without --resume.");
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(manifestPath))!);
            (List<DonePerson> people, long linesEnd, long doneEnd) = resume ? Recover(manifestPath, job) : ([], 0, 0);
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

            var journal = new CorpusJournal(manifestPath, people, linesEnd, doneEnd, count);
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

    /// <summary>Adds a clip; it counts once its person is done.</summary>
    public void Write(Clip clip) =>
        _lines.Write(JsonFile.Line(LinesPath(_manifestPath), ++_lineCount, FileSchema.ManifestLine, ManifestWriter.ToJson(clip)));

    /// <summary>
    /// Says that a person's clips are all written. The clips reach the file first, so a length in the journal is never ahead of them.
    /// </summary>
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
    public static string HashOf(IEnumerable<string> inputs)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string input in inputs)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(input + "\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string LinesPath(string manifestPath) => manifestPath + AtomicFile.PartialSuffix;

    private static string DonePath(string manifestPath) => LinesPath(manifestPath) + ".done";

    private static FileStream OpenAt(string path, long end)
    {
        var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, 1 << 16);
        stream.SetLength(end);
        stream.Position = end;
        return stream;
    }

    /// <summary>Whom the journal says to be done, and how far both files are good.</summary>
    private static (List<DonePerson> People, long LinesEnd, long DoneEnd) Recover(string manifestPath, string job)
    {
        byte[] journal = File.Exists(DonePath(manifestPath)) ? File.ReadAllBytes(DonePath(manifestPath)) : [];
        var lines = new FileInfo(LinesPath(manifestPath));
        long length = lines.Exists ? lines.Length : 0;
        var people = new List<DonePerson>();
        (long linesEnd, int doneEnd, int line) = (0, 0, 0);

        // A write that was not finished has no line feed: it is no part of the journal.
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
            people.Add(new DonePerson(entry["identity"].AsString(), entry["notices"].AsArray(ToNotice)));
        }

        return (people, linesEnd, doneEnd);
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
