using CrossModalVae.Audio;
using CrossModalVae.Encoders;
using CrossModalVae.Faces;

namespace CrossModalVae.Pipelines;

public static partial class CrossModalCatalog
{
    /// <summary>Voices to voice features, Vector of Single; see <see cref="VoiceSpectrogramEstimator"/>.</summary>
    /// <param name="catalog">ML.NET's transforms.</param>
    /// <param name="outputColumnName">The features' column.</param>
    /// <param name="inputColumnName">The voices' column: paths, String; wav files' content, Vector of Byte; or samples, Vector of Single.
    /// An empty value is a missing voice. Default: the output's name.</param>
    /// <param name="options">The voice front end. Default: the report's.</param>
    /// <param name="folder">What relative paths are relative to. Default: the current folder.</param>
    /// <param name="startColumnName">Where the clip starts in its file, in seconds, Single, Double or Int32. Default: at the start.</param>
    /// <param name="durationColumnName">How long it lasts, in seconds, Single, Double or Int32; NaN means to the end. Default: to the
    /// end.</param>
    /// <param name="reading">Which faults of sound files are tolerated, and the list of files that had them. Default: none.</param>
    /// <param name="encoder">The network of the options' encoder section, see
    /// <see cref="CrossModalVae.Scoring.Encoders.RecipeEncoders"/>; it stays the caller's and must outlive the pipeline.
    /// Default: the options have none.</param>
    /// <param name="sampleRateHz">The rate of samples; paths and files have their own. Default: that of the column, where one is
    /// named.</param>
    /// <param name="sampleRateColumnName">The rate of each row's samples, Int32, Single or Double. Default: the same for all rows.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or there is an encoder section and no network.</exception>
    public static VoiceSpectrogramEstimator VoiceSpectrogram(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        VoiceOptions? options = null,
        string? folder = null,
        string? startColumnName = null,
        string? durationColumnName = null,
        SoundReading? reading = null,
        IFrozenEncoder? encoder = null,
        int? sampleRateHz = null,
        string? sampleRateColumnName = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        AudioClip.CheckRate(sampleRateHz ?? AudioClip.MinSampleRateHz, nameof(sampleRateHz));
        if (sampleRateHz is not null && sampleRateColumnName is not null)
        {
            throw new ArgumentException(
                "'sampleRateHz' and 'sampleRateColumnName' are both given; must be one rate for all rows, or a column of rates.");
        }

        var columns = new VoiceColumns(
            outputColumnName, inputColumnName ?? outputColumnName, startColumnName, durationColumnName, sampleRateHz, sampleRateColumnName);
        options ??= new VoiceOptions();
        return new VoiceSpectrogramEstimator(
            catalog, columns, new VoiceStep(options, new VoiceFrontEnd(options, reading, encoder), reading, folder));
    }

    /// <summary>A clip's frames to face features, Vector of Single; see <see cref="FaceTensorEstimator"/>.</summary>
    /// <param name="catalog">ML.NET's transforms.</param>
    /// <param name="outputColumnName">The features' column.</param>
    /// <param name="inputColumnName">The frames' column: one path, String; several, Vector of String; one file's content, Vector of Byte;
    /// or one picture, MLImage. No path, no bytes and no picture are a missing face. Default: the output's name.</param>
    /// <param name="options">The face front end. Default: the report's.</param>
    /// <param name="folder">What relative paths are relative to. Default: the current folder.</param>
    /// <param name="boxColumnName">Where the face is in each frame, Vector of Single, four numbers a frame.
    /// Default: all frames are taken whole.</param>
    /// <param name="encoder">The network of the options' encoder section, see
    /// <see cref="CrossModalVae.Scoring.Encoders.RecipeEncoders"/>; it stays the caller's and must outlive the pipeline.
    /// Default: the options have none.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or there is an encoder section and no network.</exception>
    public static FaceTensorEstimator FaceTensor(
        this TransformsCatalog catalog,
        string outputColumnName,
        string? inputColumnName = null,
        FaceOptions? options = null,
        string? folder = null,
        string? boxColumnName = null,
        IFrozenEncoder? encoder = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        options ??= new FaceOptions();
        return new FaceTensorEstimator(
            catalog,
            outputColumnName,
            inputColumnName ?? outputColumnName,
            boxColumnName,
            new FaceStep(options, new FaceFrontEnd(options, encoder), folder));
    }
}
