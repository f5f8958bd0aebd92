using CrossModalVae.Audio;
using CrossModalVae.Cli.Terminal;
using CrossModalVae.Models;
using CrossModalVae.Scoring;

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

    /// <summary>How the loaded reads sound files; broken is what that does not tolerate.</summary>
    public SoundReading? Reading { get; init; }

    /// <summary>Whether broken clips are left out, and named in the output.</summary>
    public bool SkipBroken { get; init; }

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
        EmbeddingFile.SkippedName, EmbeddingJob.FileName, EmbeddingOrigin.FileName,
    ];

    /// <summary>Clips of one chunk: a few seconds of work, so little is lost when a run is stopped.</summary>
    private const int ChunkClips = 512;

    internal static EmbeddingSet Run(
        ScoringModel loaded,
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

        features?.RequireRecipe(loaded.Recipe); // refused before anything is written
        int clipCount = clips.Length;
        IReadOnlyList<SkippedClip> unprepared = [];
        if (features is not null)
        {
            (Manifest sound, unprepared) = features.WithoutSkipped(manifest.With(clips));
            BrokenClips.RequireSome(manifest, clipCount, unprepared);
            clips = [.. sound.Clips];
        }

        string parts = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + AtomicFile.PartialSuffix;
        Clip[][] chunks = [.. clips.Chunk(ChunkClips)];
        var job = new EmbeddingJob(
            loaded, manifest, chunks, features, options.Modalities, options.Parts, $"{options.Split} {options.Shard}");
        bool maySkip = options.SkipBroken || EmbeddingFile.ReadSkipped(folder).Count == unprepared.Count;
        if (options.Resume && maySkip && job.IsFinished(folder))
        {
            foreach (SkippedClip clip in EmbeddingFile.ReadSkipped(folder))
            {
                error.WriteLine($"warning: {clip.Text}");
            }

            error.WriteLine($"{folder}: everything was computed before, from the same model, corpus and options");
            if (EmbeddingOrigin.Read(folder) is null)
            {
                EmbeddingOrigin.Of(loaded.Card).Write(folder); // a folder of an older version lacks it
            }

            return EmbeddingFile.Read(folder);
        }

        if (options.Resume && !options.Force && job.IsOfAnother(folder))
        {
            throw new UserErrorException(
                $"{folder}: holds embeddings of another model, manifest, split or modality; choose another --out, or replace them with "
                + "--force.");
        }

        Open(parts, folder, options.Resume, job);
        var skipped = new List<SkippedClip>();
        using (ProgressBar progress = ProgressBar.Start("embedding", clips.Length, error))
        {
            int done = 0;
            Skip(unprepared);
            for (int i = 0; i < chunks.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                string part = PartFolder(parts, i);
                if (!job.IsPartFinished(part, i) || (!options.SkipBroken && EmbeddingFile.ReadSkipped(part).Count > 0))
                {
                    Manifest chunk = manifest.With(chunks[i]);
                    int before = done;
                    var shifted = new Relay<int>(value => progress.Report(before + value));
                    (EmbeddingSet embedded, IReadOnlyList<SkippedClip> broken) = Embed(
                        loaded, features, chunk, options, shifted, cancellationToken);
                    if (Directory.Exists(part))
                    {
                        Directory.Delete(part, recursive: true);
                    }

                    if (embedded.Count > 0)
                    {
                        EmbeddingFile.Write(part, embedded);
                    }

                    EmbeddingFile.WriteSkipped(part, broken);
                    job.FinishPart(part, i);
                }

                Skip(EmbeddingFile.ReadSkipped(part)); // an earlier run's too
                done += chunks[i].Length;
                progress.Report(done);
            }

            void Skip(IReadOnlyList<SkippedClip> broken)
            {
                foreach (SkippedClip clip in broken)
                {
                    progress.Line($"warning: {clip.Text}");
                }

                skipped.AddRange(broken);
            }
        }

        BrokenClips.RequireSome(manifest, clipCount, skipped);
        EmbeddingSet all = Join(parts, chunks.Length);
        EmbeddingJob.Begin(folder);
        EmbeddingFile.Write(folder, all, skipped);
        EmbeddingOrigin.Of(loaded.Card).Write(folder);
        job.Finish(folder);
        Directory.Delete(parts, recursive: true);
        return all;
    }

    // One broken clip fails its whole chunk; only then are the chunk's clips read one by one to find all that are broken.
    internal static (EmbeddingSet Embedded, IReadOnlyList<SkippedClip> Broken) Embed(
        ScoringModel loaded,
        FeatureStore? features,
        Manifest chunk,
        EmbeddingOptions options,
        IProgress<int> progress,
        CancellationToken cancellationToken)
    {
        if (features is not null)
        {
            return (loaded.Embed(features, chunk, options.Modalities, options.Parts, progress, cancellationToken), []);
        }

        try
        {
            return (loaded.Embed(chunk, options.Modalities, options.Parts, progress, cancellationToken), []);
        }
        catch (Exception e) when (BrokenClips.IsFault(e))
        {
            cancellationToken.ThrowIfCancellationRequested();
            BrokenClips.Mark(e);
            if (!options.SkipBroken)
            {
                throw;
            }

            bool isJoint = options.Modalities.Contains(Modality.Joint);
            IReadOnlyList<SkippedClip> broken = new FeatureExtractor(loaded.Recipe, options.Reading, loaded.FrontEnds).FindBroken(
                chunk,
                isJoint || options.Modalities.Contains(Modality.Voice),
                isJoint || options.Modalities.Contains(Modality.Face),
                cancellationToken);
            if (broken.Count == 0)
            {
                throw;
            }

            HashSet<(string, string)> names = [.. broken.Select(clip => (clip.Identity, clip.Clip))];
            Manifest sound = chunk.With([.. chunk.Clips.Where(clip => !names.Contains((clip.Identity, clip.Name)))]);
            return sound.Clips.Count == 0
                ? (new EmbeddingSet([], loaded.Recipe.Model.LatentDimension, []), broken)
                : (loaded.Embed(sound, options.Modalities, options.Parts, progress, cancellationToken), broken);
        }
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
