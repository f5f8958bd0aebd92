using CrossModalVae.Audio;
using CrossModalVae.Corpora;
using CrossModalVae.Faces;
using CrossModalVae.Features;
using CrossModalVae.Models;
using CrossModalVae.Numerics;
using CrossModalVae.Recipes;
using CrossModalVae.Towers;
using CrossModalVae.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CrossModalVae.Bench;

/// <summary>
/// The trainer's step on random features: what <see cref="CrossModalVae.Training.Trainer"/> does for a batch, of the report's model (mlp),
/// or of convolutional towers for voice and face by InfoNCE (cnn; resnet, the light residual towers).
/// </summary>
internal sealed class TrainingStep : IDisposable
{
    private const long Seed = 1;

    private readonly SeededRandom _random = SeededRandom.For(Seed, "bench/batches");
    private readonly int _rows;
    private readonly ObjectiveOptions _objective;
    private readonly TrainingOptions _training = new();
    private readonly MultimodalVae _model;
    private readonly StandardisedTable _table;
    private readonly Device _device;
    private readonly TrainingNoise _noise;
    private readonly Parameter[] _parameters;
    private readonly AdamOptimiser _optimiser;

    public TrainingStep(string model, Device device, string precision)
    {
        _device = device;
        _noise = TrainingNoise.ForEpoch(
            Seed, 1, device, precision == "bfloat16" ? TrainingPrecision.Bfloat16 : TrainingPrecision.Float32);
        Recipe recipe = RecipeOf(model);
        bool hasTowers = recipe.Model.VoiceTower is not null;
        _rows = hasTowers ? 512 : 4096;
        (int voiceLength, int faceLength) = hasTowers
            ? (new VoiceFrontEnd(recipe.Voice).FeatureCount, new FaceFrontEnd(recipe.Face).FeatureCount)
            : (512, 529);
        EncoderInput voice = EncoderInput.Of(recipe, Modality.Voice, voiceLength);
        EncoderInput face = EncoderInput.Of(recipe, Modality.Face, faceLength);
        _objective = recipe.Objective;
        _model = new MultimodalVae(recipe.Model, voice, face, Seed, recipe.Objective);
        _model.MoveTo(device);
        var features = new FeatureTable
        {
            Clips =
            [
                .. Enumerable.Range(0, _rows)
                    .Select(row => new Clip { Identity = $"{row}", Name = "0", Voice = "v", Faces = ["f"], Split = CorpusSplit.Train }),
            ],
            Voice = Gaussian(_rows * voiceLength),
            Face = Gaussian(_rows * faceLength),
            VoiceLength = voiceLength,
            FaceLength = faceLength,
        };
        _table = new StandardisedTable(
            features,
            features.ComputeStatistics(Modality.Voice, voice.StatisticsCount, voice.BlockLength, out _),
            features.ComputeStatistics(Modality.Face, face.StatisticsCount, face.BlockLength, out _),
            voice,
            face);
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
            int row = _random.NextInt32(_rows);
            pairs[k] = new ClipPair(row, row, VoiceDraw: k + 1, FaceDraw: k + 1);
        }

        _optimiser.ZeroGradients();
        Objective.Evaluate(_model, _table.Gather(pairs, _device), _objective, _objective.Beta, _noise, dropout: true).Total.backward();
        GradientClip.Apply(_parameters, _training.GradientClipNorm);
        _optimiser.Step();
    }

    /// <summary>Waits for what the device has still to do.</summary>
    public void Wait()
    {
        if (_device.type == DeviceType.CUDA) cuda.synchronize(_device);
    }

    public void Dispose()
    {
        _optimiser.Dispose();
        _model.Dispose();
    }

    // 3 s of log-mel 64 frames, of which a step sees 200; 64 x 64 RGB faces.
    private static Recipe RecipeOf(string model)
    {
        if (model == "mlp")
        {
            return new Recipe { Name = model };
        }

        TowerKind kind = model == "cnn" ? TowerKind.Cnn : TowerKind.ResnetSe34Light;
        return new Recipe
        {
            Name = model,
            Voice = VoicePresets.LogMel64 with { Pooling = TimePooling.None },
            Face = new FaceOptions { Width = 64, Height = 64, Colour = FaceColour.Rgb },
            Model = new ModelOptions
            {
                LatentDimension = 128,
                VoiceHidden = [],
                FaceHidden = [],
                VoiceTower = new TowerOptions { Kind = kind, CropFrames = 200 },
                FaceTower = new TowerOptions { Kind = kind },
            },
            Objective = new ObjectiveOptions { Bound = BoundKind.None, Alignment = AlignmentKind.None, ContrastWeight = 1 },
        };
    }

    private float[] Gaussian(int count)
    {
        var values = new float[count];
        for (int k = 0; k < count; k++) values[k] = (float)_random.NextGaussian();
        return values;
    }
}
