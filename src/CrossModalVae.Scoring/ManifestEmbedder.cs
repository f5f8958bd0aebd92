using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Features;

namespace CrossModalVae.Scoring;

/// <summary>
/// Embeds the clips of a manifest, block by block: files are read on all cores, then the block is scored on all cores. Only the
/// modalities that are asked for are read.
/// </summary>
internal sealed class ManifestEmbedder
{
    // A block's features: enough that cores seldom wait for the slowest file, few enough to stay small beside the model.
    private const long BytesOfABlock = 64L << 20;
    private const int MostClipsOfABlock = 2048;

    private static readonly Modality[] RowOrder = [Modality.Voice, Modality.Face, Modality.Joint];

    private readonly ScoringModel _model;
    private readonly Manifest _manifest;
    private readonly Modality[] _modalities;
    private readonly EmbeddingParts _parts;
    private readonly Clip[] _clips;
    private readonly List<float> _values; // [rows, D]
    private readonly List<float> _deviations = []; // [rows, D], where they are asked for
    private readonly List<EmbeddingRow> _rows;

    public ManifestEmbedder(ScoringModel model, Manifest manifest, IReadOnlyCollection<Modality> modalities, EmbeddingParts parts)
    {
        _parts = parts;
        _model = model;
        _manifest = manifest;
        _modalities = [.. RowOrder.Where(modalities.Contains)];
        _clips = [.. manifest.Clips.Where(clip => _modalities.Any(modality => Has(clip, modality)))];
        _rows = new List<EmbeddingRow>(_clips.Length);
        _values = new List<float>(_clips.Length * model.Recipe.Model.LatentDimension);
    }

    public EmbeddingSet Run(IProgress<int>? progress, CancellationToken cancellationToken)
    {
        var extractor = new FeatureExtractor(_model.Recipe, _model.Reading, _model.FrontEnds);
        return Run(
            extractor.VoiceLength,
            extractor.FaceLength,
            (clip, voice, face) => extractor.ExtractView(_manifest, clip, 0, voice, face, cancellationToken),
            progress,
            cancellationToken);
    }

    public EmbeddingSet Run(FeatureStore features, IProgress<int>? progress, CancellationToken cancellationToken) => Run(
        features.VoiceLength,
        features.FaceLength,
        (clip, voice, face) =>
        {
            if (clip.Voice is not null) features.ReadVoice(clip, voice);
            if (clip.Faces.Count > 0) features.ReadFace(clip, face);
        },
        progress,
        cancellationToken);

    private delegate void Reading(Clip clip, Span<float> voice, Span<float> face);

    private EmbeddingSet Run(
        int voiceLength, int faceLength, Reading read, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        bool hasJoint = _modalities.Contains(Modality.Joint);
        var voices = new Block(voiceLength, hasJoint || _modalities.Contains(Modality.Voice), clip => clip.Voice is not null);
        var faces = new Block(faceLength, hasJoint || _modalities.Contains(Modality.Face), clip => clip.Faces.Count > 0);
        long bytesOfAClip = sizeof(float) * ((long)voices.RowLength + faces.RowLength);
        int most = (int)Math.Clamp(BytesOfABlock / Math.Max(1, bytesOfAClip), 1, MostClipsOfABlock);
        int done = 0;
        var gate = new Lock();
        foreach (Clip[] clips in _clips.Chunk(most))
        {
            voices.Start(clips);
            faces.Start(clips);
            ParallelLoop.For(
                clips.Length,
                i =>
                {
                    Clip wanted = voices.IsRead ? clips[i] : clips[i] with { Voice = null };
                    wanted = faces.IsRead ? wanted : wanted with { Faces = [], FaceBoxes = [] };
                    read(wanted, voices.Row(i), faces.Row(i));
                    lock (gate)
                    {
                        progress?.Report(++done);
                    }
                },
                cancellationToken: cancellationToken);
            Gather(
                clips,
                voices,
                voices.Count == 0 ? null : _model.ScoreVoices(voices.Features, voices.Count, cancellationToken),
                faces,
                faces.Count == 0 ? null : _model.ScoreFaces(faces.Features, faces.Count, cancellationToken));
        }

        float[] all = [.. _values];
        return new EmbeddingSet(
            all,
            _model.Recipe.Model.LatentDimension,
            _rows,
            _parts.HasFlag(EmbeddingParts.StandardDeviations) ? [.. _deviations] : null,
            _parts.HasFlag(EmbeddingParts.Reconstructions) ? Reconstruct(all, _rows.Count) : null);
    }

