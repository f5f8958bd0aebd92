using System.Text.Json;
using CrossModalVae.Audio;
using CrossModalVae.Cli.Terminal;
using CrossModalVae.Synthesis;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae corpus</c>: makes and checks manifests.</summary>
internal static class CorpusVerb
{
    private const string ManifestToWrite =
        "The manifest to write. In the corpus's folder or above it, its paths are relative to it; elsewhere its first line names the "
        + "folder.";

    internal static Command Create()
    {
        var command = new Command("corpus", "Make manifests of corpora, make a synthetic corpus, check what a manifest names.");
        command.Subcommands.Add(CreateSynth());
        command.Subcommands.Add(CreateFolder());
        command.Subcommands.Add(CreateVoxCeleb());
        command.Subcommands.Add(CorpusTrialsVerb.Create());
        command.Subcommands.Add(CreateCheck());
        return command;
    }

    private static Command CreateSynth()
    {
        var standard = new SyntheticCorpusOptions();
        Option<int> identities = Options.Count("--identities", "Synthetic identities.", standard.Identities, 1, 1_000_000);
        Option<int> clips = Options.Count("--clips-per-identity", "Clips of each identity.", standard.ClipsPerIdentity, 1, 10_000);
        Option<int> frames = Options.Count("--frames-per-clip", "Face frames of each clip.", standard.FramesPerClip, 1, 10_000);
        Option<long> seed = Options.Seed("The same seed gives the same bytes.");
        Output output = new(
            "--out", "The corpus's folder. The same command continues a stopped one.", "DIR", "*")
        {
            Required = true,
            Rule = OutputRule.Continue,
            Marker = "synthetic-card.json", // as SyntheticCorpus writes it first
        };
        Option<bool> json = Options.Json();
        var command = new Verb(
            "synth",
            "Make a corpus of synthetic people whose best possible score is known.",
            ("100 people to try the program on", "cmvae corpus synth --identities 100 --out corpus"))
        {
            identities, clips, frames, seed, output, json,
        };
        return command.Runs((parsed, cancellationToken) =>
        {
            var options = new SyntheticCorpusOptions
            {
                Identities = parsed.GetValue(identities),
                ClipsPerIdentity = parsed.GetValue(clips),
                FramesPerClip = parsed.GetValue(frames),
                Seed = parsed.GetValue(seed),
            };
            Manifest manifest = Workflows.Synthesis.Run(
                options, parsed.GetValue(output)!, parsed.InvocationConfiguration.Error, cancellationToken);
            parsed.PrintLine(
                json,
                new { manifest = manifest.FilePath, identities = options.Identities, clips = manifest.Clips.Count },
                $"{manifest.FilePath}: {Counted.Of(manifest.Clips.Count, "clip")} of {Counted.Of(options.Identities, "identity")}");
        });
    }

