using CrossModalVae.Audio;
using CrossModalVae.Cli.Workflows;
using CrossModalVae.Pictures;
using CrossModalVae.Scoring;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae generate</c>: what a model's decoder makes of a voice, a face, the prior, or the way between two clips.</summary>
internal static class GenerateVerb
{
    internal static Command Create() =>
        new(
            "generate",
            "Draw what a model's decoder makes: faces from voices, voices from faces, draws from the prior, strips between clips.")
        {
            CreateFromClips(
                "face",
                Modality.Voice,
                "voices",
                "Draw the face that a model makes of each voice, and a contact sheet beside the true faces.",
                ("a face for each person of the test split", "--manifest corpus/manifest.jsonl --split test --per-identity 1"),
                ("three draws of the posterior beside its mean, from recordings", "--voices a.wav b.wav --samples 3")),
            CreateFromClips(
                "voice",
                Modality.Face,
                "faces",
                "Draw the spectrum that a model makes of each face, and write it as sound where the recipe's voice features are frames.",
                ("a voice for each person of the test split", "--manifest corpus/manifest.jsonl --split test --per-identity 1"),
                ("from photographs", "--faces a.jpg b.jpg")),
            CreatePrior(),
            CreateInterpolate(),
        };

    private static Verb CreateFromClips(
        string name, Modality from, string noun, string what, params (string What, string Line)[] examples)
    {
        Option<string?> manifest = Options.File("--manifest", $"The corpus with the {noun}: a manifest (JSON Lines). This or --{noun}.");
        Option<string?> root = Options.Root();
        Choice<CorpusSplit> split = new("--split", "Clips of this split only. Default: all.");
        Option<int?> perIdentity = Options.OptionalCount("--per-identity", "At most so many clips of each identity. Default: all.", 1);
        Option<string[]> files = new($"--{noun}")
        {
            Description = $"Instead of --manifest: {(from == Modality.Voice ? "sound files, a voice each" : "pictures, a face each")}.",
            HelpName = "FILE",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = true,
        };
        Option<int> samples = Options.Count("--samples", "Draws of each posterior, beside its mean.", 0, 0, 100);
        Choice<ToleratedFault> tolerate = Tolerance.Option();
        Option<bool> skipBroken = Options.SkipBroken();
        var common = new Common($"generate {name}");
        var command = new Verb($"{name}", what, common.Examples(examples))
        {
            manifest, root, split, perIdentity, files, samples, tolerate, skipBroken,
        };
        common.AddTo(command, sizes: from == Modality.Voice, sounds: from == Modality.Face, draws: true);
        command.RefuseIf(
            result => result.GetValue(manifest) is null == (result.GetValue(files) is not { Length: > 0 }),
            $"The {noun} are missing or given twice; must be either --manifest FILE or --{noun} FILE.");
        command.RefuseIf(
            result => result.GetValue(manifest) is null
                && (result.GetValue(root) is not null || result.IsGiven(split) || result.IsGiven(perIdentity)),
            "--root, --split and --per-identity go with --manifest only.");
        return (Verb)command.Runs((parsed, cancellationToken) =>
        {
            SoundReading reading = parsed.Reading(tolerate);
            GenerationOptions options = common.Read(parsed) with
            {
                Samples = parsed.GetValue(samples),
                Reading = reading,
                SkipBroken = parsed.GetValue(skipBroken),
            };
            Manifest corpus = parsed.GetValue(manifest) is string path
                ? Chosen(ManifestReader.Read(path, parsed.GetValue(root)), parsed.GetValue(split), parsed.GetValue(perIdentity))
                : OfFiles(parsed.GetValue(files)!, from);
            using ScoringModel loaded = common.Open(parsed, reading, cancellationToken);
            var generation = new Generation(loaded, options, parsed.InvocationConfiguration.Error, cancellationToken);
            string list = generation.FromClips(corpus, from, common.Folder(parsed), areFiles: parsed.GetValue(manifest) is null);
            parsed.ListTolerated(reading);
            common.Print(parsed, list, Broken.Text(generation.Skipped));
        });
    }

