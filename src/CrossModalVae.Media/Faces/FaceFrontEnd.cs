using System.Numerics.Tensors;
using CrossModalVae.Encoders;

namespace CrossModalVae.Faces;

/// <summary>
/// Face frames to features by a recipe's <see cref="FaceOptions"/>. In order: decode, turn upright by the EXIF orientation, crop, resize
/// with antialiasing, grey (ITU-R BT.601) or red, green and blue planes, scale to [0, 1], combine the frames, normalise over the clip
/// (optional). Defaults give the report's 23 x 23 grey = 529 features. Standardisation over the corpus comes later, with the statistics of
/// the training split. Thread-safe: threads can share one; a clip's features do not depend on the number of threads.
/// </summary>
/// <remarks>
/// The resize is that of Pillow's Image.resize with BILINEAR (and reducing_gap None): the weighted mean under a triangle of two output
/// pixels' width. <see cref="FaceDecoding.Exact"/> agrees with Pillow within 2 levels of 255, grey and RGB, for JPEG and PNG of every kind
/// that both read; Pillow rounds to whole levels between the axes and at the end, this does not. <see cref="FaceDecoding.Fast"/> differs
/// from it by at most 2 levels of 255 in the mean over a face photograph: the cosine transform's reduction is a mean over squares of 2, 4
/// or 8 pixels, and grey skips the clamping of colours beyond the range of RGB. Frames may differ in size.
/// </remarks>
public sealed class FaceFrontEnd
{
    private const float LargestLevel = 255;

    /// <summary>Far below one level in one pixel: the rounding in a picture of one colour.</summary>
    internal const double SmallestStandardDeviation = 1e-6;

    private readonly FaceOptions _options;
    private readonly FaceEncoding? _encoding;
    private readonly ObjectPool<Worker> _pool;

    /// <summary>Checks the options.</summary>
    /// <param name="options">The recipe's face section.</param>
    /// <param name="encoder">The network of the options' encoder section, which stays the caller's; null where they have none.</param>
    /// <exception cref="ArgumentException">The options are faulty, the message names every fault; or they have an encoder section and there
    /// is no network, or one that takes rows of another length.</exception>
    public FaceFrontEnd(FaceOptions options, IFrozenEncoder? encoder = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _encoding = FaceEncoding.Of(options, encoder);
        if (_encoding is not null)
        {
            options = options with { Width = options.Encoder!.Size, Height = options.Encoder.Size, Colour = FaceColour.Rgb };
        }

        _options = options;
        _pool = new ObjectPool<Worker>(() => new(new FaceReader(), new FaceResampler(options.Width, options.Height, options.Colour)));
        FeatureCount = _encoding?.VectorLength ?? (FaceResampler.Count(options) * options.PictureCount);
    }

    /// <summary>
    /// Features of a clip: width x height for grey (529 by default), three times as many for RGB; of every frame where they stay separate;
    /// of an encoder the length of its vectors.
    /// </summary>
    public int FeatureCount { get; }

    /// <summary>The features of a clip's frames.</summary>
    /// <param name="jpgPaths">JPEG or PNG files, at least one, of any sizes; only those that the recipe uses are read.</param>
    /// <returns>[<see cref="FeatureCount"/>]: [height, width] for grey, [3, height, width] for RGB, row-major, or several such where frames
    /// stay separate; in [0, 1], or each of mean 0 and standard deviation 1 where the recipe normalises over the clip.</returns>
    /// <exception cref="ArgumentException">There are no frames.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A file cannot be used; see <see cref="FaceImage.Load(string)"/>.</exception>
    public float[] Extract(IReadOnlyList<string> jpgPaths)
    {
        var features = new float[FeatureCount];
        Extract(jpgPaths, features);
        return features;
    }

    /// <summary>As <see cref="Extract(IReadOnlyList{string})"/>, into the caller's memory.</summary>
    /// <param name="jpgPaths">JPEG or PNG files, at least one.</param>
    /// <param name="features">Receives [<see cref="FeatureCount"/>]; after an exception its content is undefined.</param>
    /// <exception cref="ArgumentException">There are no frames, or the destination has another length.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A file cannot be used; see <see cref="FaceImage.Load(string)"/>.</exception>
    public void Extract(IReadOnlyList<string> jpgPaths, Span<float> features) => Extract(jpgPaths, [], features);

