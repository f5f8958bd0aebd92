using System.Text.Json.Nodes;
using CrossModalVae.Audio;
using CrossModalVae.Corpora;
using CrossModalVae.Faces;

namespace CrossModalVae.Cli.Tests;

public sealed partial class WholeWayTests
{
    [Fact]
    public async Task GenerateFace_TestSplit_DrawsEachVoicesFaceAndSaysFromWhat()
    {
        using var folder = new TemporaryFolder();
        string[] verb =
        [
            "generate", "face", "--model", corpus.Model, "--manifest", corpus.Manifest, "--split", "test", "--per-identity", "1",
            "--samples", "2", "--size", "64",
        ];

        string output = await Run([.. verb, "--out", folder["a"], "--json"]);
        await Run([.. verb, "--out", folder["b"]]);

        var list = JsonNode.Parse(output)!;
        string[] names = [.. list["files"]!.AsArray().Select(file => (string)file!["file"]!)];
        Clip[] clips = [.. ManifestReader.Read(corpus.Manifest).Clips.Where(clip => clip.Split == CorpusSplit.Test)
            .DistinctBy(clip => clip.Identity)];
        Assert.Equal(
            [.. clips.SelectMany(clip => new[] { "", "-draw-1", "-draw-2" }.Select(end => $"{clip.Identity}-{clip.Name}{end}.png")),
                "sheet.svg", "sheet.png"],
            names);
        Assert.Equal(
            names.Append("generated.json").Order(StringComparer.Ordinal),
            Directory.GetFiles(folder["a"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(names, name => Assert.Equal(File.ReadAllBytes(folder["a", name]), File.ReadAllBytes(folder["b", name])));
        FaceImage face = FaceImage.Load(folder["a", names[0]]);
        Assert.Equal((64, 64), (face.Width, face.Height));
        JsonNode draw = list["files"]![1]!;
        Assert.Equal(
            ($"voice:{clips[0].Key}", "draw", 1), ((string)draw["from"]![0]!, (string)draw["point"]!, (int)draw["draw"]!));
        Assert.Empty(folder.Partials);
    }

    [Fact]
    public async Task GenerateFace_AgainIntoTheSameFolder_IsRefusedAndForceReplacesItsOwnFilesOnly()
    {
        using var folder = new TemporaryFolder();
        string wavs = Path.Combine(Path.GetDirectoryName(corpus.Manifest)!, "wav");
        string wav = Directory.GetFiles(wavs, "*.wav", SearchOption.AllDirectories)[0];
        string[] verb = ["generate", "face", "--model", corpus.Model, "--voices", wav, "--out", folder["a"]];
        await Run([.. verb, "--samples", "3"]);
        await File.WriteAllTextAsync(folder["a", "mine.png"], "mine");

        (int exitCode, _, string error) = await Cmvae.RunAsync(verb);
        await Run([.. verb, "--force"]);

        Assert.Equal(2, exitCode);
        Assert.Contains("holds '", error, StringComparison.Ordinal);
        string stem = Path.GetFileNameWithoutExtension(wav); // 'clip.png' of 'clip.wav'
        Assert.Equal(
            new[] { $"{stem}.png", "generated.json", "mine.png", "sheet.png", "sheet.svg" }.Order(StringComparer.Ordinal),
            Directory.GetFiles(folder["a"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task GenerateVoice_PooledFeatures_DrawsTheMeanSpectrumAndSaysWhyThereIsNoSound()
    {
        using var folder = new TemporaryFolder();

        (int exitCode, _, string error) = await Cmvae.RunAsync(
            "generate", "voice", "--model", corpus.Model, "--manifest", corpus.Manifest, "--split", "test", "--out", folder["a"]);

        Assert.True(exitCode == 0, error);
        const string Note = "The recipe's voice features are pooled over time, so that there is a mean spectrum but nothing to hear.";
        Assert.Contains($"note: {Note}", error, StringComparison.Ordinal);
        var list = JsonNode.Parse(await File.ReadAllTextAsync(folder["a", "generated.json"]))!;
        Assert.Equal(Note, (string)Assert.Single(list["notes"]!.AsArray())!);
        Assert.Empty(Directory.GetFiles(folder["a"], "*.wav"));
        Assert.Equal(12, list["files"]!.AsArray().Count(file => (string)file!["shows"]! == "voice"));
    }

    [Fact]
    public async Task GenerateVoice_Frames_WritesSoundAtTheRecipesRate()
    {
        using var folder = new TemporaryFolder();
        var recipe = JsonNode.Parse(await File.ReadAllTextAsync(Repository.File("pipelines", "demo.json")))!;
        recipe["name"] = "frames";
        recipe["voice"] = JsonNode.Parse("""{"preset":"log-mel-64","duration_s":1,"pooling":"none","normalisation":"corpus"}""");
        recipe["model"] = JsonNode.Parse(
            """
            {"latent_dimension":8,"voice_hidden":[16],"face_hidden":[16],"decoder_hidden":[16],"decoder":"convolutional",
             "voice_tower":{"kind":"cnn","channels":[8,8]}}
            """);
        await File.WriteAllTextAsync(folder["frames.json"], recipe.ToJsonString());
        await Run(
            "train", "--manifest", corpus.Manifest, "--recipe", folder["frames.json"], "--out", folder["run"], "--epochs", "5",
            "--threads", "1");

        string pictures = Path.Combine(Path.GetDirectoryName(corpus.Manifest)!, "faces");
        string[] faces = Directory.GetFiles(pictures, "*.jpg", SearchOption.AllDirectories);
        await Run(
            "generate", "voice", "--run", folder["run"], "--faces", faces[0], faces[1], "--iterations", "5", "--out", folder["a"]);
        await Run("generate", "prior", "--run", folder["run"], "--count", "3", "--seed", "8", "--out", folder["p"]);

        var list = JsonNode.Parse(await File.ReadAllTextAsync(folder["a", "generated.json"]))!;
        Assert.Empty(list["notes"]!.AsArray());
        string[] sounds = Directory.GetFiles(folder["a"], "*.wav");
        Assert.Equal(2, sounds.Length);
        Assert.All(sounds, sound =>
        {
            AudioClip clip = WavFile.Read(sound);
            Assert.Equal((16_000, 16_000), (clip.SampleRateHz, clip.Samples.Length));
            Assert.True(clip.Samples.ToArray().Max(Math.Abs) > 1e-4f);
            Assert.True(File.Exists(Path.ChangeExtension(sound, ".png")));
        });
        Assert.Equal(3, Directory.GetFiles(folder["p"], "prior-*-face.png").Length);
        Assert.Equal(3, Directory.GetFiles(folder["p"], "prior-*-voice.wav").Length);
    }

    [Fact]
    public async Task GeneratePrior_TemperatureAndSeed_DecideTheDraws()
    {
        using var folder = new TemporaryFolder();
        string[] verb = ["generate", "prior", "--model", corpus.Model, "--count", "2", "--size", "32"];

        await Run([.. verb, "--out", folder["still"], "--temperature", "0"]);
        await Run([.. verb, "--out", folder["one"]]);
        await Run([.. verb, "--out", folder["again"]]);
        await Run([.. verb, "--out", folder["other"], "--seed", "2"]);

        byte[] Face(string run, int draw) => File.ReadAllBytes(folder[run, $"prior-00{draw}-face.png"]);
        Assert.Equal(Face("still", 1), Face("still", 2));
        Assert.NotEqual(Face("one", 1), Face("one", 2));
        Assert.Equal(Face("one", 2), Face("again", 2));
        Assert.NotEqual(Face("one", 1), Face("other", 1));
    }

    [Fact]
    public async Task GenerateInterpolate_VoiceToFaceAndFaceToFace_DrawsAStripPerPair()
    {
        using var folder = new TemporaryFolder();
        Clip[] clips = [.. ManifestReader.Read(corpus.Manifest).Clips];
        (string a, string b) = (clips[0].Key, clips[^1].Key);

        string output = await Run(
            "generate", "interpolate", "--model", corpus.Model, "--manifest", corpus.Manifest, "--from", $"voice:{a}", "--to", $"face:{b}",
            "--from", $"face:{a}", "--to", $"face:{b}", "--steps", "3", "--out", folder["a"], "--json");

        JsonArray files = JsonNode.Parse(output)!["files"]!.AsArray();
        Assert.Equal(4, files.Count);
        Assert.Equal([$"voice:{a}", $"face:{b}"], files[0]!["from"]!.AsArray().Select(from => (string)from!));
        string svg = await File.ReadAllTextAsync(folder["a", (string)files[0]!["file"]!]);
        foreach (string text in new[] { "face, linear", "voice, linear", "face, spherical", "voice, spherical", "0.5", "true face" })
        {
            Assert.Contains($">{text}<", svg, StringComparison.Ordinal);
        }
    }

    /// <summary>Several faces of one voice: its embedding is the condition, and the face's own part is drawn.</summary>
    [Fact]
    public async Task GenerateFace_ConditionalModel_DrawsSeveralOfOneVoiceAndRefusesWhatNeedsAPrior()
    {
        using var folder = new TemporaryFolder();
        await Run(
            "train", "--manifest", corpus.Manifest, "--recipe", "conditional", "--out", folder["run"], "--epochs", "3", "--threads", "1");
        await Run("export", "--run", folder["run"], "--out", folder["model"]);
        string[] of = ["--model", folder["model"], "--manifest", corpus.Manifest, "--split", "test", "--per-identity", "1"];

        await Run(["generate", "face", .. of, "--samples", "2", "--out", folder["a"]]);
        await Run(["generate", "face", .. of, "--samples", "2", "--temperature", "0", "--out", folder["b"]]);
        await Run(["generate", "voice", .. of, "--out", folder["v"]]);

        string draw = Path.GetFileName(Directory.GetFiles(folder["a"], "*-draw-1.png").Order(StringComparer.Ordinal).First());
        string second = draw.Replace("-draw-1", "-draw-2", StringComparison.Ordinal);
        string mean = draw.Replace("-draw-1", "", StringComparison.Ordinal);
        Assert.NotEqual(await Bytes("a", draw), await Bytes("a", second));
        Assert.NotEqual(await Bytes("a", draw), await Bytes("a", mean));
        Assert.Equal(await Bytes("b", draw), await Bytes("b", mean)); // the condition itself has no noise
        string key = ManifestReader.Read(corpus.Manifest).Clips[0].Key;
        const string Why = "is conditional ('objective.bound' of its recipe), it generates a face of a voice's embedding and a voice of a "
            + "face's: ";
        await Refused(Why + "there is no prior to draw both from.", "generate", "prior", "--model", folder["model"], "--out", folder["x"]);
        await Refused(
            Why + "the way from one clip to another shows both of each point.", "generate", "interpolate", "--model", folder["model"],
            "--manifest", corpus.Manifest, "--from", $"face:{key}", "--to", $"voice:{key}", "--out", folder["x"]);
        await Refused(
            Why + "the criteria need both from one point and its prior.", "criteria", "--model", folder["model"], "--manifest",
            corpus.Manifest, "--out", folder["c.json"]);
        await Refused(
            "its decoders make each modality of the other's embedding only; a clip's own is not reconstructed.", "embed", "--model",
            folder["model"], "--manifest", corpus.Manifest, "--out", folder["e"], "--modality", "both",
            "--reconstructions");
        Assert.False(Directory.Exists(folder["x"]));

        Task<byte[]> Bytes(string from, string file) => File.ReadAllBytesAsync(Path.Combine(folder[from], file));

        async Task Refused(string message, params string[] arguments)
        {
            (int exitCode, _, string error) = await Cmvae.RunAsync(arguments);
            Assert.True(exitCode == 2, error);
            Assert.Contains(message, error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Generate_WhatCannotBe_IsRefusedInASentence()
    {
        using var folder = new TemporaryFolder();
        await Run("train", "--manifest", corpus.Manifest, "--recipe", "cca", "--out", folder["run"]);
        string key = ManifestReader.Read(corpus.Manifest).Clips[0].Key;

        await Refused("has no decoder, since its recipe's objective.bound trains none", "generate", "prior", "--run", folder["run"]);
        await Refused("either --model MODEL or --run RUN", "generate", "prior");
        await Refused("either --manifest FILE or --voices FILE", "generate", "face", "--model", corpus.Model);
        await Refused(
            "--root, --split and --per-identity go with --manifest only.", "generate", "face", "--model", corpus.Model, "--voices", "a.wav",
            "--split", "test");
        await Refused(
            "a.wav: ", "generate", "face", "--model", corpus.Model, "--voices", "a.wav");
        string[] strip = ["generate", "interpolate", "--model", corpus.Model, "--manifest", corpus.Manifest];
        await Refused(
            "--from is 'x'; must be voice:IDENTITY/CLIP or face:IDENTITY/CLIP.", [.. strip, "--from", "x", "--to", $"face:{key}"]);
        await Refused("--from and --to are not as many", [.. strip, "--from", $"face:{key}", "--to", $"face:{key}", "--to", $"face:{key}"]);
        await Refused("'nobody/1' is no clip of", [.. strip, "--from", "face:nobody/1", "--to", $"face:{key}"]);

        async Task Refused(string sentence, params string[] args)
        {
            (int exitCode, _, string error) = await Cmvae.RunAsync([.. args, "--out", folder["none"]]);
            Assert.True(exitCode == 2, error);
            Assert.Contains(sentence, error, StringComparison.Ordinal);
            Assert.False(Directory.Exists(folder["none"]));
        }
    }
}
