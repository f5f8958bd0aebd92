using CrossModalVae.Cli.Terminal;
using CrossModalVae.Pipelines;

namespace CrossModalVae.Cli.Workflows;

/// <summary>What to embed of a corpus.</summary>
internal sealed record EmbeddingOptions
{
    /// <summary>This split only; null for all.</summary>
    public CorpusSplit? Split { get; init; }

    public required IReadOnlyList<Modality> Modalities { get; init; }

    public EmbeddingParts Parts { get; init; }

    public Shard Shard { get; init; } = Shard.Whole;

    public bool Resume { get; init; }

    /// <summary>Whether embeddings of another model, split or manifest are replaced.</summary>
    public bool Force { get; init; }
}

/// <summary>The i-th of n contiguous parts of a corpus, i from 0.</summary>
internal readonly record struct Shard(int Index, int Count)
{
    /// <summary>All of it.</summary>
    internal static Shard Whole => new(0, 1);

    internal static Shard Parse(string? text) =>
        text is null ? Whole : TryParse(text) ?? throw new UserErrorException(Fault(text)!);

    /// <summary>What is wrong with a text that should name a part; null where nothing is.</summary>
    internal static string? Fault(string? text) => text is null || TryParse(text) is not null
        ? null
        : $"--shard is '{text}'; must be i/n with i from 0 to n - 1, as in 0/4.";

    private static Shard? TryParse(string text) => text.Split('/') is [string first, string second]
        && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
        && int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
        && index < count
            ? new Shard(index, count)
            : null;

    /// <summary>Where this part begins and ends among <paramref name="total"/> items.</summary>
    internal (int Start, int End) Of(int total) => ((int)((long)total * Index / Count), (int)((long)total * (Index + 1) / Count));
}

/// <summary>
/// Embeds a corpus in chunks. Finished chunks lie in a folder beside the output until all are done, so that a stopped run can be resumed;
/// the output appears whole, and a file in it says what it was computed from (<see cref="EmbeddingJob"/>).
/// </summary>
internal static class Embedding
{
    /// <summary>The files of an embedding folder.</summary>
    internal static string[] Files { get; } =
    [
        EmbeddingFile.MatrixName, EmbeddingFile.RowsName, EmbeddingFile.StandardDeviationsName, EmbeddingFile.ReconstructionsName,
        EmbeddingJob.FileName,
    ];

    /// <summary>Clips of one chunk: a few seconds of work, so little is lost when a run is stopped.</summary>
    private const int ChunkClips = 512;

    internal static EmbeddingSet Run(
        PipelineBundle bundle,
        Manifest manifest,
        FeatureStore? features,
        EmbeddingOptions options,
        string folder,
        TextWriter error,
        CancellationToken cancellationToken)
    {
        Clip[] chosen = [.. manifest.Clips.Where(clip => options.Split is null || clip.Split == options.Split)];
        (int start, int end) = options.Shard.Of(chosen.Length);
        Clip[] clips = chosen[start..end];
        if (clips.Length == 0)
        {
            throw new InvalidDataException($"{manifest.FilePath}: has no clip for this split and shard; expected some.");
        }

        features?.RequireRecipe(bundle.Recipe); // refused before anything is written
        string parts = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + AtomicFile.PartialSuffix;
        Clip[][] chunks = [.. clips.Chunk(ChunkClips)];
        var job = new EmbeddingJob(
            bundle, manifest, chunks, features, options.Modalities, options.Parts, $"{options.Split} {options.Shard}");
        if (options.Resume && job.IsFinished(folder))
        {
            error.WriteLine($"{folder}: everything was computed before, from the same model, corpus and options");
            return EmbeddingFile.Read(folder);
        }

        if (options.Resume && !options.Force && job.IsOfAnother(folder))
        {
            throw new UserErrorException(
                $"{folder}: holds embeddings of another model, manifest, split or modality; choose another --out, or replace them with "
                + "--force.");
        }

        Open(parts, folder, options.Resume, job);
        using (ProgressBar progress = ProgressBar.Start("embedding", clips.Length, error))
        {
            int done = 0;
            for (int i = 0; i < chunks.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                string part = PartFolder(parts, i);
                if (!job.IsPartFinished(part, i))
                {
                    var chunk = new Manifest(manifest.FilePath, chunks[i]);
                    int before = done;
                    var shifted = new Relay<int>(value => progress.Report(before + value));
                    EmbeddingSet embedded = features is null
                        ? bundle.Embed(chunk, options.Modalities, options.Parts, shifted, cancellationToken)
                        : bundle.Embed(features, chunk, options.Modalities, options.Parts, shifted, cancellationToken);
                    if (Directory.Exists(part))
                    {
                        Directory.Delete(part, recursive: true);
                    }

                    if (embedded.Count > 0)
                    {
                        EmbeddingFile.Write(part, embedded);
                    }

                    job.FinishPart(part, i);
                }

                done += chunks[i].Length;
                progress.Report(done);
            }
        }

        EmbeddingSet all = Join(parts, chunks.Length);
        EmbeddingJob.Begin(folder);
        EmbeddingFile.Write(folder, all);
        job.Finish(folder);
        Directory.Delete(parts, recursive: true);
        return all;
    }

    private static string PartFolder(string parts, int index) => Path.Combine(parts, index.ToString("D6", CultureInfo.InvariantCulture));

    // A part belongs to one job: the same model, clips and options. Anything else starts again or is refused.
    private static void Open(string parts, string folder, bool resume, EmbeddingJob job)
    {
        if (Directory.Exists(parts))
        {
            if (!resume)
            {
                Directory.Delete(parts, recursive: true);
            }
            else if (!job.OwnsParts(parts))
            {
                throw new UserErrorException(
                    $"{parts}: holds the parts of another run; "
                    + "expected the same model, corpus and options. Run without --resume to start again.");
            }
        }
        else if (resume && !File.Exists(Path.Combine(folder, EmbeddingFile.MatrixName)))
        {
            throw new UserErrorException($"{folder}: there is no stopped run to resume; run without --resume.");
        }

        job.ClaimParts(parts);
    }

    private static EmbeddingSet Join(string parts, int count)
    {
        var values = new List<float>();
        var deviations = new List<float>();
        var reconstructions = new List<float>();
        var rows = new List<EmbeddingRow>();
        int dimension = 1;
        for (int i = 0; i < count; i++)
        {
            string part = PartFolder(parts, i);
            if (!File.Exists(Path.Combine(part, EmbeddingFile.MatrixName)))
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

        return new EmbeddingSet(
            [.. values],
            dimension,
            rows,
            deviations.Count > 0 ? [.. deviations] : null,
            reconstructions.Count > 0 ? [.. reconstructions] : null);
    }
}
