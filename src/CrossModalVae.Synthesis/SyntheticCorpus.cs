using CrossModalVae.Audio;
using CrossModalVae.Synthesis.Faces;
using CrossModalVae.Synthesis.Voices;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;

namespace CrossModalVae.Synthesis;

/// <summary>Progress of a generation.</summary>
/// <param name="DoneClips">Clips whose files are complete.</param>
/// <param name="TotalClips">Clips of the whole corpus.</param>
public readonly record struct SyntheticProgress(int DoneClips, int TotalClips);

/// <summary>
/// Generates a corpus of synthetic identities. Their traits shape the voice (source-filter synthesis) and, with correlated values, the face
/// (a rendered head); other traits belong to one modality, and every clip has nuisance factors that are independent between sound and
/// picture. So the best possible score is known: <see cref="SyntheticTruth.Score"/>.
/// </summary>
public static class SyntheticCorpus
{
    /// <summary>The manifest's name in the corpus's folder.</summary>
    public const string ManifestFileName = "manifest.jsonl";

    /// <summary>
    /// Writes wav/, faces/, traits.jsonl, synthetic-card.json and, at the end, manifest.jsonl. The same options give the same bytes for any
    /// number of threads; two machines agree as far as their mathematical libraries and JPEG encoders do. The same call resumes an
    /// interrupted generation: existing files are complete and are kept.
    /// </summary>
    /// <param name="options">The options of the corpus.</param>
    /// <param name="outputFolder">The corpus's folder; created where missing.</param>
    /// <param name="progress">Reported to after every clip, from any thread; may be null.</param>
    /// <param name="cancellationToken">Stops between two files; the folder can be resumed.</param>
    /// <returns>The manifest as written.</returns>
    /// <exception cref="ArgumentException">An option lies outside its range.</exception>
    /// <exception cref="InvalidOperationException">The folder holds another corpus.</exception>
    /// <exception cref="IOException">A file cannot be written; the message names it.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static Manifest Generate(
        SyntheticCorpusOptions options,
        string outputFolder,
        IProgress<SyntheticProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrEmpty(outputFolder);
        options.Validate();

        string manifestPath = Path.Combine(outputFolder, ManifestFileName);
        ClaimFolder(options, outputFolder, manifestPath);
        IdentityTraits[] identities = TraitSampler.Sample(options);
        SyntheticTraitsFile.Write(Path.Combine(outputFolder, SyntheticTruth.TraitsFileName), identities);

        int total = checked(identities.Length * options.ClipsPerIdentity);
        var durations = new double[total];
        int done = 0;
        ParallelLoop.For(
            total,
            index =>
            {
                (int identity, int clip) = Math.DivRem(index, options.ClipsPerIdentity);
                durations[index] = WriteClip(options, outputFolder, identities[identity], clip, cancellationToken);
                progress?.Report(new SyntheticProgress(Interlocked.Increment(ref done), total));
            },
            options.ThreadCount,
            cancellationToken);
        Clip[] clips = [.. durations.Select((seconds, index) =>
            Describe(options, identities[index / options.ClipsPerIdentity], index % options.ClipsPerIdentity, seconds))];
        ManifestWriter.Write(manifestPath, clips);
        return new Manifest(manifestPath, clips);
    }

    private static void ClaimFolder(SyntheticCorpusOptions options, string folder, string manifestPath)
    {
        string cardPath = Path.Combine(folder, SyntheticCard.FileName);
        string card = JsonFile.Text(cardPath, FileSchema.SyntheticCard, SyntheticCard.ToJson(options));
        if (!File.Exists(cardPath))
        {
            if (File.Exists(manifestPath))
            {
                throw UserError.Mark(new InvalidOperationException(
                    $"{manifestPath}: exists without {SyntheticCard.FileName}, so it is another corpus; choose an empty folder."));
            }

            AtomicFile.WriteAllText(cardPath, card);
        }
        else if (File.ReadAllText(cardPath) != card)
        {
            throw UserError.Mark(new InvalidOperationException(
                $"{cardPath}: describes a corpus made with other options; choose another folder, or delete this one to make it anew."));
        }
    }

    // Sound and picture of a clip have separate random streams: only the traits connect them.
    internal static SeededRandom VoiceRandom(long seed, string identity, int clip) =>
        SeededRandom.For(seed, FormattableString.Invariant($"voice/{identity}/{clip}"));

    internal static SeededRandom FaceRandom(long seed, string identity, int clip) =>
        SeededRandom.For(seed, FormattableString.Invariant($"face/{identity}/{clip}"));

    private static double WriteClip(
        SyntheticCorpusOptions options, string folder, IdentityTraits identity, int clip, CancellationToken cancellationToken)
    {
        string wav = Path.Combine(folder, VoiceFile(identity, clip));
        double seconds;
        if (File.Exists(wav))
        {
            seconds = WavFile.ReadInfo(wav).DurationSeconds;
        }
        else
        {
            float[] samples = VoiceSynthesizer.Speak(
                identity.Voice, options.MinimumSeconds, options.MaximumSeconds, VoiceRandom(options.Seed, identity.Identity, clip));
            WavFile.Write(wav, samples, VoiceSynthesizer.SampleRateHz);
            seconds = samples.Length / (double)VoiceSynthesizer.SampleRateHz;
        }

        FaceConditions conditions = FaceConditions.Draw(FaceRandom(options.Seed, identity.Identity, clip));
        for (int frame = 0; frame < options.FramesPerClip; frame++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string jpg = Path.Combine(folder, FaceFile(identity, clip, frame));
            if (!File.Exists(jpg))
            {
                var random = SeededRandom.For(options.Seed, FormattableString.Invariant($"frame/{identity.Identity}/{clip}/{frame}"));
                byte[] pixels = FaceRenderer.Render(identity.Face, conditions, options.FaceSize, random); // [FaceSize, FaceSize, 3]
                using Image<Rgb24> image = Image.LoadPixelData<Rgb24>(pixels, options.FaceSize, options.FaceSize);
                AtomicFile.Write(jpg, stream => image.SaveAsJpeg(stream, new JpegEncoder { Quality = conditions.JpegQuality }));
            }
        }

        return seconds;
    }

    private static Clip Describe(SyntheticCorpusOptions options, IdentityTraits identity, int clip, double seconds) => new()
    {
        Identity = identity.Identity,
        Name = ClipName(clip),
        Voice = VoiceFile(identity, clip),
        Faces = [.. Enumerable.Range(0, options.FramesPerClip).Select(frame => FaceFile(identity, clip, frame))],
        Gender = identity.Voice.Shared.Sex == Sex.Male ? "m" : "f",
        Nationality = identity.Region,
        Age = identity.AgeYears,
        Split = identity.Split,
        DurationSeconds = seconds,
    };

    private static string ClipName(int clip) => FormattableString.Invariant($"{clip:D3}");

    private static string VoiceFile(IdentityTraits identity, int clip) => $"wav/{identity.Identity}/{ClipName(clip)}.wav";

    private static string FaceFile(IdentityTraits identity, int clip, int frame) =>
        FormattableString.Invariant($"faces/{identity.Identity}/{ClipName(clip)}/{frame:D2}.jpg");
}
