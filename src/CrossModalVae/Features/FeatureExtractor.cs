using CrossModalVae.Audio;
using CrossModalVae.Augmentation;
using CrossModalVae.Corpora;
using CrossModalVae.Faces;
using CrossModalVae.Recipes;

namespace CrossModalVae.Features;

/// <summary>Runs both front ends of a recipe over a corpus, on all cores; the result does not depend on their number.</summary>
public sealed class FeatureExtractor
{
    private readonly Recipe _recipe;
    private readonly VoiceFrontEnd _voice;
    private readonly FaceFrontEnd _face;
    private readonly VoiceAugmenter? _augmenter;

    /// <summary>Prepares the front ends of a recipe, without augmentation.</summary>
    /// <param name="recipe">Its voice and face sections are used.</param>
    /// <param name="reading">Which faults of sound files are tolerated, and the list of files that had them. Default none.</param>
    /// <param name="encoders">The networks of the recipe's encoder sections, which stay the caller's. Default none.</param>
    /// <exception cref="ArgumentException">An option is out of range; all faults are named. Or the recipe has an encoder section, and the
    /// network is missing.</exception>
    public FeatureExtractor(Recipe recipe, SoundReading? reading = null, FrozenEncoders? encoders = null)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        _recipe = recipe;
        _voice = new VoiceFrontEnd(recipe.Voice, reading, encoders?.Voice);
        _face = new FaceFrontEnd(recipe.Face, encoders?.Face);
        bool hasFrames = recipe.Voice is { Pooling: TimePooling.None, Encoder: null };
        VoiceShape = hasFrames ? [_voice.FrameCount, _voice.BinCount] : [_voice.FeatureCount];
        int pictures = recipe.Face.PictureCount;
        int planes = _face.FeatureCount / (pictures * recipe.Face.Width * recipe.Face.Height);
        int[] plane = [recipe.Face.Height, recipe.Face.Width];
        FaceShape = recipe.Face.Encoder is not null ? [_face.FeatureCount]
            : pictures > 1 ? [pictures, planes, .. plane]
            : planes > 1 ? [planes, .. plane]
            : plane;
    }

    /// <summary>Prepares the front ends and the augmentation of a recipe.</summary>
    /// <param name="recipe">Its voice, face and augmentation sections are used.</param>
    /// <param name="sources">Noise, speech and room recordings.</param>
    /// <param name="reading">Which faults of sound files are tolerated, and the list of files that had them. Default none.</param>
    /// <param name="encoders">The networks of the recipe's encoder sections, which stay the caller's. Default none.</param>
    /// <exception cref="ArgumentException">An option is out of range; all faults are named.</exception>
    /// <exception cref="InvalidOperationException">The sources lack what the recipe needs.</exception>
    public FeatureExtractor(
        Recipe recipe, AugmentationSources sources, SoundReading? reading = null, FrozenEncoders? encoders = null)
        : this(recipe, reading, encoders)
    {
        if (recipe.Augmentation is AugmentationOptions options)
        {
            options.Validate();
            _augmenter = new VoiceAugmenter(options.Voice, recipe.Voice.SampleRateHz, sources, reading);
        }
    }

    /// <summary>The number of augmented views of a training clip; 0 where the recipe has no augmentation.</summary>
    public int AugmentedViewCount => _augmenter is null ? 0 : _recipe.Augmentation!.Views;

    /// <summary>
    /// The shape of a voice's features: [frames, bins] unpooled, [features] pooled over time or of an encoder; row-major.
    /// </summary>
    public IReadOnlyList<int> VoiceShape { get; }

    /// <summary>
    /// The shape of a face's features: [height, width], [planes, height, width], or [frames, planes, height, width], or [features] of an
    /// encoder; row-major.
    /// </summary>
    public IReadOnlyList<int> FaceShape { get; }

    /// <summary>Features of one voice.</summary>
    public int VoiceLength => _voice.FeatureCount;

    /// <summary>Features of one face.</summary>
    public int FaceLength => _face.FeatureCount;

    /// <summary>Features of the clips that satisfy a condition, in manifest order, without augmentation.</summary>
    /// <param name="manifest">The corpus.</param>
    /// <param name="condition">Which clips; null for all.</param>
    /// <param name="progress">Receives the number of clips done, in rising order.</param>
    /// <param name="skipBroken">Leaves out clips with a missing or broken file; <see cref="FeatureSource.Skipped"/> names them. Default
    /// false: they are an error.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidDataException">A file is broken, the message names the first in manifest order; or all are.</exception>
    /// <exception cref="FileNotFoundException">A file is missing, likewise; or there is no ffmpeg to read it with.</exception>
    /// <exception cref="InvalidOperationException">More features than an array holds.</exception>
    public FeatureTable Extract(
        Manifest manifest,
        Func<Clip, bool>? condition = null,
        IProgress<int>? progress = null,
        bool skipBroken = false,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        Clip[] clips = [.. manifest.Clips.Where(condition ?? (_ => true))];
        BrokenClips? broken = skipBroken ? new BrokenClips(manifest, clips, cancellationToken) : null;
        FeatureView view = NewView(clips.Length);
        ForAll(
            clips.Length,
            i => Try(broken, clips[i], () => ExtractView(
                manifest, clips[i], 0, Row(view.Voice, i, VoiceLength), Row(view.Face, i, FaceLength), cancellationToken)),
            progress,
            cancellationToken);
        var table = new FeatureTable
        {
            Clips = clips,
            Voice = view.Voice,
            Face = view.Face,
            VoiceLength = VoiceLength,
            FaceLength = FaceLength,
        };
        return broken is null ? table : Rest(manifest, table, broken);
    }

    /// <summary>The broken clips of a corpus, of which only the modalities that are asked for are read.</summary>
    internal IReadOnlyList<SkippedClip> FindBroken(
        Manifest manifest, bool readsVoices, bool readsFaces, CancellationToken cancellationToken)
    {
        var broken = new BrokenClips(manifest, manifest.Clips, cancellationToken);
        ParallelLoop.For(
            manifest.Clips.Count,
            () => (Voice: new float[VoiceLength], Face: new float[FaceLength]),
            (i, buffers) =>
            {
                Clip clip = manifest.Clips[i];
                Clip read = clip with { Voice = readsVoices ? clip.Voice : null };
                read = readsFaces ? read : read with { Faces = [], FaceBoxes = [] };
                broken.Try(clip, () => ExtractView(manifest, read, 0, buffers.Voice, buffers.Face, cancellationToken));
            },
            cancellationToken: cancellationToken);
        return broken.In(manifest.Clips);
    }

    private static FeatureTable Rest(Manifest manifest, FeatureTable table, BrokenClips broken)
    {
        BrokenClips.RequireSome(manifest, table.Count, broken.In(table.Clips));
        return table.Without(broken);
    }

    private static void Try(BrokenClips? broken, Clip clip, Action read)
    {
        if (broken is null)
        {
            read();
        }
        else
        {
            broken.Try(clip, read);
        }
    }

    /// <summary>The table of a training split with the recipe's augmented views added; the same table where the recipe has none.</summary>
    /// <param name="manifest">The corpus.</param>
    /// <param name="train">The training split, and nothing else.</param>
    /// <param name="progress">Receives the number of views done, in rising order, up to clips times views.</param>
    /// <param name="skipBroken">Leaves out clips of which a view meets a broken part. Default false: they are an error.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidDataException">A clip's file or a recording is broken; the message names it.</exception>
    public FeatureTable Augment(
        Manifest manifest,
        FeatureTable train,
        IProgress<int>? progress = null,
        bool skipBroken = false,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(train);
        if (AugmentedViewCount == 0)
        {
            return train;
        }

        BrokenClips? broken = skipBroken ? new BrokenClips(manifest, train.Clips, cancellationToken) : null;
        FeatureTable augmented = train.With(Views(manifest, train.Clips, broken, progress, cancellationToken));
        return broken is null ? augmented : Rest(manifest, augmented, broken);
    }

    /// <summary>The same of clips in any source, which is not copied.</summary>
    internal FeatureSource Augment(
        Manifest manifest, FeatureSource train, IProgress<int>? progress, bool skipBroken, CancellationToken cancellationToken)
    {
        if (AugmentedViewCount == 0)
        {
            return train;
        }

        BrokenClips? broken = skipBroken ? new BrokenClips(manifest, train.Clips, cancellationToken) : null;
        var augmented = new AugmentedFeatures(train, Views(manifest, train.Clips, broken, progress, cancellationToken))
        {
            Clips = train.Clips,
            VoiceLength = VoiceLength,
            FaceLength = FaceLength,
            Skipped = train.Skipped,
        };
        if (broken?.In(train.Clips) is not { Count: > 0 } skipped)
        {
            return augmented;
        }

        BrokenClips.RequireSome(manifest, train.Count, skipped);
        return augmented.Select(clip => !broken.Contains(clip), clip => clip, skipped);
    }

    private FeatureView[] Views(
        Manifest manifest,
        IReadOnlyList<Clip> clips,
        BrokenClips? broken,
        IProgress<int>? progress,
        CancellationToken cancellationToken)
    {
        FeatureView[] views = [.. Enumerable.Range(0, AugmentedViewCount).Select(_ => NewView(clips.Count))];
        ForAll(
            checked(clips.Count * views.Length),
            i =>
            {
                (int row, int index) = Math.DivRem(i, views.Length);
                Try(broken, clips[row], () => ExtractView(
                    manifest,
                    clips[row],
                    1 + index,
                    Row(views[index].Voice, row, VoiceLength),
                    Row(views[index].Face, row, FaceLength),
                    cancellationToken));
            },
            progress,
            cancellationToken);
        return views;
    }

    /// <summary>The features of one view of one clip, a function of recipe, clip, view and sources only. Thread-safe.</summary>
    /// <param name="manifest">The corpus.</param>
    /// <param name="clip">A clip of it.</param>
    /// <param name="view">0 for no augmentation, 1 to <see cref="AugmentedViewCount"/> for an augmented view.</param>
    /// <param name="voice">[VoiceLength] receives the voice's features; untouched where the clip has no voice.</param>
    /// <param name="face">[FaceLength] receives the face's features; untouched where the clip has no face.</param>
    /// <param name="cancellationToken">Stops a decoder.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such view.</exception>
    /// <exception cref="InvalidDataException">A file is broken; the message names it.</exception>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    public void ExtractView(
        Manifest manifest, Clip clip, int view, Span<float> voice, Span<float> face, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(clip);
        if (view < 0 || view > AugmentedViewCount)
        {
            throw new ArgumentOutOfRangeException(nameof(view), $"'{nameof(view)}' is {view}; must be 0 to {AugmentedViewCount}.");
        }

        try
        {
            Read(manifest, clip, view, voice, face, cancellationToken);
        }
        catch (Exception e) when (BrokenClips.IsFault(e))
        {
            BrokenClips.Mark(e);
            throw;
        }
    }

    private void Read(Manifest manifest, Clip clip, int view, Span<float> voice, Span<float> face, CancellationToken cancellationToken)
    {
        if (manifest.VoicePath(clip) is string path)
        {
            ExtractVoice(path, clip, view, voice, cancellationToken);
        }

        if (clip.Faces.Count > 0)
        {
            FaceDraw? draw = view == 0 ? null
                : FaceDraw.For(_recipe.Augmentation!.Face, _recipe.Augmentation.Seed, clip.Key, view);
            if (draw?.KeepsFace == false)
            {
                _face.Extract(manifest.FacePaths(clip), clip.FaceBoxes, image => FaceAugmenter.Apply(image, draw), face);
            }
            else
            {
                _face.Extract(manifest.FacePaths(clip), clip.FaceBoxes, face);
            }
        }
    }

    private static Span<float> Row(float[] values, int row, int length) => values.AsSpan(row * length, length);

    private static void ForAll(int count, Action<int> work, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        int done = 0;
        var gate = new Lock();
        ParallelLoop.For(
            count,
            i =>
            {
                work(i);
                lock (gate)
                {
                    progress?.Report(++done);
                }
            },
            cancellationToken: cancellationToken);
    }

    private FeatureView NewView(int clipCount) =>
        new(FeatureTable.NewValues(clipCount, VoiceLength, Modality.Voice), FeatureTable.NewValues(clipCount, FaceLength, Modality.Face));

    private void ExtractVoice(string path, Clip clip, int view, Span<float> features, CancellationToken cancellationToken)
    {
        if (view > 0)
        {
            AugmentationOptions options = _recipe.Augmentation!;
            VoiceDraw draw = VoiceDraw.For(options.Voice, options.Seed, clip.Key, view);
            if (!draw.KeepsClip)
            {
                _voice.RequireLength(path, clip.StartSeconds, clip.DurationSeconds);
                float[] signal = _augmenter!.Recordings.Crop(
                    new VoiceSegment(path, clip.StartSeconds, clip.DurationSeconds),
                    draw.SpeedFactor * _recipe.Voice.DurationSeconds,
                    _recipe.Voice.Crop);
                float[] disturbed = _augmenter.Apply(signal, _recipe.Voice.SampleCount, draw, clip.Identity);
                _voice.Extract(new AudioClip(disturbed, _recipe.Voice.SampleRateHz), draw.MasksSpectrum ? Mask : null, features);
                return;

                void Mask(Span<float> spectrum, int bins) =>
                    SpecAugment.Apply(
                        spectrum, bins, SpecAugment.Draw(options.Voice, spectrum.Length / bins, bins, draw.Stream("spec-augment/masks")));
            }
        }

        _voice.Extract(path, clip.StartSeconds, clip.DurationSeconds, features, cancellationToken);
    }
}
