using CrossModalVae.Audio;
using CrossModalVae.Cli.Terminal;
using CrossModalVae.Faces;
using CrossModalVae.Pictures;
using CrossModalVae.Scoring;

namespace CrossModalVae.Cli.Workflows;

/// <summary>How a decoder is asked.</summary>
internal sealed record GenerationOptions
{
    /// <summary>Draws of each posterior; 0 for its mean alone.</summary>
    public int Samples { get; init; }

    /// <summary>What the deviations of draws are multiplied by.</summary>
    public double Temperature { get; init; } = 1;

    public long Seed { get; init; } = 1;

    /// <summary>The longer side of a face, in pixels.</summary>
    public int Side { get; init; } = FacePicture.StandardSide;

    /// <summary>Of the Griffin-Lim algorithm.</summary>
    public int Iterations { get; init; } = VoiceInverse.StandardIterations;

    public SoundReading? Reading { get; init; }

    public bool SkipBroken { get; init; }
}

/// <summary>Faces from voices, voices from faces, both from the prior, and strips between clips, written into a folder.</summary>
internal sealed class Generation
{
    private const int ChunkClips = 256;
    private const int SheetGroups = 24;

    private readonly ScoringModel _bundle;
    private readonly Generator _generator;
    private readonly GenerationTiles _tiles;
    private readonly GenerationOptions _options;
    private readonly TextWriter _error;
    private readonly CancellationToken _cancellationToken;
    private readonly List<SkippedClip> _skipped = [];

    internal Generation(ScoringModel model, GenerationOptions options, TextWriter error, CancellationToken cancellationToken)
    {
        (_bundle, _options, _error, _cancellationToken) = (model, options, error, cancellationToken);
        _generator = new Generator(model);
        _tiles = new GenerationTiles(model, _generator, options.Reading);
    }

    internal IReadOnlyList<SkippedClip> Skipped => _skipped;

    /// <summary>The other modality of each clip, one file (and of voices a sound) each, and a contact sheet.</summary>
    internal string FromClips(Manifest manifest, Modality from, string folder, bool areFiles = false)
    {
        Modality to = from == Modality.Voice ? Modality.Face : Modality.Voice;
        Require(to);
        using var output = new GeneratedFolder(folder);
        Clip[] clips = [.. manifest.Clips.Where(clip => from == Modality.Voice ? clip.Voice is not null : clip.Faces.Count > 0)];
        if (clips.Length == 0)
        {
            throw new InvalidDataException(
                $"{manifest.FilePath}: no clip of what was asked for has a {EnumText.Of(from)}; expected some.");
        }

        var groups = new List<SheetGroup>();
        var embedding = new EmbeddingOptions
        {
            Modalities = [from],
            Parts = EmbeddingParts.StandardDeviations,
            Reading = _options.Reading,
            SkipBroken = _options.SkipBroken,
        };
        using (ProgressBar progress = ProgressBar.Start("generating", clips.Length, _error))
        {
            int done = 0;
            foreach (Clip[] chunk in clips.Chunk(ChunkClips))
            {
                _cancellationToken.ThrowIfCancellationRequested();
                Manifest part = manifest.With(chunk);
                (EmbeddingSet embedded, IReadOnlyList<SkippedClip> broken) = Embedding.Embed(
                    _bundle, null, part, embedding, new Relay<int>(_ => { }), _cancellationToken);
                _skipped.AddRange(broken);
                foreach (SkippedClip clip in broken)
                {
                    progress.Line($"warning: {clip.Text}");
                }

                Write(part, embedded, to, areFiles, output, groups, () => progress.Report(++done));
                progress.Report(done += broken.Count);
            }
        }

        BrokenClips.RequireSome(manifest, clips.Length, _skipped);
        string title = to == Modality.Face ? "Faces from voices" : "Voices from faces";
        WriteSheet(output, groups, title, rowPerGroup: false);
        return output.Finish(
            to == Modality.Face ? GenerationKind.Face : GenerationKind.Voice, _bundle.Card, _options.Seed, _options.Temperature, Notes(to));
    }

