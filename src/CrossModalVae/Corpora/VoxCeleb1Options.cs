namespace CrossModalVae.Corpora;

/// <summary>The folders and lists of a copy of VoxCeleb1 or VoxCeleb2, and its splits.</summary>
public sealed record VoxCeleb1Options
{
    private static readonly string[] UsualMetaFiles = ["vox1_meta.csv", "vox2_meta.csv"];

    internal static readonly string[] UsualVoiceFolders =
        ["wav", "aac", "m4a", "flac", "dev/wav", "test/wav", "dev/aac", "test/aac"];

    internal static readonly string[] UsualFaceFolders = ["unzippedFaces", "faces", "mp4", "dev/mp4", "test/mp4"];

    /// <summary>The folder that holds <see cref="VoiceFolder"/> and <see cref="FaceFolder"/>.</summary>
    public required string Root { get; init; }

    /// <summary>
    /// The folder of the voices within the root, id/video/number.wav or any sound that ffmpeg reads. Default null: all that are there of
    /// wav, aac, m4a and flac, and of wav and aac in dev and test.
    /// </summary>
    public string? VoiceFolder { get; init; }

    /// <summary>
    /// The folder of the faces within the root, Name/1.6/video/frame.jpg; the person's id may stand for the name, 1.6 may be absent, and
    /// frames may lie in a folder for each utterance, video/number/frame.jpg. Default null: all that are there of unzippedFaces, faces and
    /// mp4, and of mp4 in dev and test.
    /// </summary>
    public string? FaceFolder { get; init; }

    /// <summary>
    /// The list of people, separated by tabs or commas; null is vox1_meta.csv or vox2_meta.csv in the root. Default null.
    /// </summary>
    public string? MetaFile { get; init; }

    /// <summary>
    /// An identity split ("Name 1") or iden_split.txt ("1 id/video/number.wav"); null uses the set in the list of people. Default null.
    /// </summary>
    public string? SplitFile { get; init; }

    /// <summary>How identities are assigned to splits where the lists do not define them.</summary>
    public IdentitySplitOptions Split { get; init; } = new();

    /// <summary>The most frames of a clip, at least 1. Default 8.</summary>
    public int FacesPerClip { get; init; } = 8;

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value is missing or out of its range.</exception>
    public void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(Root);
        var faults = new OptionFaults();
        faults.AtLeast(FacesPerClip, 1);
        foreach ((string? folder, string name) in new[] { (VoiceFolder, nameof(VoiceFolder)), (FaceFolder, nameof(FaceFolder)) })
        {
            if (folder is not null && (folder.Length == 0 || Path.IsPathRooted(folder) || folder.Split('/', '\\').Contains("..")))
            {
                faults.Add($"'{name}' is \"{folder}\"; must be a folder within the root.");
            }
        }

        faults.ThrowIfAny();
        Split.Validate();
    }

    /// <summary>The folders of voices that are there, within the root.</summary>
    internal string[] VoiceFolders() => There(VoiceFolder, UsualVoiceFolders);

    /// <summary>The folders of faces that are there, within the root.</summary>
    internal string[] FaceFolders() => There(FaceFolder, UsualFaceFolders);

    /// <summary>The list of people.</summary>
    internal string People() => MetaFile
        ?? UsualMetaFiles.Select(name => Path.Combine(Root, name)).FirstOrDefault(File.Exists)
        ?? Path.Combine(Root, UsualMetaFiles[0]);

    private string[] There(string? chosen, string[] usual) =>
        [.. (chosen is null ? usual : [chosen.Replace('\\', '/').Trim('/')]).Where(folder => Directory.Exists(Path.Combine(Root, folder)))];
}
