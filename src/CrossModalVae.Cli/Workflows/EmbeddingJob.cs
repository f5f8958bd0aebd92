using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CrossModalVae.Models;
using CrossModalVae.Scoring;

namespace CrossModalVae.Cli.Workflows;

/// <summary>
/// What an embedding run computes, as hashes in files named <see cref="FileName"/>: the folder of parts holds the hash of the model, the
/// options and every field of the clips' manifest lines; each part that of size and time of the files that it was computed from; and the
/// finished folder all of that and the hash of what was written. So a run is resumed, or known to be finished, for the same inputs only.
/// </summary>
internal sealed class EmbeddingJob
{
    /// <summary>The job's file in an embedding folder, a folder of parts, or a part.</summary>
    internal const string FileName = "job";

    private readonly Manifest _manifest;
    private readonly Clip[][] _parts;
    private readonly string?[] _sources;
    private readonly string _inputs;
    private readonly string _work;

    internal EmbeddingJob(
        ScoringModel loaded,
        Manifest manifest,
        Clip[][] parts,
        FeatureStore? features,
        IReadOnlyList<Modality> modalities,
        EmbeddingParts extras,
        string part)
    {
        (_manifest, _parts, _sources) = (manifest, parts, new string?[parts.Length]);
        string model = $"{loaded.Card.WeightsHash} {loaded.Card.RecipeHash}";
        string options = $"{loaded.Recipe.Scoring.Joint} {string.Join(',', modalities)} {extras}";
        _work = HashOf([model, options, part, Path.GetFullPath(manifest.FilePath)]);
        bool rounded = features?.Precision == FeaturePrecision.Float16; // float32 has the same numbers as the files
        _inputs = HashOf(
            parts.SelectMany(clips => clips).Select(clip => JsonSerializer.Serialize(clip)) // every field: rows carry split, gender, ...
                .Prepend(rounded ? "float16" : "exact").Prepend(options).Prepend(model));
    }

    /// <summary>Whether a folder of parts is this job's.</summary>
    internal bool OwnsParts(string folder) => Read(folder) == _inputs;

    /// <summary>Makes a folder of parts this job's.</summary>
    internal void ClaimParts(string folder) => Write(folder, _inputs);

    /// <summary>Whether a part was computed whole, from the files as they are.</summary>
    internal bool IsPartFinished(string folder, int part) => Read(folder) == Sources(part);

    /// <summary>Marks a part as computed whole, from the files as they were when it was first checked.</summary>
    internal void FinishPart(string folder, int part) => Write(folder, Sources(part));

    /// <summary>Whether a folder holds what this job computes, as it was written.</summary>
    internal bool IsFinished(string folder) =>
        Read(folder) is string found && found.StartsWith(_inputs, StringComparison.Ordinal) && found == Finished(folder);

    /// <summary>
    /// Whether a folder holds embeddings of another model, manifest, split or modality. Those of other clips or files under the same
    /// manifest's name are of the same work, which is done anew.
    /// </summary>
    internal bool IsOfAnother(string folder) => File.Exists(Path.Combine(folder, EmbeddingFile.MatrixName))
        && Read(folder)?.EndsWith(_work, StringComparison.Ordinal) != true;

    /// <summary>Removes a folder's mark before its embeddings change.</summary>
    internal static void Begin(string folder)
    {
        Directory.CreateDirectory(folder);
        File.Delete(Path.Combine(folder, FileName));
        File.Delete(Path.Combine(folder, EmbeddingOrigin.FileName));
    }

    /// <summary>Marks a folder's embeddings as this job's.</summary>
    internal void Finish(string folder) => Write(folder, Finished(folder));

    private static void Write(string folder, string text) => AtomicFile.WriteAllText(Path.Combine(folder, FileName), text);

    private static string? Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        return File.Exists(path) ? File.ReadAllText(path) : null;
    }

    private string Finished(string folder)
    {
        string[] names =
        [
            EmbeddingFile.MatrixName, EmbeddingFile.RowsName, EmbeddingFile.StandardDeviationsName, EmbeddingFile.ReconstructionsName,
            EmbeddingFile.SkippedName,
        ];
        string written = HashOf(
            names.Select(name => Path.Combine(folder, name)).Select(path => File.Exists(path) ? HashOfFile(path) : "absent"));
        return $"{_inputs} {HashOf(Enumerable.Range(0, _parts.Length).Select(Sources))} {written} {_work}";
    }

    // Size and time of last change reveal a file that was replaced under its old name.
    private string Sources(int part) => _sources[part] ??= HashOf(
        _parts[part].SelectMany(clip => _manifest.FacePaths(clip).Prepend(_manifest.VoicePath(clip) ?? "")).Select(Stamp));

    private static string Stamp(string path)
    {
        if (path.Length == 0)
        {
            return "none";
        }

        var file = new FileInfo(path);
        if (file.LinkTarget is not null)
        {
            file = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
        }

        return file.Exists ? Invariant($"{file.Length} {file.LastWriteTimeUtc.Ticks}") : "absent";
    }

    private static string HashOfFile(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static string HashOf(IEnumerable<string> lines)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string line in lines)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(line + "\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
