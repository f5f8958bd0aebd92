using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CrossModalVae.Corpora;
using CrossModalVae.Evaluation.Trials;
using CrossModalVae.Numerics;

namespace CrossModalVae.Tests.Corpora;

/// <summary>
/// Mutated manifests and trial lists: every one is read or refused by one of our messages, in memory that its size accounts for.
/// </summary>
public sealed class ManifestFuzzTests : IDisposable
{
    // A value costs an object of some 100 bytes where it takes 2 of the file, and messages repeat what they found; the
    // rest is buffers and the first call's set-up.
    private const long MostBytesPerByte = 600;
    private const long MostBytesBeside = 1 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20); // a hang fails instead of lasting; the work takes a minute or two

    private static readonly string[] Lines =
    [
        """{"identity":"a","clip":"v/1","voice":"a/1.wav","faces":["a/1.jpg","a/2.jpg"],"face_boxes":["""
        + """[1,2,30,40],null],"gender":"f","nationality":"Canada","age":31.5,"split":"train","start_s":0.5,"duration_s":6}""",
        """{"identity":"Zoë Ω","clip":"1","voice":null,"faces":"""
        + """["ü/\u00e9.jpg"],"gender":null,"nationality":null,"age":null,"split":"test","start_s":0,"duration_s":null}""",
        """{"identity":"b","clip":"1","voice":"b.wav","split":"validation"}""",
        """{"voice":{"identity":"a","clip":"1"},"face":{"identity":"b","clip":"1"},"target":false,"stratum":"GNA"}""",
        """{"direction":"voice-to-face","probe":{"identity":"a","clip":"1"},"positive":"""
        + """{"identity":"a","clip":"2"},"negatives":[{"identity":"b","clip":"2"}]}""",
        """{"modality":"face","item":{"identity":"a","clip":"1"},"stratum":null}""",
    ];

    private static readonly string[] Tokens =
    [
        "{",
        "}",
        "[",
        "]",
        "\"",
        ":",
        ",",
        "null",
        "true",
        "-",
        "-0",
        "1e400",
        "-1e-400",
        "0.1e5",
        "123456789012345678901234567890",
        "\\",
        "\\ud800",
        "\\udc00\\ud800",
        "\\u0000",
        "\0", "\n", "\r\n", "\r", "\t", " ", "\uFEFF", "\u2028", "../", "/", "C:", "\\\\", "\"identity\":", "\"faces\":[",
        "\"split\":\"train\"", "\"voice\":", new('[', 70), new('9', 400), new('x', 5000),
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task ReadManifest_SomeMutatedInputs_AreReadOrRefusedByOurMessages() =>
        Fuzz(2_000, 1, 0, path => ManifestReader.Read(path).Clips.Count);

    [Fact]
    [Trait("Category", "Slow")]
    public Task ReadManifest_MutatedInputs_AreReadOrRefusedByOurMessages() =>
        Fuzz(100_000, 2, 0, path => ManifestReader.Read(path).Clips.Count);

    [Fact]
    [Trait("Category", "Slow")]
    public Task ReadTrials_MutatedInputs_AreReadOrRefusedByOurMessages() => Fuzz(100_000, 3, 3, path => TrialReader.Read(path).Count());

    [Fact]
    public void ReadManifest_OneEndlessLine_IsRefusedBeforeItIsHeld()
    {
        const long Size = 64 << 20;
        string path = _folder["m.jsonl"];
        using (FileStream stream = File.Create(path))
        {
            stream.SetLength(Size); // no line end anywhere
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        var e = Assert.Throws<InvalidDataException>(() => ManifestReader.Read(path));

        Assert.Equal($"{path}: line 1: is longer than 16 MiB; expected one JSON object a line.", e.Message);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < Size, "The buffers grew beyond the longest line.");
    }

    private async Task Fuzz(int count, long seed, int firstLine, Func<string, int> read)
    {
        string path = _folder["fuzz.jsonl"];
        string place = Regex.Escape(path);
        var message = new Regex($@"^{place}: (line [0-9]+(, byte [0-9]+)?: .+|is empty; expected .+)\z", RegexOptions.Singleline);
        (int accepted, int refused) = (0, 0);
        await Task.Run(() =>
        {
            for (int i = 0; i < count; i++)
            {
                byte[] content = Mutated(SeededRandom.For(seed, i.ToString(CultureInfo.InvariantCulture)), firstLine);
                File.WriteAllBytes(path, content);
                long before = GC.GetAllocatedBytesForCurrentThread();
                try
                {
                    Assert.True(read(path) > 0);
                    accepted++;
                }
                catch (Exception e)
                {
                    Assert.True(e is InvalidDataException, $"Input {i}: {e}");
                    Assert.All(e.Message.Split('\n'), line => Assert.Matches(message, line));
                    refused++;
                }

                long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
                Assert.True(
                    allocated < MostBytesBeside + (MostBytesPerByte * content.Length),
                    $"Input {i}: {allocated} bytes for {content.Length}.");
            }
        }).WaitAsync(Patience);

        // A fuzz that breaks everything, or nothing, tests little.
        Assert.True(accepted > count / 50, $"{accepted} of {count} were accepted.");
        Assert.True(refused > count / 2, $"{refused} of {count} were refused.");
    }

    private static byte[] Mutated(SeededRandom random, int firstLine)
    {
        var content = new List<byte>();
        for (int line = random.NextInt32(4); line >= 0; line--)
        {
            // Mostly lines of the right kind; clips are told apart so that they are not all refused as given twice.
            string text = Lines[random.NextInt32(20) == 0 ? random.NextInt32(Lines.Length) : firstLine + random.NextInt32(3)];
            text = text.Replace("\"clip\":\"", $"\"clip\":\"{line}", StringComparison.Ordinal);
            content.AddRange(Encoding.UTF8.GetBytes(text + (random.NextInt32(5) == 0 ? "\r\n" : "\n")));
        }

        for (int times = random.NextInt32(4); times > 0; times--)
        {
            Mutate(content, random);
        }

        return [.. content];
    }

    private static void Mutate(List<byte> content, SeededRandom random)
    {
        int at = random.NextInt32(content.Count + 1);
        int length = random.NextInt32(Math.Min(40, content.Count - at) + 1);
        switch (random.NextInt32(7))
        {
            case 0 when at < content.Count:
                content[at] ^= (byte)(1 << random.NextInt32(8));
                break;
            case 1 when at < content.Count:
                content[at] = (byte)random.NextInt32(256);
                break;
            case 2:
                content.RemoveRange(at, length);
                break;
            case 3:
                content.InsertRange(random.NextInt32(content.Count + 1), content.GetRange(at, length));
                break;
            case 4:
                content.InsertRange(at, Encoding.UTF8.GetBytes(Tokens[random.NextInt32(Tokens.Length)]));
                break;
            case 5:
                byte[] token = Encoding.UTF8.GetBytes(Tokens[random.NextInt32(Tokens.Length)]);
                content.RemoveRange(at, length);
                content.InsertRange(at, token);
                break;
            default:
                content.RemoveRange(at, content.Count - at);
                break;
        }
    }
}