    private static Command CreateFolder()
    {
        Option<string> root = new("--root") { Description = "The folder that the patterns start from.", Required = true, HelpName = "DIR" };
        Output output = Options.Out(ManifestToWrite, "FILE");
        Option<string[]> voices = Patterns(
            "--pattern",
            "How voices are named, e.g. {identity}/{video}/{clip}.flac; {split}, {gender} and * too. A pattern that ends in * takes "
            + "wav and all that ffmpeg reads. Without both patterns: {identity}/{clip}/*.");
        Option<string[]> faces = Patterns(
            "--face-pattern",
            "How face frames are named, e.g. {identity}/{clip}/*.jpg. A pattern that ends in * takes jpg, jpeg and png. "
            + "Without both patterns: {identity}/{clip}/*.");
        (Option<double> validation, Option<double> test, Option<long> seed) = SplitOptions("where no pattern has {split}");
        Option<bool> json = Options.Json();
        var command = new Verb(
            "folder",
            "Make a manifest of folders whose files are named by a pattern. A clip may lack a modality: embed takes what is there, "
            + "train needs some voices and some faces.",
            ("clips/ANNA/first/voice.wav and frames beside it", "cmvae corpus folder --root clips --out clips/manifest.jsonl"),
            (
                "files named by a pattern of your own",
                "cmvae corpus folder --root clips --out clips/manifest.jsonl --pattern {identity}-{clip}.wav "
                + "--face-pattern {identity}-{clip}.jpg"))
        {
            root, output, voices, faces, validation, test, seed, json,
        };
        return command.Runs((parsed, cancellationToken) =>
        {
            var options = new FolderCorpusOptions { Root = parsed.GetValue(root)!, Split = Split(parsed, validation, test, seed) };
            (string[] ofVoices, string[] ofFaces) = (parsed.GetValue(voices) ?? [], parsed.GetValue(faces) ?? []);
            if (ofVoices.Length + ofFaces.Length > 0)
            {
                options = options with { VoicePatterns = ofVoices, FacePatterns = ofFaces };
            }

            var corpus = new FolderCorpus(options);
            using var progress = new BuildProgress(parsed.InvocationConfiguration.Error);
            Print(parsed, json, parsed.GetValue(output)!, corpus.Write(parsed.GetValue(output)!, progress, cancellationToken));
        });
    }

    private static Command CreateVoxCeleb()
    {
        Option<string> root = new("--root") { Description = "The VoxCeleb1 or VoxCeleb2 tree.", Required = true, HelpName = "DIR" };
        Output output = Options.Out(ManifestToWrite, "FILE");
        Option<string?> meta = Options.File("--meta", "vox1_meta.csv or vox2_meta.csv. Default: in the tree.");
        Option<string?> voiceFolder = Options.Folder(
            "--voice-folder",
            "The folder of voices in the tree, <id>/<video>/<n>.wav. Default: wav, aac, dev/aac and their like, all that are there.");
        Option<string?> faceFolder = Options.Folder(
            "--face-folder",
            "The folder of faces in the tree, <Name or id>/[1.6/]<video>/[<n>/]<frame>.jpg. "
            + "Default: unzippedFaces, faces, mp4 and their like.");
        Option<string?> splits = Options.File(
            "--splits", "iden_split.txt or an identity split file. Default: identities split by share.");
        Option<int> faces = Options.Count("--faces-per-clip", "Face frames taken of a clip's video, evenly spaced.", 8, 1, 10_000);
        Option<bool> resume = Options.Resume("Continue a stopped or killed run, to the same bytes.");
        (Option<double> validation, Option<double> test, Option<long> seed) = SplitOptions("where no split file says otherwise");
        Option<bool> json = Options.Json();
        var command = new Verb(
            "voxceleb",
            "Make a manifest of a VoxCeleb1 tree, wav/<id>/<video>/<n>.wav and unzippedFaces/<Name>/1.6/<video>/<frame>.jpg, or of "
            + "VoxCeleb2's, aac/<id>/<video>/<n>.m4a. What is left out is counted.",
            (
                "with the published split of people",
                "cmvae corpus voxceleb --root vox1 --out vox1/manifest.jsonl --splits vox1/identity_splits.txt"))
            {
                root, output, meta, voiceFolder, faceFolder, splits, faces, resume, validation, test, seed, json,
            };
        return command.Runs((parsed, cancellationToken) =>
        {
            var corpus = new VoxCeleb1Corpus(new VoxCeleb1Options
            {
                Root = parsed.GetValue(root)!,
                MetaFile = parsed.GetValue(meta),
                VoiceFolder = parsed.GetValue(voiceFolder),
                FaceFolder = parsed.GetValue(faceFolder),
                SplitFile = parsed.GetValue(splits),
                FacesPerClip = parsed.GetValue(faces),
                Split = Split(parsed, validation, test, seed),
            });
            using var progress = new BuildProgress(parsed.InvocationConfiguration.Error);
            CorpusBuildReport report = corpus.Write(parsed.GetValue(output)!, parsed.GetValue(resume), progress, cancellationToken);
            Print(parsed, json, parsed.GetValue(output)!, report);
        });
    }