    /// <summary>The features of parts of a clip's frames.</summary>
    /// <param name="jpgPaths">JPEG or PNG files, at least one.</param>
    /// <param name="boxes">The face's box in each frame, null for the whole frame; empty for whole frames throughout.</param>
    /// <param name="features">Receives [<see cref="FeatureCount"/>]; after an exception its content is undefined.</param>
    /// <exception cref="ArgumentException">There are no frames, boxes for another number of frames, or the destination has another
    /// length.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A file cannot be used, see <see cref="FaceImage.Load(string)"/>, or a box does not lie in its
    /// picture.</exception>
    public void Extract(IReadOnlyList<string> jpgPaths, IReadOnlyList<FaceBox?> boxes, Span<float> features) =>
        Extract(jpgPaths, boxes, null, features);

    /// <summary>As above, with a callback that changes every frame after it is decoded (exactly) and cropped, before it is
    /// resized.</summary>
    internal void Extract(
        IReadOnlyList<string> jpgPaths, IReadOnlyList<FaceBox?> boxes, Func<FaceImage, FaceImage>? edit, Span<float> features)
    {
        RequireBoxes(boxes, jpgPaths.Count);
        Extract(
            jpgPaths,
            (worker, i) =>
            {
                FaceBox? box = boxes.Count == 0 ? null : boxes[i];
                if (edit is null)
                {
                    worker.Reader.Read(jpgPaths[i], box, _options, worker.Resampler);
                }
                else
                {
                    worker.Reader.Read(edit(worker.Reader.ReadImage(jpgPaths[i], box, _options)), worker.Resampler);
                }
            },
            i => jpgPaths[i],
            features);
    }

    /// <summary>The features of parts of a clip's frames, files in memory: the same as of files with these bytes.</summary>
    /// <param name="files">The bytes of JPEG or PNG files, at least one.</param>
    /// <param name="name">What messages call the clip.</param>
    /// <param name="boxes">The face's box in each frame, null for the whole frame; empty for whole frames throughout.</param>
    /// <param name="features">Receives [<see cref="FeatureCount"/>]; after an exception its content is undefined.</param>
    /// <exception cref="ArgumentException">There are no frames, boxes for another number of frames, or the destination has another
    /// length.</exception>
    /// <exception cref="InvalidDataException">A file cannot be used, see <see cref="FaceImage.Load(string)"/>, or a box does not lie in its
    /// picture.</exception>
    public void Extract(
        IReadOnlyList<ReadOnlyMemory<byte>> files, string name, IReadOnlyList<FaceBox?> boxes, Span<float> features)
    {
        RequireBoxes(boxes, files.Count);
        Extract(
            files,
            (worker, i) => worker.Reader.Read(
                FrameName(name, files.Count, i), files[i].Span, boxes.Count == 0 ? null : boxes[i], _options, worker.Resampler),
            i => FrameName(name, files.Count, i),
            features);
    }

    /// <summary>The features of frames in memory.</summary>
    /// <param name="frames">At least one, of any sizes.</param>
    /// <param name="features">Receives [<see cref="FeatureCount"/>].</param>
    /// <exception cref="ArgumentException">There are no frames, or the destination has another length.</exception>
    public void Extract(IReadOnlyList<FaceImage> frames, Span<float> features) => Extract(frames, "The clip", [], features);

    /// <summary>The features of parts of frames in memory: the same as of PNG files of these pixels.</summary>
    /// <param name="frames">At least one, of any sizes.</param>
    /// <param name="name">What messages call the clip.</param>
    /// <param name="boxes">The face's box in each frame, null for the whole frame; empty for whole frames throughout.</param>
    /// <param name="features">Receives [<see cref="FeatureCount"/>]; after an exception its content is undefined.</param>
    /// <exception cref="ArgumentException">There are no frames, boxes for another number of frames, or the destination has another
    /// length.</exception>
    /// <exception cref="InvalidDataException">A box does not lie in its picture.</exception>
    public void Extract(IReadOnlyList<FaceImage> frames, string name, IReadOnlyList<FaceBox?> boxes, Span<float> features)
    {
        RequireBoxes(boxes, frames.Count);
        Extract(
            frames,
            (worker, i) => worker.Reader.Read(
                FrameName(name, frames.Count, i), frames[i], boxes.Count == 0 ? null : boxes[i], _options, worker.Resampler),
            i => FrameName(name, frames.Count, i),
            features);
    }

