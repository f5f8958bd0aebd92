using System.Collections.Concurrent;
using System.Numerics.Tensors;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace CrossModalVae.Faces;

/// <summary>
/// Face frames to features, as a recipe's <see cref="FaceOptions"/> say. In order: decode, turn upright by the EXIF orientation, resize with
/// antialiasing, grey (ITU-R BT.601) or red, green and blue planes, scale to [0, 1], combine the frames. Defaults give the report's 23 x 23 grey = 529
/// features. Standardisation over the corpus comes later (<see cref="Features.FeatureStatistics"/>). Thread-safe: share one among any number of threads;
/// a clip's features do not depend on their number.
/// </summary>
/// <remarks>
/// The resize takes the weighted mean under a triangle as wide as two output pixels, as Pillow's resize with BILINEAR does (which is antialiased), and
/// agrees with it within 2 levels of 255 (8 for colour planes of a JPEG, whose halved chroma Pillow interpolates and ImageSharp does not); Pillow rounds to
/// whole levels between the axes and at the end, this does not. Frames may differ in size.
/// </remarks>
public sealed class FaceFrontEnd
{
    private const float LargestLevel = 255;

    private readonly FaceOptions _options;
    private readonly ConcurrentBag<FaceResampler> _idle = [];

    /// <summary>Checks the options.</summary>
    /// <param name="options">The recipe's face section.</param>
    /// <exception cref="ArgumentException">The options are faulty; the message names every fault.</exception>
    public FaceFrontEnd(FaceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        FeatureCount = FaceResampler.Count(options);
    }

    /// <summary>Features of a clip: width x height for grey (529 by default), three times as many for RGB.</summary>
    public int FeatureCount { get; }

    /// <summary>The features of a clip's frames.</summary>
    /// <param name="jpgPaths">JPEG or PNG files, at least one, of any sizes; only the first is read where the recipe takes the first.</param>
    /// <returns>[<see cref="FeatureCount"/>] in [0, 1]: [height, width] for grey, [3, height, width] for RGB, row-major.</returns>
    /// <exception cref="ArgumentException">There are no frames.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A file is no image that can be used; see <see cref="FaceImage.Load"/>.</exception>
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
    /// <exception cref="InvalidDataException">A file is no image that can be used; see <see cref="FaceImage.Load"/>.</exception>
    public void Extract(IReadOnlyList<string> jpgPaths, Span<float> features) => Extract(jpgPaths, Resample, features);

    /// <summary>As <see cref="Extract(IReadOnlyList{string}, Span{float})"/>, with every frame changed after it is decoded and before it is resized.</summary>
    internal void Extract(IReadOnlyList<string> jpgPaths, Func<FaceImage, FaceImage> edit, Span<float> features) =>
        Extract(jpgPaths, (resampler, path) => Resample(resampler, edit(FaceImage.Load(path))), features);

    /// <summary>The features of frames in memory.</summary>
    /// <param name="frames">At least one, of any sizes.</param>
    /// <param name="features">Receives [<see cref="FeatureCount"/>].</param>
    /// <exception cref="ArgumentException">There are no frames, or the destination has another length.</exception>
    public void Extract(IReadOnlyList<FaceImage> frames, Span<float> features) => Extract(frames, Resample, features);

    private static void Resample(FaceResampler resampler, string path)
    {
        using Image<Rgb24> image = FaceImage.Decode(path);
        resampler.Begin(image.Width, image.Height);
        image.ProcessPixelRows(rows =>
        {
            for (int y = 0; y < rows.Height; y++)
            {
                resampler.AddRow(y, FaceImage.Row(rows, y));
            }
        });
    }

    private static void Resample(FaceResampler resampler, FaceImage image)
    {
        int rowBytes = 3 * image.Width;
        resampler.Begin(image.Width, image.Height);
        for (int y = 0; y < image.Height; y++)
        {
            resampler.AddRow(y, image.Pixels.Slice(y * rowBytes, rowBytes));
        }
    }

    private void Extract<T>(IReadOnlyList<T> frames, Action<FaceResampler, T> resample, Span<float> features)
    {
        if (features.Length != FeatureCount)
        {
            throw new ArgumentException($"'{nameof(features)}' has {features.Length} places; must be {FeatureCount}.", nameof(features));
        }

        if (frames.Count == 0)
        {
            throw new ArgumentException($"'{nameof(frames)}' is empty; a clip with a face has at least one frame.", nameof(frames));
        }

        int count = _options.Frames == FramePooling.First ? 1 : frames.Count;
        if (!_idle.TryTake(out FaceResampler? resampler))
        {
            resampler = new FaceResampler(_options.Width, _options.Height, _options.Colour);
        }

        features.Clear();
        for (int i = 0; i < count; i++)
        {
            resample(resampler, frames[i]);
            resampler.AddTo(features);
        }

        // A resampler that met an exception is left to the collector; its buffers are only worth keeping while all is well.
        _idle.Add(resampler);
        TensorPrimitives.Divide(features, count * LargestLevel, features);
        TensorPrimitives.Min(features, 1f, features); // white may come out a rounding above 1
    }
}
