using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>A trained MS-VAE in evaluation mode, from features as the front ends deliver them and back. One caller at a time.</summary>
public sealed class TrainedModel : IMultimodalVaeReference, IDisposable
{
    private readonly MultimodalVae _model;
    private readonly Device _device;
    private readonly RecipeStatistics _statistics;

    internal TrainedModel(MultimodalVae model, Recipe recipe, Device device)
    {
        _model = model;
        _device = device;
        Recipe = recipe;
        _statistics = recipe.Statistics!;
    }

    /// <summary>The recipe as used.</summary>
    public Recipe Recipe { get; }

    /// <summary>Loads the best epoch of a finished run.</summary>
    /// <param name="runFolder">The run's folder.</param>
    /// <param name="device">auto, cpu or cuda:N.</param>
    /// <exception cref="InvalidOperationException">Training has not finished.</exception>
    /// <exception cref="InvalidDataException">A file of the run is broken or does not fit the others; the message names it.</exception>
    /// <exception cref="ArgumentException">The device cannot be used.</exception>
    public static TrainedModel Load(string runFolder, string device = "cpu")
    {
        var run = new RunFolder(runFolder);
        if (!run.IsFinished)
        {
            throw UserError.Mark(new InvalidOperationException(
                run.IsUsed
                    ? $"{runFolder}: training has not finished; resume it with 'cmvae train --resume'."
                    : $"{runFolder}: no run is here; train one with 'cmvae train --out'."));
        }

        DeviceChoice choice = DeviceChoice.Resolve(device);
        Recipe recipe = run.ReadRecipe();
        var model = new MultimodalVae(
            recipe.Model,
            EncoderInput.Of(recipe, Modality.Voice),
            EncoderInput.Of(recipe, Modality.Face),
            recipe.Training.Seed,
            recipe.Objective);
        try
        {
            model.LoadWeights(run.WeightsPath);
            model.MoveTo(choice.Device);
            return new TrainedModel(model, recipe, choice.Device);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public (float[] Mean, float[] LogVariance) Encode(Modality modality, float[] features, int batchSize)
    {
        ArgumentNullException.ThrowIfNull(features);
        FeatureStatistics statistics = modality == Modality.Voice ? _statistics.Voice : _statistics.Face;
        EncoderInput input = modality == Modality.Voice ? _model.Voice : _model.Face;
        RequireSize(features, batchSize, input, nameof(features));
        if (batchSize == 0)
        {
            return ([], []);
        }

        float[] standardised = [.. features];
        statistics.Standardise(standardised, input.BlockLength);
        using IDisposable gradients = no_grad();
        using var scope = NewDisposeScope();
        Tensor rows = tensor(standardised, [batchSize, standardised.Length / batchSize], device: _device); // [B, F]
        GaussianPosterior q = _model.Score(modality, rows); // [B, D]
        return (q.Mean.ToFloats(), q.LogVariance.ToFloats());
    }

    /// <inheritdoc/>
    public (float[] Face, float[] Voice) Decode(float[] latent, int batchSize)
    {
        ArgumentNullException.ThrowIfNull(latent);
        if (!_model.HasDecoder)
        {
            throw new InvalidOperationException($"The recipe '{Recipe.Name}' trains no decoder ('objective.bound' is none).");
        }

        int d = _model.Options.DecodedDimension;
        RequireSize(latent.Length, batchSize, d, nameof(latent));
        if (batchSize == 0)
        {
            return ([], []);
        }

        using IDisposable gradients = no_grad();
        using var scope = NewDisposeScope();
        Tensor decoded = _model.Decode(tensor(latent, [batchSize, d], device: _device)); // [B, Ff + Fv]
        return (
            Restore(Mean(Modality.Face, 0, _model.FaceLength), _statistics.Face, _model.Face),
            Restore(Mean(Modality.Voice, _model.FaceLength, _model.VoiceLength), _statistics.Voice, _model.Voice));

        float[] Mean(Modality modality, int first, int length) =>
            Likelihood.Mean(Recipe.Objective.LikelihoodOf(modality), decoded.narrow(1, first, length)).ToFloats();
    }

    /// <summary>The weights and statistics as plain numbers, what the exporter takes.</summary>
    public MultimodalVaeWeights ToWeights()
    {
        MultimodalVaeWeights weights = _model.ToWeights(_statistics);
        return weights with
        {
            Voice = weights.Voice with { Posterior = Recipe.Objective.Posterior },
            Face = weights.Face with { Posterior = Recipe.Objective.Posterior },
            Decoder = weights.Decoder is null ? null : weights.Decoder with
            {
                FaceIsLogit = Recipe.Objective.FaceLikelihood == LikelihoodKind.Bernoulli,
                VoiceIsLogit = Recipe.Objective.VoiceLikelihood == LikelihoodKind.Bernoulli,
            },
        };
    }

    /// <summary>Frees the networks.</summary>
    public void Dispose() => _model.Dispose();

    private static float[] Restore(float[] standardised, FeatureStatistics statistics, EncoderInput input)
    {
        statistics.Restore(standardised, input.BlockLength);
        return standardised;
    }

    // Of a voice tower any whole number of frames, the same in every row.
    private static void RequireSize(float[] features, int batchSize, EncoderInput input, string name)
    {
        if (input.Tower is null || input.Modality != Modality.Voice)
        {
            RequireSize(features.Length, batchSize, input.RowLength, name);
            return;
        }

        ArgumentOutOfRangeException.ThrowIfNegative(batchSize);
        if (batchSize > 0 && (features.Length == 0 || features.Length % ((long)batchSize * input.UnitLength) != 0))
        {
            throw new ArgumentException(
                $"'{name}' has {features.Length} numbers; must have {batchSize} rows of frames x {input.UnitLength} bins.", name);
        }
    }

    private static void RequireSize(long found, int batchSize, int length, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(batchSize);
        if (found != (long)batchSize * length)
        {
            throw new ArgumentException(
                $"'{name}' has {found} numbers; must have {batchSize} rows x {length} = {(long)batchSize * length}.", name);
        }
    }
}
