using CrossModalVae.Corpora;
using CrossModalVae.Features;
using CrossModalVae.Numerics;
using CrossModalVae.Recipes;
using CrossModalVae.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CrossModalVae.Bench;

/// <summary>
/// The trainer's step on the report's model and random features: what <see cref="CrossModalVae.Training.Trainer"/> does for a batch.
/// </summary>
internal sealed class TrainingStep : IDisposable
{
    private const int Rows = 4096;
    private const int VoiceLength = 512;
    private const int FaceLength = 529;
    private const long Seed = 1;

    private readonly SeededRandom _random = SeededRandom.For(Seed, "bench/batches");
    private readonly ObjectiveOptions _objective = new();
    private readonly TrainingOptions _training = new();
    private readonly MultimodalVae _model = new(new ModelOptions(), VoiceLength, FaceLength, Seed);
    private readonly StandardisedTable _table;
    private readonly TrainingNoise _noise = TrainingNoise.ForEpoch(Seed, 1, CPU);
    private readonly Parameter[] _parameters;
    private readonly AdamOptimiser _optimiser;

    public TrainingStep()
    {
        var features = new FeatureTable
        {
            Clips =
            [
                .. Enumerable.Range(0, Rows)
                    .Select(row => new Clip { Identity = $"{row}", Name = "0", Voice = "v", Faces = ["f"], Split = CorpusSplit.Train }),
            ],
            Voice = Gaussian(Rows * VoiceLength),
            Face = Gaussian(Rows * FaceLength),
            VoiceLength = VoiceLength,
            FaceLength = FaceLength,
        };
        _table = new StandardisedTable(
            features, features.ComputeStatistics(Modality.Voice, out _), features.ComputeStatistics(Modality.Face, out _));
        _parameters = [.. _model.parameters()];
        _optimiser = new AdamOptimiser(_model.Weights, _training.LearningRate, _training.WeightDecay);
    }

    /// <summary>One optimiser step.</summary>
    public void Run(int batch)
    {
        using var scope = NewDisposeScope();
        var pairs = new ClipPair[batch];
        for (int k = 0; k < batch; k++)
        {
            int row = _random.NextInt32(Rows);
            pairs[k] = new ClipPair(row, row);
        }

        _optimiser.ZeroGradients();
        Objective.Evaluate(_model, _table.Gather(pairs, CPU), _objective, _objective.Beta, _noise, dropout: true).Total.backward();
        nn.utils.clip_grad_norm_(_parameters, _training.GradientClipNorm);
        _optimiser.Step();
    }

    public void Dispose()
    {
        _optimiser.Dispose();
        _model.Dispose();
    }

    private float[] Gaussian(int count)
    {
        var values = new float[count];
        for (int k = 0; k < count; k++) values[k] = (float)_random.NextGaussian();
        return values;
    }
}