    private static Verb CreatePrior()
    {
        Option<int> count = Options.Count("--count", "How many draws.", 20, 1, 10_000);
        var common = new Common("generate prior");
        var command = new Verb(
            "prior",
            "Draw faces and voices of points drawn from the prior N(0, I).",
            common.Examples(("forty, nearer to the middle", "--count 40 --temperature 0.7")))
        {
            count,
        };
        common.AddTo(command, sizes: true, sounds: true, draws: true);
        return (Verb)command.Runs((parsed, cancellationToken) =>
        {
            using ScoringModel loaded = common.Open(parsed, null, cancellationToken);
            var generation = new Generation(loaded, common.Read(parsed), parsed.InvocationConfiguration.Error, cancellationToken);
            common.Print(parsed, generation.FromPrior(parsed.GetValue(count), common.Folder(parsed)), "");
        });
    }

    private static Verb CreateInterpolate()
    {
        Option<string> manifest = Options.Manifest();
        Option<string?> root = Options.Root();
        Option<string[]> from = Ends("--from", "Where a strip starts: voice:IDENTITY/CLIP or face:IDENTITY/CLIP.");
        Option<string[]> to = Ends("--to", "Where it ends; as many as --from.");
        Option<int> steps = Options.Count("--steps", "Pictures of a strip.", GenerationTiles.StandardSteps, 2, 50);
        var common = new Common("generate interpolate");
        var command = new Verb(
            "interpolate",
            "Draw strips from one clip's latent point to another's, straight and along the great circle.",
            common.Examples(
                (
                    "between two faces",
                    "--manifest corpus/manifest.jsonl --from face:syn00001/00000 --to face:syn00002/00000"),
                (
                    "from a voice to a face",
                    "--manifest corpus/manifest.jsonl --from voice:syn00001/00000 --to face:syn00002/00000")))
        {
            manifest, root, from, to, steps,
        };
        common.AddTo(command, sizes: false, sounds: false, draws: false);
        command.RefuseIf(
            result => result.GetValue(from)?.Length != result.GetValue(to)?.Length,
            "--from and --to are not as many; must be one of each for every strip.");
        foreach (Option<string[]> ends in new[] { from, to })
        {
            ends.Validators.Add(result =>
            {
                foreach (string fault in result.Tokens.Select(token => LatentClip.Fault(ends.Name, token.Value)).OfType<string>())
                {
                    result.AddError(fault);
                }
            });
        }

        return (Verb)command.Runs((parsed, cancellationToken) =>
        {
            Manifest corpus = ManifestReader.Read(parsed.GetValue(manifest)!, parsed.GetValue(root));
            (LatentClip, LatentClip)[] pairs =
            [
                .. parsed.GetValue(from)!.Zip(parsed.GetValue(to)!, (a, b) => (LatentClip.Parse(a), LatentClip.Parse(b))),
            ];
            using ScoringModel loaded = common.Open(parsed, null, cancellationToken);
            var generation = new Generation(loaded, common.Read(parsed), parsed.InvocationConfiguration.Error, cancellationToken);
            common.Print(parsed, generation.Interpolate(corpus, pairs, parsed.GetValue(steps), common.Folder(parsed)), "");
        });
    }

    private static Option<string[]> Ends(string name, string what) => new(name)
    {
        Description = what + " May be given more than once.",
        HelpName = "CLIP",
        Required = true,
        Arity = ArgumentArity.OneOrMore,
    };

    private static Manifest Chosen(Manifest manifest, CorpusSplit? split, int? perIdentity) => manifest.With(
    [
        .. manifest.Clips.Where(clip => split is null || clip.Split == split)
            .GroupBy(clip => clip.Identity, StringComparer.Ordinal)
            .SelectMany(clips => clips.Take(perIdentity ?? int.MaxValue)),
    ]);

    private static Manifest OfFiles(string[] files, Modality modality) => new(
        Path.GetFullPath("files"),
        [
            .. files.Select((file, i) => new Clip
            {
                Identity = i.ToString("D6", CultureInfo.InvariantCulture),
                Name = file,
                Split = CorpusSplit.Test,
                Voice = modality == Modality.Voice ? Path.GetFullPath(file) : null,
                Faces = modality == Modality.Face ? [Path.GetFullPath(file)] : [],
            }),
        ]);