    private static Command CreateCheck()
    {
        var corpusFiles = new CorpusOptions();
        Option<int?> jobs = Options.Workers("--jobs", "Files opened at once.");
        Choice<ToleratedFault> tolerate = Tolerance.Option();
        Output sound = new(
            "--write-sound", "Also write this manifest, of the clips without a fault. The exit code still tells of the faults.", "FILE");
        Option<bool> json = Options.Json();
        var command = new Verb(
            "check",
            "Open every file that a manifest names, report all broken ones, and count.",
            ("before a long training", "cmvae corpus check --manifest corpus/manifest.jsonl"),
            (
                "go on without the broken clips",
                "cmvae corpus check --manifest corpus/manifest.jsonl --write-sound corpus/sound.jsonl"))
            {
                corpusFiles.File, corpusFiles.Root, jobs, tolerate, sound, json,
            };
        command.RefuseIf(
            result => result.GetValue(sound) is { Length: > 0 } path
                && result.GetValue(corpusFiles.File) is { Length: > 0 } file
                && Path.GetFullPath(path) == Path.GetFullPath(file),
            "--write-sound is the manifest itself; name another file, so that what is left out stays known.");
        return command.Runs((parsed, cancellationToken) =>
        {
            Manifest corpus = corpusFiles.Read(parsed);
            SoundReading reading = parsed.Reading(tolerate);
            CorpusReport report;
            using (ProgressBar progress = ProgressBar.Start("checking", corpus.Clips.Count, parsed.InvocationConfiguration.Error))
            {
                report = CorpusCheck.Run(
                    corpus,
                    parsed.GetValue(jobs) ?? Environment.ProcessorCount,
                    progress,
                    fault => progress.Line($"cmvae: {fault}"),
                    reading,
                    cancellationToken);
            }

            parsed.ListTolerated(reading);

            string? written = parsed.GetValue(sound);
            if (written is not null)
            {
                WriteSound(written, corpus, report);
            }

            return Print(parsed, json, report, written);
        });
    }

