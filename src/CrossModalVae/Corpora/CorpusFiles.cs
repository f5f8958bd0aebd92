using CrossModalVae.Audio;

namespace CrossModalVae.Corpora;

/// <summary>The kinds of files that a corpus consists of, by the endings of their names in either case.</summary>
internal static class CorpusFiles
{
    private static readonly string[] ImageEndings = [".jpg", ".jpeg", ".png"];

    // Best first: what is read without another program, then sounds, then videos.
    private static readonly string[] VoiceEndings = [".wav", .. AudioFile.MediaEndings];

    /// <summary>The kinds of voices and faces, for messages.</summary>
    public const string Kinds = "voices are wav, flac, mp3, m4a or whatever else ffmpeg reads, faces are jpg, jpeg or png";

    public static bool IsVoice(string name) => Rank(name) < VoiceEndings.Length;

    public static bool IsImage(string name) => ImageEndings.Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <summary>A face video, as VoxCeleb2 has them.</summary>
    public static bool IsFaceVideo(string name) => name.EndsWith(".mp4", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The voice among the files of one clip: that of the best kind. Null where there is none, or several of that kind.
    /// </summary>
    public static string? Voice(IReadOnlyList<string> files)
    {
        if (files.Count <= 1)
        {
            return files.Count == 0 ? null : files[0];
        }

        int best = files.Min(Rank);
        string[] candidates = [.. files.Where(file => Rank(file) == best)];
        return candidates.Length == 1 ? candidates[0] : null;
    }

    /// <summary>
    /// The file of a folder that has a name without its ending, a voice of the best kind or else a picture; null where there is none.
    /// </summary>
    public static string? Find(string folder, string name, Modality modality)
    {
        string usual = name + (modality == Modality.Voice ? ".wav" : ".jpg");
        return File.Exists(Path.Combine(folder, usual)) ? usual
            : !Directory.Exists(folder) ? null
            : CorpusTree.List(folder, "", new CorpusTally()).Files
                .Where(file => Path.GetFileNameWithoutExtension(file) == name)
                .Where(modality == Modality.Voice ? IsVoice : IsImage)
                .MinBy(Rank); // of one kind the first in ordinal order
    }

    private static int Rank(string name)
    {
        int rank = Array.FindIndex(VoiceEndings, ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
        return rank < 0 ? VoiceEndings.Length : rank;
    }
}
