using CrossModalVae.Audio;
using CrossModalVae.Encoders;
using CrossModalVae.Faces;

namespace CrossModalVae.Pipelines;

public static partial class CrossModalCatalog
{
    /// <summary>Wav path to voice features, Vector of Single; see <see cref="VoiceSpectrogramEstimator"/>.</summary>
    /// <param name="catalog">ML.NET's transforms.</param>
    /// <param name="outputColumnName">The features' column.</param>
    /// <param name="inputColumnName">The paths' column, String; an empty path is a missing voice. Default: the output's name.</param>
    /// <param name="options">The voice front end. Default: the report's.</param>
    /// <param name="folder">What relative paths are relative to. Default: the current folder.</param>
    /// <param name="startColumnName">Where the clip starts in its file, in seconds, Single or Double. Default: at the start.</param>
    /// <param name="durationColumnName">How long it lasts, in seconds, Single or Double; NaN means to the end. Default: to the end.</param>
    /// <param name="reading">Which faults of sound files are tolerated, and the list of files that had them. Default: none.</param>
    /// <param name="encoder">The network of the options' encoder section, see <see cref="Encoders.RecipeEncoders"/>; it stays the caller's
    /// and must outlive the pipeline. Default: the options have none.</param>
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
        IFrozenEncoder? encoder = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        var columns = new VoiceColumns(outputColumnName, inputColumnName ?? outputColumnName, startColumnName, durationColumnName);
        return new VoiceSpectrogramEstimator(catalog, columns, new VoiceFrontEnd(options ?? new VoiceOptions(), reading, encoder), folder);
    }

    /// <summary>Paths of a clip's jpg frames to face features, Vector of Single; see <see cref="FaceTensorEstimator"/>.</summary>
    /// <param name="catalog">ML.NET's transforms.</param>
    /// <param name="outputColumnName">The features' column.</param>
    /// <param name="inputColumnName">The paths' column, String or Vector of String; no path is a missing
    /// face. Default: the output's name.</param>
    /// <param name="options">The face front end. Default: the report's.</param>
    /// <param name="folder">What relative paths are relative to. Default: the current folder.</param>
    /// <param name="boxColumnName">Where the face is in each frame, Vector of Single, four numbers a frame.
    /// Default: all frames are taken whole.</param>
    /// <param name="encoder">The network of the options' encoder section, see <see cref="Encoders.RecipeEncoders"/>; it stays the caller's
    /// and must outlive the pipeline. Default: the options have none.</param>
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
        var frontEnd = new FaceFrontEnd(options ?? new FaceOptions(), encoder);
        return new FaceTensorEstimator(catalog, outputColumnName, inputColumnName ?? outputColumnName, boxColumnName, frontEnd, folder);
    }
}