    private static void WriteSound(string path, Manifest corpus, CorpusReport report)
    {
        if (report.SoundClips.Count == 0)
        {
            throw new UserErrorException($"{path}: is not written, because no clip of {corpus.FilePath} is without a fault.");
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        ManifestWriter.Write(path, report.SoundClips, folder == Path.TrimEndingDirectorySeparator(corpus.Folder) ? null : corpus.Folder);
    }

    private static Option<string[]> Patterns(string name, string what) =>
        new(name) { Description = what + " May be given more than once.", HelpName = "PATTERN", Arity = ArgumentArity.OneOrMore };

    private static (Option<double> Validation, Option<double> Test, Option<long> Seed) SplitOptions(string otherwise) => (
        Share("--validation-share", "validation", 0.1, otherwise),
        Share("--test-share", "test", 0.2, otherwise),
        Options.Seed("Seed of the split by identity."));

    private static Option<double> Share(string name, string split, double standard, string otherwise) => Options.Number(
        name,
        $"Share of the identities that become the {split} split, {otherwise}.",
        "X",
        standard,
        new NumberRange(Whole: false, 0, 1, Below: true));

    private static IdentitySplitOptions Split(ParseResult parsed, Option<double> validation, Option<double> test, Option<long> seed) =>
        new()
        {
            ValidationShare = parsed.GetValue(validation),
            TestShare = parsed.GetValue(test),
            Seed = parsed.GetValue(seed),
        };

    internal static void Print(ParseResult parsed, Option<bool> json, string path, CorpusBuildReport report) =>
        parsed.Print(json, () => Json(path, report), writer =>
        {
            writer.WriteLine(
                $"{path}: {Counted.Of(report.ClipCount, "clip")} of {Counted.Of(report.IdentityCount, "identity")}, "
                + $"{report.VoiceCount} with a voice, {report.FaceCount} with a face, {report.PairCount} with both; "
                + string.Join(", ", report.ClipsPerSplit.Select(split => $"{split.Value} {EnumText.Of(split.Key)}")));
            Print(writer, report.Notices);
        });

    /// <summary>What was written, in JSON.</summary>
    internal static object ToJson(string path, CorpusBuildReport report) => new
    {
        manifest = path,
        identities = report.IdentityCount,
        clips = report.ClipCount,
        with_voice = report.VoiceCount,
        with_face = report.FaceCount,
        with_both = report.PairCount,
        splits = report.ClipsPerSplit.ToDictionary(split => EnumText.Of(split.Key), split => split.Value),
        notices = report.Notices.Select(ToJson),
    };

    private static string Json(string path, CorpusBuildReport report) => JsonSerializer.Serialize(ToJson(path, report)) + "\n";

    private static object ToJson(CorpusNotice notice) => new { what = notice.What, count = notice.Count, examples = notice.Examples };

    private static int Print(ParseResult parsed, Option<bool> json, CorpusReport report, string? written)
    {
        parsed.Print(json, () => Json(report, written), writer => Print(writer, report, written));
        return report.IsSound ? CommandLine.Done : CommandLine.CallersMistake;
    }

    private static string Json(CorpusReport report, string? written)
    {
        var result = new
        {
            identities = report.IdentityCount,
            clips = report.ClipCount,
            with_voice = report.VoiceCount,
            with_face = report.FaceCount,
            with_both = report.PairCount,
            frames = report.FrameCount,
            hours = report.Hours,
            splits = report.Splits.ToDictionary(split => EnumText.Of(split.Split), split => new
            {
                identities = split.IdentityCount,
                clips = split.ClipCount,
                with_both = split.PairCount,
                frames = split.FrameCount,
                hours = split.Hours,
            }),
            sound = report.IsSound,
            sound_clips = report.SoundClips.Count,
            fault_count = report.FaultCount,
            faults = report.Faults,
            notices = report.Notices.Select(ToJson),
            written,
        };
        return JsonSerializer.Serialize(result) + "\n";
    }

    private static void Print(TextWriter writer, CorpusReport report, string? written)
    {
        writer.WriteLine(
            $"{Counted.Of(report.ClipCount, "clip")} of {Counted.Of(report.IdentityCount, "identity")}, "
            + $"{report.PairCount} with voice and face, "
            + $"{Counted.Of(report.FrameCount, "frame")}, {Duration(report.Hours)} of voice");
        foreach (CorpusSplitCounts split in report.Splits)
        {
            writer.WriteLine(
                $"  {EnumText.Of(split.Split)}: {Counted.Of(split.IdentityCount, "identity")}, "
                + $"{Counted.Of(split.ClipCount, "clip")}, {Counted.Of(split.PairCount, "pair")}, "
                + $"{Counted.Of(split.FrameCount, "frame")}, {Duration(split.Hours)}");
        }

        Print(writer, report.Notices);
        if (written is not null)
        {
            writer.WriteLine($"{written}: the {report.SoundClips.Count} of {report.ClipCount} clips without a fault");
        }

        writer.WriteLine(report.IsSound ? "every file is sound" : Counted.Of(report.FaultCount, "fault"));
    }

    private static string Duration(double hours) => hours switch
    {
        < 1.0 / 60 => Invariant($"{hours * 3600:0} s"),
        < 1 => Invariant($"{hours * 60:0.0} minutes"),
        _ => Invariant($"{hours:0.00} hours"),
    };

    private static void Print(TextWriter writer, IEnumerable<CorpusNotice> notices)
    {
        foreach (CorpusNotice notice in notices)
        {
            writer.WriteLine($"  note: {notice.Text}");
        }
    }
}
