using System.Globalization;
using System.Runtime.InteropServices;
using CrossModalVae.Audio;
using CrossModalVae.Numerics;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;

namespace CrossModalVae.Bench;

/// <summary>
/// A tree of VoxCeleb1's shape and size: folders and names as they are there, every file a hard link to one small wav or
/// jpg of its person, so that a million files cost directory entries and no space. Shares of a person or video are drawn,
/// as in life, and a seed gives the same tree.
/// </summary>
internal sealed class VoxCelebTree(string root)
{
    public const int FullIdentities = 1251;
    public const int FullVideos = 22_496;
    public const int FullUtterances = 153_516;
    public const int FullFrames = 1_200_000;

    private const int RateHz = 16_000;
    private const int FaceSide = 32;

    private static readonly string[] Nationalities = ["USA", "UK", "Canada", "India", "Norway", "New Zealand"];

    private readonly SeededRandom _random = new(1251);

    /// <summary>Makes the tree at a share of the full size, and vox1_meta.csv in it.</summary>
    /// <returns>Identities, videos, utterances and frames made.</returns>
    public (int Identities, int Videos, int Utterances, int Frames) Make(double share)
    {
        int identities = Part(FullIdentities, share), videos = Part(FullVideos, share), utterances = Part(FullUtterances, share),
            frames = Part(FullFrames, share);
        int[] videosOf = Deal(videos, identities, 1);
        int[] utterancesOf = Deal(utterances, videos, 1);
        int[] framesOf = Deal(frames, videos, 1);
        Directory.CreateDirectory(root);
        using var meta = new StreamWriter(Path.Combine(root, "vox1_meta.csv"));
        meta.Write("VoxCeleb1 ID\tVGGFace1 ID\tGender\tNationality\tSet\n");
        int video = 0;
        for (int person = 0; person < identities; person++)
        {
            string id = string.Create(CultureInfo.InvariantCulture, $"id1{person + 1:0000}");
            string name = string.Create(CultureInfo.InvariantCulture, $"Person_No_{person + 1:0000}");
            meta.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"{id}\t{name}\t{"mf"[person % 2]}\t{Nationalities[person % Nationalities.Length]}\t"
                + $"{(person % 31 == 7 ? "test" : "dev")}\n"));
            (string wav, string jpg) = Sources(person);
            for (int v = 0; v < videosOf[person]; v++, video++)
            {
                string link = VideoName();
                string voices = Directory.CreateDirectory(Path.Combine(root, "wav", id, link)).FullName;
                string faces = Directory.CreateDirectory(Path.Combine(root, "unzippedFaces", name, "1.6", link)).FullName;
                for (int u = 0; u < utterancesOf[video]; u++)
                {
                    Link(wav, Path.Combine(voices, string.Create(CultureInfo.InvariantCulture, $"{u + 1:00000}.wav")));
                }

                for (int f = 0; f < framesOf[video]; f++)
                {
                    Link(jpg, Path.Combine(faces, string.Create(CultureInfo.InvariantCulture, $"{25 * (f + 1):0000000}.jpg")));
                }
            }
        }

        return (identities, videos, utterances, frames);
    }

    private static int Part(int full, double share) => Math.Max(1, (int)Math.Round(full * share));

    /// <summary>Deals a total to so many, each at least the least and the rest by drawn weights.</summary>
    private int[] Deal(int total, int count, int least)
    {
        double[] weights = [.. Enumerable.Range(0, count).Select(_ => _random.NextDouble(0.2, 1.8))];
        double sum = weights.Sum(), seen = 0;
        int rest = total - (least * count), dealt = 0;
        var parts = new int[count];
        for (int i = 0; i < count; i++)
        {
            seen += weights[i];
            int upTo = i == count - 1 ? rest : (int)(rest * (seen / sum));
            parts[i] = least + upTo - dealt;
            dealt = upTo;
        }

        return parts;
    }

    private string VideoName()
    {
        const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return string.Create(11, _random, (name, random) =>
        {
            for (int i = 0; i < name.Length; i++)
            {
                name[i] = Letters[random.NextInt32(Letters.Length)];
            }
        });
    }

    /// <summary>A person's own tenth of a second of noise and own little picture, so that no two people share a file's content.</summary>
    private (string Wav, string Jpg) Sources(int person)
    {
        string folder = Directory.CreateDirectory(Path.Combine(root, ".sources")).FullName;
        string wav = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{person}.wav"));
        string jpg = Path.ChangeExtension(wav, ".jpg");
        var own = new SeededRandom(person);
        WavFile.Write(wav, [.. Enumerable.Range(0, RateHz / 10).Select(_ => (float)own.NextDouble(-0.5, 0.5))], RateHz);
        Rgb24[] pixels =
        [
            .. Enumerable.Range(0, FaceSide * FaceSide)
                .Select(_ => new Rgb24((byte)own.NextInt32(256), (byte)own.NextInt32(256), (byte)own.NextInt32(256))),
        ];
        using Image<Rgb24> image = Image.LoadPixelData<Rgb24>(pixels, FaceSide, FaceSide);
        using FileStream stream = File.Create(jpg);
        image.SaveAsJpeg(stream, new JpegEncoder { Quality = 90 });
        return (wav, jpg);
    }

    private static void Link(string source, string target)
    {
        if (OperatingSystem.IsWindows() || HardLink(source, target) != 0)
        {
            File.Copy(source, target);
        }
    }

    [DllImport("libc", EntryPoint = "link", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int HardLink(string source, string target);
}
