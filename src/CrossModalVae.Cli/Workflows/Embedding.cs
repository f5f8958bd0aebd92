using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CrossModalVae.Cli.Terminal;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Features;
using CrossModalVae.Files;
using CrossModalVae.Numerics;
using CrossModalVae.Pipelines;

namespace CrossModalVae.Cli.Workflows;

/// <summary>
/// Embeds a corpus in chunks. Finished chunks lie in a folder beside the output until all are done, so that a stopped run goes on where it was;
/// the output appears whole.
/// </summary>
internal static class Embedding
{
    /// <summary>Clips of one chunk: a few seconds of work, so little is lost when a run is stopped.</summary>
    private const int ChunkClips = 512;

    private const string JobName = "job";

    internal static EmbeddingSet Run(
        PipelineBundle bundle,
        Manifest manifest,
        FeatureStore? features,
        CorpusSplit? split,
        IReadOnlyList<Modality> modalities,
        EmbeddingParts extras,
        Shard shard,
        string folder,
        bool resume,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        Clip[] chosen = [.. manifest.Clips.Where(clip => split is null || clip.Split == split)];
        (int start, int end) = shard.Of(chosen.Length);
        Clip[] clips = chosen[start..end];
        if (clips.Length == 0)
        {
            throw new InvalidDataException($"{manifest.FilePath}: has no clip for this split and shard; expected some.");
        }

        features?.RequireRecipe(bundle.Recipe); // refused before anything is written
        string parts = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + AtomicFile.PartialSuffix;
        Open(parts, folder, resume, Fingerprint(bundle, clips, features, modalities, extras));
        using (ProgressBar progress = ProgressBar.Start("embedding", clips.Length, error))
        {
            for (int first = 0; first < clips.Length; first += ChunkClips)
            {
                cancellationToken.ThrowIfCancellationRequested();
                string part = PartFolder(parts, first);
                int count = Math.Min(ChunkClips, clips.Length - first);
                if (!File.Exists(Path.Combine(part, EmbeddingFile.MatrixName)))
                {
                    var chunk = new Manifest(manifest.FilePath, clips[first..(first + count)]);
                    int done = first;
                    EmbeddingSet embedded = features is null
                        ? bundle.Embed(chunk, [.. modalities], extras, new Shifted(progress, done), cancellationToken)
                        : bundle.Embed(features, chunk, [.. modalities], extras, new Shifted(progress, done), cancellationToken);
                    if (embedded.Count > 0)
                    {
                        EmbeddingFile.Write(part, embedded);
                    }
                }

                progress.Report(first + count);
            }
        }

        EmbeddingSet all = Join(parts, clips.Length);
        EmbeddingFile.Write(folder, all);
        Directory.Delete(parts, recursive: true);
        return all;
    }

    private static string PartFolder(string parts, int first) =>
        Path.Combine(parts, (first / ChunkClips).ToString("D6", CultureInfo.InvariantCulture));

    // A part belongs to one job: the same model, clips and modalities. Anything else starts anew or is refused.
    private static void Open(string parts, string folder, bool resume, string fingerprint)
    {
        string job = Path.Combine(parts, JobName);
        if (Directory.Exists(parts))
        {
            if (!resume)
            {
                Directory.Delete(parts, recursive: true);
            }
            else if (!File.Exists(job) || File.ReadAllText(job) != fingerprint)
            {
                throw new InvalidDataException($"{parts}: holds the parts of another run; expected the same model, corpus and options. Run without --resume to start anew.");
            }
        }
        else if (resume && !File.Exists(Path.Combine(folder, EmbeddingFile.MatrixName)))
        {
            throw new InvalidDataException($"{folder}: there is no stopped run to go on with; run without --resume.");
        }

        AtomicFile.WriteAllText(job, fingerprint);
    }

    private static string Fingerprint(PipelineBundle bundle, Clip[] clips, FeatureStore? features, IReadOnlyList<Modality> modalities, EmbeddingParts extras)
    {
        var text = new StringBuilder();
        text.Append(bundle.Card.WeightsHash).Append('\n').Append(bundle.Card.RecipeHash).Append('\n').Append(bundle.Recipe.Scoring.Joint).Append('\n');
        text.AppendJoin(' ', modalities).Append('\n');
        if (extras != EmbeddingParts.None)
        {
            text.Append(extras).Append('\n');
        }

        if (features?.Precision == FeaturePrecision.Float16)
        {
            text.Append("float16\n"); // other numbers than those of the files and of float32, which are the same
        }

        foreach (Clip clip in clips)
        {
            text.Append(CultureInfo.InvariantCulture, $"{clip.Key} {clip.Voice} {clip.StartSeconds} {clip.DurationSeconds} {string.Join(' ', clip.Faces)}");
            text.AppendJoin(' ', clip.FaceBoxes).Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    private static EmbeddingSet Join(string parts, int clipCount)
    {
        var values = new List<float>();
        var deviations = new List<float>();
        var reconstructions = new List<float>();
        var rows = new List<EmbeddingRow>();
        int dimension = 1;
        for (int first = 0; first < clipCount; first += ChunkClips)
        {
            string part = PartFolder(parts, first);
            if (!Directory.Exists(part))
            {
                continue; // no clip of the chunk has a modality that was asked for
            }

            EmbeddingSet set = EmbeddingFile.Read(part);
            dimension = set.Dimension;
            values.AddRange(set.Values);
            deviations.AddRange(set.StandardDeviations ?? []);
            reconstructions.AddRange(set.Reconstructions ?? []);
            rows.AddRange(set.Rows);
        }

        return new EmbeddingSet([.. values], dimension, rows, deviations.Count > 0 ? [.. deviations] : null, reconstructions.Count > 0 ? [.. reconstructions] : null);
    }

    private sealed class Shifted(IProgress<int> progress, int offset) : IProgress<int>
    {
        public void Report(int value) => progress.Report(offset + value);
    }
}
