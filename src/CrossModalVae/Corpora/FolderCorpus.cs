namespace CrossModalVae.Corpora;

/// <summary>
/// Makes a manifest from folders whose files are named by a pattern, by default ROOT/identity/clip with one voice (wav, or whatever ffmpeg
/// reads), the face frames (jpg or png, in the order of their names), or both. A clip with one modality is legal. Where a clip has voices
/// of several kinds, a wav comes before other sounds and these before videos. Everything that is left out is counted and reported.
/// </summary>
/// <example>
/// GRID-like: <c>{identity}/{clip}/audio.wav</c> with faces <c>{identity}/{clip}/*.jpg</c>; LibriSpeech:
/// <c>{identity}/{video}/{clip}.flac</c>; RAVDESS's voices: <c>Actor_{identity}/03-01-{clip}.wav</c>; FSDD: <c>{identity}/{clip}.wav</c>.
/// </example>
public sealed class FolderCorpus
{
    private readonly FolderCorpusOptions _options;

    /// <summary>Stores and validates the options.</summary>
    /// <param name="options">The corpus folder and the file name patterns.</param>
    /// <exception cref="ArgumentException">The options are invalid.</exception>
    public FolderCorpus(FolderCorpusOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
    }

    /// <summary>
    /// Writes the manifest without opening voices or images, which <see cref="CorpusCheck"/> does. The names of all files are held in
    /// memory, some 200 bytes each.
    /// </summary>
    /// <param name="manifestPath">The manifest. In the corpus folder or a folder above it, its paths are relative to it; elsewhere it
    /// has the corpus folder as its root.</param>
    /// <param name="progress">Reported after each identity.</param>
    /// <param name="cancellationToken">Stops the work; nothing is written then.</param>
    /// <returns>What was written and what was omitted.</returns>
    /// <exception cref="DirectoryNotFoundException">There is no such corpus.</exception>
    /// <exception cref="InvalidDataException">No clip was found, a split or gender is not valid, or an identity is in two
    /// splits.</exception>
    /// <exception cref="IOException">The manifest cannot be written; it is as it was before.</exception>
    public CorpusBuildReport Write(
        string manifestPath, IProgress<CorpusBuildProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        (string prefix, string? root) = CorpusBuild.Place(_options.Root, manifestPath);
        var tally = new CorpusTally();
        IReadOnlyList<FolderClip> found = new FolderWalk(_options, tally).Run(cancellationToken);
        if (found.Count == 0)
        {
            string what = string.Join(" or ", _options.VoicePatterns.Concat(_options.FacePatterns).Distinct());
            throw new InvalidDataException(
                $"{_options.Root}: has no clip{tally.Reasons}; expected files named {what}, where {CorpusFiles.Kinds}.");
        }

        string[] identities = [.. found.Select(clip => clip.Identity).Distinct()];
        IReadOnlyDictionary<string, CorpusSplit> splits = found[0].Split is null
            ? IdentitySplit.Deal(identities, _options.Split)
            : found.DistinctBy(clip => clip.Identity)
                .ToDictionary(clip => clip.Identity, clip => clip.Split!.Value, StringComparer.Ordinal);
        var counter = new CorpusBuildCounter();
        int done = 0;
        ManifestWriter.Write(manifestPath, found.Select((clip, i) =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            var made = clip.ToClip(prefix, splits[clip.Identity]);
            counter.Add(made);
            if (i + 1 == found.Count || found[i + 1].Identity != clip.Identity)
            {
                done++;
                progress?.Report(new CorpusBuildProgress(done, identities.Length, counter.ClipCount));
            }

            return made;
        }), root);
        return counter.Report(tally.Notices);
    }
}