    private void Gather(Clip[] clips, Block voices, PosteriorRows? voicePosteriors, Block faces, PosteriorRows? facePosteriors)
    {
        int dimension = _model.Recipe.Model.LatentDimension;
        float[] missing = new float[dimension], joint = new float[dimension];
        Array.Fill(missing, float.NaN);
        for (int i = 0; i < clips.Length; i++)
        {
            int voice = voices.RowOf(i), face = faces.RowOf(i); // -1 where the clip has none
            ReadOnlySpan<float> voiceMean = voice < 0 ? missing : voicePosteriors!.Mean(voice);
            ReadOnlySpan<float> voiceLogVariance = voice < 0 ? missing : voicePosteriors!.LogVariance(voice);
            ReadOnlySpan<float> faceMean = face < 0 ? missing : facePosteriors!.Mean(face);
            ReadOnlySpan<float> faceLogVariance = face < 0 ? missing : facePosteriors!.LogVariance(face);
            foreach (Modality modality in _modalities.Where(modality => Has(clips[i], modality)))
            {
                if (modality == Modality.Joint)
                {
                    JointPosterior.Compute(_model.Recipe.Scoring.Joint, voiceMean, voiceLogVariance, faceMean, faceLogVariance, joint);
                }

                _values.AddRange(modality switch { Modality.Voice => voiceMean, Modality.Face => faceMean, _ => joint });
                _rows.Add(EmbeddingRow.Of(clips[i], modality));
                if (_parts.HasFlag(EmbeddingParts.StandardDeviations))
                {
                    foreach (float logVariance in modality == Modality.Voice ? voiceLogVariance : faceLogVariance)
                    {
                        _deviations.Add((float)Math.Exp(0.5 * logVariance));
                    }
                }
            }
        }
    }

    // The graph's outputs are in the front ends' units; standardised, every feature has the weight that it had in training.
    private float[] Reconstruct(float[] means, int count)
    {
        var options = new OnnxBatchOptions
        {
            BatchSize = _model.Recipe.Scoring.BatchSize,
            OutputTensorNames = [OnnxContract.FaceReconstruction, OnnxContract.VoiceReconstruction],
        };
        Recipe recipe = _model.Recipe;
        float[] latents = LatentPath.WithPrivateMeans(means, count, recipe.Model.DecodedDimension); // [rows, D], or [rows, D + 2 P]
        IReadOnlyList<float[]> decoded = _model.Decoder!.Score(latents, count, options); // [rows, Ff] and [rows, Fv]
        (FeatureStatistics Statistics, EncoderInput Input)[] parts =
        [
            (recipe.Statistics!.Face, EncoderInput.Of(recipe, Modality.Face)),
            (recipe.Statistics.Voice, EncoderInput.Of(recipe, Modality.Voice)),
        ];
        int length = parts.Sum(part => part.Input.ExampleLength);
        var features = new float[count * length]; // [rows, F]
        for (int row = 0; row < count; row++)
        {
            int at = row * length;
            for (int part = 0; part < parts.Length; part++)
            {
                (FeatureStatistics statistics, EncoderInput input) = parts[part];
                Span<float> own = features.AsSpan(at, input.ExampleLength);
                decoded[part].AsSpan(row * input.ExampleLength, input.ExampleLength).CopyTo(own);
                statistics.Standardise(own, input.BlockLength);
                at += input.ExampleLength;
            }
        }

        return features;
    }

    private static bool Has(Clip clip, Modality modality) => modality switch
    {
        Modality.Voice => clip.Voice is not null,
        Modality.Face => clip.Faces.Count > 0,
        _ => clip.Voice is not null || clip.Faces.Count > 0,
    };

    /// <summary>The features of one modality of a block of clips: a row for each clip that has it.</summary>
    private sealed class Block(int rowLength, bool isRead, Func<Clip, bool> has)
    {
        private float[] _features = [];
        private int[] _rows = [];

        public bool IsRead => isRead;

        /// <summary>Numbers of a row; none where the modality is not read.</summary>
        public int RowLength => isRead ? rowLength : 0;

        public int Count { get; private set; }

        public ReadOnlySpan<float> Features => _features.AsSpan(0, Count * RowLength);

        public void Start(Clip[] clips)
        {
            Count = 0;
            _rows = [.. clips.Select(clip => isRead && has(clip) ? Count++ : -1)];
            if (_features.Length < Count * RowLength) _features = new float[Count * RowLength];
        }

        /// <summary>The row of a clip of the block; -1 where it has none.</summary>
        public int RowOf(int clip) => _rows[clip];

        public Span<float> Row(int clip) => _rows[clip] < 0 ? default : _features.AsSpan(_rows[clip] * rowLength, rowLength);
    }
}