    /// <summary>Faces and voices of draws from the prior N(0, I).</summary>
    internal string FromPrior(int count, string folder)
    {
        Modality[] shown = RequireAny();
        float[][] latents =
        [
            .. Enumerable.Range(1, count).Select(
                draw => _generator.DrawPrior(_options.Temperature, SeededRandom.For(_options.Seed, $"prior/{draw}"))),
        ];
        using var output = new GeneratedFolder(folder);
        IReadOnlyList<GeneratedFeatures> decoded = _generator.Decode(latents, _cancellationToken);
        var groups = new List<SheetGroup>();
        using ProgressBar progress = ProgressBar.Start("generating", count, _error);
        for (int draw = 1; draw <= count; draw++)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            string stem = output.Stem(Invariant($"prior-{draw:D3}"));
            foreach (Modality modality in shown)
            {
                string name = $"{stem}-{EnumText.Of(modality)}";
                var file = new GeneratedFile($"{name}.png", EnumText.Of(modality), [], LatentPoint.Draw, draw);
                WriteDecoded(output, decoded[draw - 1], modality, file, real: null);
            }

            if (groups.Count < SheetGroups)
            {
                groups.Add(new SheetGroup(
                    $"draw {draw}", [.. shown.Select(modality => _tiles.Decoded(decoded[draw - 1], modality, EnumText.Of(modality)))]));
            }

            progress.Report(draw);
        }