    /// <summary>What every way to generate takes: the model, where to write, how points are drawn and shown.</summary>
    private sealed class Common(string path)
    {
        private readonly Option<string?> _model = Options.Folder("--model", "The model folder that 'cmvae export' wrote. This or --run.");
        private readonly Option<string?> _run = Options.Folder("--run", "Instead of --model: the run folder that 'cmvae train' wrote.");
        private readonly Output _output = new(
            "--out", $"The folder for pictures, sound and {GeneratedFolder.ListName}, which says what was made from what.", "DIR",
            "*.png", "*.svg", "*.wav", GeneratedFolder.ListName)
        {
            Required = true,
            IsOwnFolder = true,
            Marker = GeneratedFolder.ListName,
        };

        private readonly Option<double> _temperature = Options.Number(
            "--temperature", "What the standard deviations of draws are multiplied by.", "T", 1, new NumberRange(Whole: false, 0, 100));

        private readonly Option<long> _seed = Options.Seed("Of the draws, and of the phases that sound starts from.");
        private readonly Option<int> _side = Options.Count("--size", "Pixels of a face's longer side.", FacePicture.StandardSide, 8, 4096);
        private readonly Option<int> _iterations = Options.Count(
            "--iterations", "Iterations of the Griffin-Lim algorithm.", VoiceInverse.StandardIterations, 0, 10_000);

        private readonly ScoringDevice _device = new();
        private readonly Option<bool> _json = Options.Json();

        internal (string What, string Line)[] Examples(params (string What, string Line)[] examples) =>
            [.. examples.Select(example => (example.What, $"cmvae {path} --model models/first {example.Line} --out generated"))];

        internal void AddTo(Command command, bool sizes, bool sounds, bool draws)
        {
            Option[] options =
            [
                _model, _run, _output, .. draws ? [_temperature, _seed] : Array.Empty<Option>(),
                .. sizes ? [_side] : Array.Empty<Option>(), .. sounds ? [_iterations] : Array.Empty<Option>(), _device, _json,
            ];
            Array.ForEach(options, command.Options.Add);
            command.RefuseIf(
                result => result.GetValue(_model) is null == result.GetValue(_run) is null,
                "The model is missing or given twice; must be either --model MODEL or --run RUN.");
        }

        internal string Folder(ParseResult parsed) => parsed.GetValue(_output)!;

        internal GenerationOptions Read(ParseResult parsed)
        {
            IList<Option> own = parsed.CommandResult.Command.Options;
            var options = new GenerationOptions();
            return options with
            {
                Temperature = own.Contains(_temperature) ? parsed.GetValue(_temperature) : options.Temperature,
                Seed = own.Contains(_seed) ? parsed.GetValue(_seed) : options.Seed,
                Side = own.Contains(_side) ? parsed.GetValue(_side) : options.Side,
                Iterations = own.Contains(_iterations) ? parsed.GetValue(_iterations) : options.Iterations,
            };
        }

        internal ScoringModel Open(ParseResult parsed, SoundReading? reading, CancellationToken cancellationToken)
        {
            ExecutionDevice device = ScoringDevice.Start(parsed, _device.Order(parsed)).Device;
            ScoringModel loaded;
            if (parsed.GetValue(_model) is string model)
            {
                loaded = ScoringModel.Load(model, null, device, reading);
            }
            else
            {
                parsed.Say("exporting the run");
                string exported = Directory.CreateTempSubdirectory("cmvae-generate-").FullName;
                try
                {
                    Export.Run(parsed.GetValue(_run)!, exported, "not stated", licence: null, scores: null, cancellationToken);
                    loaded = ScoringModel.Load(exported, null, device, reading); // reads all of it
                }
                finally
                {
                    Directory.Delete(exported, recursive: true);
                }
            }

            CollapseWarning.Write(parsed, parsed.GetValue(_model) ?? parsed.GetValue(_run)!, loaded.Card.Collapse);
            return loaded;
        }

        internal void Print(ParseResult parsed, string list, string end)
        {
            StrictJson json = JsonFile.Parse(list, GeneratedFolder.ListName, FileSchema.Generated);
            foreach (string note in json["notes"].AsArray(note => note.AsString()))
            {
                parsed.InvocationConfiguration.Error.WriteLine($"note: {note}");
            }

            int count = json["files"].AsArray(file => file["file"].AsString()).Length;
            parsed.Print(_json, () => list, writer => writer.WriteLine($"{Folder(parsed)}: {Counted.Of(count, "file")}{end}"));
        }
    }
}