    private static string FrameName(string clip, int count, int index) => count == 1 ? clip : $"{clip}, frame {index + 1}";

    private static void RequireBoxes(IReadOnlyList<FaceBox?> boxes, int frameCount)
    {
        ArgumentNullException.ThrowIfNull(boxes);
        if (boxes.Count > 0 && boxes.Count != frameCount)
        {
            throw new ArgumentException(
                $"'{nameof(boxes)}' has {boxes.Count} boxes; must be one for each of {frameCount} frames, or none.", nameof(boxes));
        }
    }

    private int[] FrameIndices(int count) => _options.Frames switch
    {
        FramePooling.First => [0],
        FramePooling.Separate => Spread(count),
        FramePooling.Sampled when count > _options.FrameCount => Spread(count),
        _ => [.. Enumerable.Range(0, count)],
    };

    // N of n frames, the i-th floor((i + 1/2) n / N).
    private int[] Spread(int count) =>
        [.. Enumerable.Range(0, _options.FrameCount).Select(i => (int)(((2L * i) + 1) * count / (2L * _options.FrameCount)))];

    private void Extract<T>(IReadOnlyList<T> frames, Action<Worker, int> read, Func<int, string> name, Span<float> features)
    {
        if (features.Length != FeatureCount)
        {
            throw new ArgumentException($"'{nameof(features)}' has {features.Length} places; must be {FeatureCount}.", nameof(features));
        }

        if (frames.Count == 0)
        {
            throw new ArgumentException($"'{nameof(frames)}' is empty; a clip with a face has at least one frame.", nameof(frames));
        }

        Worker worker = _pool.Rent();
        features.Clear();
        int[] indices = FrameIndices(frames.Count);
        if (_encoding is not null)
        {
            Encode(worker, indices, read, name, features);
            _pool.Return(worker);
            return;
        }

        int pictureLength = features.Length / _options.PictureCount;
        for (int i = 0; i < indices.Length; i++)
        {
            Span<float> picture = features.Slice(_options.PictureCount == 1 ? 0 : i * pictureLength, pictureLength);
            if (_options.PictureCount > 1 && i > 0 && indices[i] == indices[i - 1])
            {
                features.Slice((i - 1) * pictureLength, pictureLength).CopyTo(picture); // a clip of few frames
                continue;
            }

            read(worker, indices[i]);
            worker.Resampler.AddTo(picture);
        }

        _pool.Return(worker); // not after an exception: then it is garbage
        TensorPrimitives.Divide(features, indices.Length / _options.PictureCount * LargestLevel, features);
        TensorPrimitives.Min(features, 1f, features); // white may come out a rounding above 1
        for (int start = 0; start < features.Length && _options.Normalisation == FaceNormalisation.Clip; start += pictureLength)
        {
            Normalise(features.Slice(start, pictureLength));
        }
    }

    private void Encode(Worker worker, int[] indices, Action<Worker, int> read, Func<int, string> name, Span<float> features)
    {
        var vector = new float[features.Length];
        foreach (int i in indices)
        {
            read(worker, i);
            Span<float> planes = ScratchBuffer.Reserve(ref worker.Planes, 3 * _options.Width * _options.Height);
            planes.Clear();
            worker.Resampler.AddTo(planes);
            _encoding!.Encode(planes, vector, name(i));
            TensorPrimitives.Add(features, vector, features);
        }

        TensorPrimitives.Divide(features, indices.Length, features);
    }

    // A picture of one colour becomes zeros, which later checks refuse.
    private static void Normalise(Span<float> features)
    {
        double mean = 0, squares = 0;
        foreach (float value in features)
        {
            mean += value;
        }

        mean /= features.Length;
        foreach (float value in features)
        {
            squares += (value - mean) * (value - mean);
        }

        double standardDeviation = Math.Sqrt(squares / features.Length);
        bool isFlat = standardDeviation < SmallestStandardDeviation;
        foreach (ref float value in features)
        {
            value = isFlat ? 0 : (float)((value - mean) / standardDeviation);
        }
    }

    private sealed class Worker(FaceReader reader, FaceResampler resampler)
    {
        public FaceReader Reader => reader;

        public FaceResampler Resampler => resampler;

        public float[] Planes = []; // [3, height, width] of 0 to 255, of an encoder
    }
}