        WriteSheet(output, groups, "Draws from the prior N(0, I)", rowPerGroup: false);
        return output.Finish(GenerationKind.Prior, _bundle.Card, _options.Seed, _options.Temperature, Notes(shown));
    }

    /// <summary>A strip for each pair of clips, from the mean of one's posterior to that of the other.</summary>
    internal string Interpolate(
        Manifest manifest, IReadOnlyList<(LatentClip From, LatentClip To)> pairs, int steps, string folder)
    {
        _generator.RequireUnconditional("the way from one clip to another shows both of each point");
        Modality[] shown = RequireAny();
        using var output = new GeneratedFolder(folder);
        ClipKey[] keys = [.. pairs.SelectMany(pair => new[] { pair.From.Key, pair.To.Key }).Distinct()];
        Dictionary<ClipKey, Clip> known = manifest.Clips.ToDictionary(clip => new ClipKey(clip.Identity, clip.Name));
        Clip[] clips = [.. keys.Select(key => known.TryGetValue(key, out Clip? clip) ? clip : throw new UserErrorException(
            $"'{key.Identity}/{key.Clip}' is no clip of {manifest.FilePath}; must be IDENTITY/CLIP of one of its {known.Count} clips."))];
        EmbeddingSet embedded = _bundle.Embed(
            manifest.With(clips), [Modality.Voice, Modality.Face], EmbeddingParts.None, null, _cancellationToken);
        foreach ((LatentClip from, LatentClip to) in pairs)
        {
            IReadOnlyList<SheetGroup> strips = _tiles.Strips(Mean(from), Mean(to), steps, _cancellationToken);
            string stem = output.Stem($"{from}--{to}");
            string about = ResultPictures.About($"model '{_bundle.Card.Name}'", "posterior means, 0 the first clip, 1 the second");
            Picture picture = TileSheet.Draw(
                Beside(strips, from, to), new PictureOptions { Title = $"From {from} to {to}", Subtitle = about }, rowPerGroup: true);
            SaveBoth(output, picture, stem, [from.ToString(), to.ToString()], LatentPoint.Path);
        }

        return output.Finish(GenerationKind.Interpolation, _bundle.Card, _options.Seed, _options.Temperature, Notes(shown));

        float[] Mean(LatentClip end)
        {
            for (int row = 0; row < embedded.Count; row++)
            {
                if (embedded.Rows[row].Identity == end.Key.Identity && embedded.Rows[row].Clip == end.Key.Clip
                    && embedded.Rows[row].Modality == end.Modality)
                {
                    return embedded.Values[(row * embedded.Dimension)..((row + 1) * embedded.Dimension)];
                }
            }

            throw new UserErrorException($"{manifest.FilePath}: '{end.Key.Identity}/{end.Key.Clip}' has no {EnumText.Of(end.Modality)}.");
        }

        // The clips themselves at both ends, of the modality that a strip shows.
        IReadOnlyList<SheetGroup> Beside(IReadOnlyList<SheetGroup> strips, LatentClip from, LatentClip to) =>
        [
            .. strips.Zip(
                strips.Select((_, i) => _tiles.Shown().ElementAt(i % _tiles.Shown().Count())),
                (strip, modality) => strip with { Tiles = [Real(from, modality), .. strip.Tiles, Real(to, modality)] }),
        ];

        SheetTile Real(LatentClip end, Modality modality) => modality == Modality.Face
            ? new SheetTile("true face", Face: _tiles.Face(manifest, known[end.Key])) { IsReal = true }
            : new SheetTile("true voice", Voice: _tiles.Voice(manifest, known[end.Key])) { IsReal = true };
    }

    // The files of a chunk's rows, and its groups of the contact sheet.
    private void Write(
        Manifest manifest,
        EmbeddingSet embedded,
        Modality to,
        bool areFiles,
        GeneratedFolder output,
        List<SheetGroup> groups,
        Action isDone)
    {
        int d = embedded.Dimension, points = 1 + _options.Samples;
        var latents = new List<float[]>(embedded.Count * points);
        for (int row = 0; row < embedded.Count; row++)
        {
            float[] mean = embedded.Values[(row * d)..((row + 1) * d)];
            ReadOnlySpan<float> deviation = embedded.StandardDeviations.AsSpan(row * d, d);
            latents.Add(mean);
            for (int draw = 1; draw <= _options.Samples; draw++)
            {
                string key = $"{embedded.Rows[row].Identity}/{embedded.Rows[row].Clip}/{draw}";
                latents.Add(_generator.Draw(mean, deviation, _options.Temperature, SeededRandom.For(_options.Seed, key)));
            }
        }

        IReadOnlyList<GeneratedFeatures> decoded = _generator.Decode(latents, _cancellationToken);
        Dictionary<ClipKey, Clip> clips = manifest.Clips.ToDictionary(clip => new ClipKey(clip.Identity, clip.Name));
        for (int row = 0; row < embedded.Count; row++)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            Clip clip = clips[new ClipKey(embedded.Rows[row].Identity, embedded.Rows[row].Clip)];
            string name = areFiles ? Path.GetFileNameWithoutExtension(clip.Name) : clip.Key, stem = output.Stem(name);
            string source = $"{EnumText.Of(embedded.Rows[row].Modality)}:{(areFiles ? clip.Name : clip.Key)}";
            (FaceImage? face, VoiceSpectrum? voice) = Real(manifest, clip, to);
            var tiles = new List<SheetTile>();
            if (face is not null || voice is not null)
            {
                tiles.Add(new SheetTile(to == Modality.Face ? "true face" : "true voice", face, voice) { IsReal = true });
            }

            for (int point = 0; point < points; point++)
            {
                GeneratedFeatures features = decoded[(row * points) + point];
                var file = new GeneratedFile(
                    point == 0 ? $"{stem}.png" : $"{stem}-draw-{point}.png",
                    EnumText.Of(to),
                    [source],
                    point == 0 ? LatentPoint.Mean : LatentPoint.Draw,
                    point == 0 ? null : point);
                WriteDecoded(output, features, to, file, voice);
                string caption = point == 0 ? $"from the {EnumText.Of(embedded.Rows[row].Modality)}" : $"draw {point}";
                tiles.Add(_tiles.Decoded(features, to, caption));
            }

            if (groups.Count < SheetGroups)
            {
                groups.Add(new SheetGroup(name, tiles));
            }

            isDone();
        }
    }

    // What a clip has of the modality that is generated; a broken file counts as none where such are left out.
    private (FaceImage? Face, VoiceSpectrum? Voice) Real(Manifest manifest, Clip clip, Modality modality)
    {
        try
        {
            return modality == Modality.Face ? (_tiles.Face(manifest, clip), null) : (null, _tiles.Voice(manifest, clip));
        }
        catch (Exception e) when (_options.SkipBroken && BrokenClips.IsFault(e))
        {
            return (null, null);
        }
    }

    private void WriteDecoded(
        GeneratedFolder output, GeneratedFeatures features, Modality modality, GeneratedFile file, VoiceSpectrum? real)
    {
        string path = output.Add(file);
        if (modality == Modality.Face)
        {
            FacePicture.Draw(_generator.Faces.ToImage(features.Face), _options.Side).Save(path, scale: 1);
            return;
        }

        VoiceSpectrum spectrum = _generator.Voices.ToSpectrum(features.Voice);
        var picture = new PictureOptions
        {
            Title = Path.GetFileNameWithoutExtension(file.File),
            Subtitle = ResultPictures.About(
                file.From.Count == 0 ? "drawn from the prior" : $"from {file.From[0]}", $"model '{_bundle.Card.Name}'"),
        };
        Picture drawn = spectrum.FrameCount > 1
            ? SpectrogramPicture.Draw(spectrum, picture)
            : SpectrumPicture.Draw(
                [
                    new SpectrumCurve("generated", spectrum),
                    .. real is null ? Array.Empty<SpectrumCurve>() : [new SpectrumCurve("true voice", real)],
                ],
                picture);
        drawn.Save(path);
        if (_generator.Voices.SoundObstacle is null)
        {
            string sound = Path.ChangeExtension(file.File, ".wav");
            AudioClip clip = _generator.Voices.ToSound(features.Voice, _options.Seed, _options.Iterations, _cancellationToken);
            WavFile.Write(output.Add(file with { File = sound }), clip);
        }
    }

    private void WriteSheet(GeneratedFolder output, List<SheetGroup> groups, string title, bool rowPerGroup)
    {
        string[] from = [.. output.Files.SelectMany(file => file.From).Distinct(StringComparer.Ordinal)];
        LatentPoint point = output.Files[0].Point;
        string shown = from.Length > groups.Count ? $"the first {groups.Count} of {from.Length} clips" : "";
        Picture sheet = TileSheet.Draw(
            groups,
            new PictureOptions { Title = title, Subtitle = ResultPictures.About($"model '{_bundle.Card.Name}'", shown) },
            rowPerGroup);
        SaveBoth(output, sheet, GeneratedFolder.SheetName, from, point);
    }

    private static void SaveBoth(GeneratedFolder output, Picture picture, string stem, string[] from, LatentPoint point)
    {
        foreach (string ending in new[] { ".svg", ".png" })
        {
            picture.Save(output.Add(new GeneratedFile(stem + ending, "sheet", from, point)));
        }
    }

    private void Require(Modality modality)
    {
        if ((modality == Modality.Face ? _generator.Faces.Obstacle : _generator.Voices.SpectrumObstacle) is string obstacle)
        {
            throw new UserErrorException(Upper(obstacle)!);
        }
    }

    private Modality[] RequireAny()
    {
        Modality[] shown = [.. _tiles.Shown()];
        if (shown.Length == 0)
        {
            Require(Modality.Face);
        }

        return shown;
    }

    /// <summary>What a viewer must know of what was made.</summary>
    private string[] Notes(params Modality[] shown) =>
    [
        .. shown.Select(modality => modality == Modality.Face ? _generator.Faces.Note : _generator.Voices.SoundObstacle)
            .OfType<string>().Select(note => Upper(note)!),
    ];

    private static string? Upper(string? sentence) => sentence is null ? null : char.ToUpperInvariant(sentence[0]) + sentence[1..];
}

/// <summary>The voice or the face of a clip, as text voice:IDENTITY/CLIP.</summary>
internal readonly record struct LatentClip(Modality Modality, ClipKey Key)
{
    /// <summary>What is wrong with a text that should name one; null where nothing is.</summary>
    internal static string? Fault(string name, string text) => TryParse(text) is not null
        ? null
        : $"{name} is '{text}'; must be voice:IDENTITY/CLIP or face:IDENTITY/CLIP.";

    internal static LatentClip Parse(string text) => TryParse(text)!.Value;

    public override string ToString() => $"{EnumText.Of(Modality)}:{Key.Identity}/{Key.Clip}";

    private static LatentClip? TryParse(string text)
    {
        int colon = text.IndexOf(':', StringComparison.Ordinal), slash = text.IndexOf('/', StringComparison.Ordinal);
        Modality? modality = colon < 0 ? null : text[..colon] switch
        {
            "voice" => Modality.Voice,
            "face" => Modality.Face,
            _ => null,
        };
        return modality is Modality known && slash > colon + 1 && slash < text.Length - 1
            ? new LatentClip(known, new ClipKey(text[(colon + 1)..slash], text[(slash + 1)..]))
            : null;
    }
}
