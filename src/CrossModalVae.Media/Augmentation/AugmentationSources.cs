using System.Security.Cryptography;
using System.Text;

namespace CrossModalVae.Augmentation;

/// <summary>
/// Recordings for augmentation, in the layouts of MUSAN (Snyder, Chen, Povey 2015) and RIRS_NOISES (Ko et al. 2017); without them noise,
/// music and rooms are generated. The folders are options of a run, not of a recipe. Recordings are read crop by crop. Immutable.
/// </summary>
public sealed class AugmentationSources
{
    private const string MusanLayout = "expected noise/, music/ and speech/ of wav files (MUSAN's layout)";
    private const string RirLayout = "expected wav files of room impulse responses (the layout of RIRS_NOISES, or any other)";

    // What RIRS_NOISES has besides responses.
    private const string PointSourceFolder = "pointsource_noises";
    private const string NoiseMark = "_noise_";

    private static readonly EnumerationOptions AllWavs = new()
    {
        RecurseSubdirectories = true,
        MatchCasing = MatchCasing.CaseInsensitive,
        IgnoreInaccessible = false,
    };

    private AugmentationSources()
    {
    }

    /// <summary>No recordings: noise, music and rooms are generated; babble needs the voices of a training split.</summary>
    public static AugmentationSources Generated { get; } = new();

    /// <summary>Noise recordings; empty where noise is generated.</summary>
    public IReadOnlyList<string> NoiseFiles { get; private init; } = [];

    /// <summary>Music recordings; empty where music is generated.</summary>
    public IReadOnlyList<string> MusicFiles { get; private init; } = [];

    /// <summary>Speech recordings for babble; empty where training voices serve.</summary>
    public IReadOnlyList<string> SpeechFiles { get; private init; } = [];

    /// <summary>Room impulse responses; empty where rooms are generated.</summary>
    public IReadOnlyList<string> ResponseFiles { get; private init; } = [];

    /// <summary>SHA-256 over the recordings' relative paths and lengths in bytes, on which the features of augmented views
    /// depend.</summary>
    public string Fingerprint { get; private init; } = Hash([]);

    /// <summary>The training voices for babble, by identity.</summary>
    internal IReadOnlyList<(string Identity, VoiceSegment[] Segments)> Voices { get; private set; } = [];

    /// <summary>The index of an identity in <see cref="Voices"/>.</summary>
    internal IReadOnlyDictionary<string, int> VoiceIndices { get; private set; } = new Dictionary<string, int>();

    /// <summary>Lists the recordings of folders in ordinal order of their names.</summary>
    /// <param name="options">The augmentation: each folder must hold what its probabilities need.</param>
    /// <param name="noiseFolder">A folder in MUSAN's layout: noise/, music/, speech/ with wav files at any depth; null to generate.</param>
    /// <param name="responseFolder">A folder of wav files with room impulse responses at any depth; of RIRS_NOISES its
    /// noises are left out. Null to generate.</param>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="InvalidDataException">A folder lacks what the options need.</exception>
    public static AugmentationSources Open(VoiceAugmentationOptions options, string? noiseFolder, string? responseFolder)
    {
        ArgumentNullException.ThrowIfNull(options);
        string[] noise = [], music = [], speech = [], responses = [];
        var names = new List<string>();
        if (noiseFolder is not null)
        {
            RequireFolder(noiseFolder, MusanLayout);
            noise = Category("noise", options.NoiseProbability);
            music = Category("music", options.MusicProbability);
            speech = Category("speech", options.BabbleProbability);
        }

        if (responseFolder is not null)
        {
            RequireFolder(responseFolder, RirLayout);
            responses = [.. List(responseFolder, names).Where(IsResponse)];
            if (responses.Length == 0)
            {
                throw new InvalidDataException($"{responseFolder}: has no wav file that is a room impulse response; {RirLayout}.");
            }
        }

        return new AugmentationSources
        {
            NoiseFiles = noise,
            MusicFiles = music,
            SpeechFiles = speech,
            ResponseFiles = responses,
            Fingerprint = Hash(names),
        };

        string[] Category(string name, double probability)
        {
            string folder = Path.Combine(noiseFolder, name);
            string[] files = Directory.Exists(folder) ? List(folder, names) : [];
            return files.Length > 0 || probability == 0
                ? files
                : throw new InvalidDataException(
                    $"{noiseFolder}: has no wav file under '{name}', which the recipe's augmentation uses; {MusanLayout}.");
        }
    }

    /// <summary>A copy with training voices, for babble where there is no speech folder. Draws depend on their order.</summary>
    internal AugmentationSources WithVoices(IReadOnlyList<(string Identity, VoiceSegment[] Segments)> voices)
    {
        var copy = (AugmentationSources)MemberwiseClone();
        copy.Voices = voices;
        copy.VoiceIndices = voices.Index().ToDictionary(voice => voice.Item.Identity, voice => voice.Index, StringComparer.Ordinal);
        return copy;
    }

    /// <exception cref="InvalidOperationException">The options ask for babble and there are no other voices for it.</exception>
    internal void Require(VoiceAugmentationOptions options)
    {
        if (options.BabbleProbability > 0 && SpeechFiles.Count == 0 && Voices.Count < 2)
        {
            throw UserError.Mark(new InvalidOperationException(
                $"Babble needs voices of other identities: the training split has voices of {Voices.Count} "
                + $"{(Voices.Count == 1 ? "identity" : "identities")}; expected at least 2, or a noise folder with speech/."));
        }
    }

    private static void RequireFolder(string folder, string layout)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"{folder}: there is no such folder; {layout}.");
        }
    }

    private static bool IsResponse(string path) =>
        Path.GetFileName(Path.GetDirectoryName(path)) != PointSourceFolder
            && !Path.GetFileName(path).Contains(NoiseMark, StringComparison.OrdinalIgnoreCase);

    private static string[] List(string folder, List<string> names)
    {
        var files = new DirectoryInfo(folder).EnumerateFiles("*.wav", AllWavs)
            .Select(file => (file.FullName, Name: Path.GetRelativePath(folder, file.FullName).Replace('\\', '/'), file.Length))
            .OrderBy(file => file.Name, StringComparer.Ordinal)
            .ToArray();
        names.AddRange(
            files.Select(file => string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(folder)}/{file.Name} {file.Length}")));
        return [.. files.Select(file => file.FullName)];
    }

    private static string Hash(IReadOnlyList<string> names) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', names))));
}
