using System.Diagnostics;
using CrossModalVae.Evaluation;
using CrossModalVae.Training.Terms;
using TorchSharp.Modules;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace CrossModalVae.Training;

/// <summary>Epochs of one run: steps, validation, log, checkpoint.</summary>
internal sealed class TrainingLoop : IDisposable
{
    private const int MostRecoveryExamples = 2048;

    private readonly Recipe _recipe;
    private readonly StandardisedTable _train;
    private readonly RunFolder _run;
    private readonly Device _device;
    private readonly string _dataHash;
    private readonly MultimodalVae _model;
    private readonly TermSet _terms;
    private readonly Parameter[] _parameters;
    private readonly AdamOptimiser _optimiser;
    private readonly WeightAverage? _average;
    private readonly PairSampler _sampler;
    private readonly FeatureSource _validation;
    private readonly Validator _validator;
    private readonly StartingWeights? _start;
    private EpochLog? _best;

    /// <summary>Takes over the terms.</summary>
    public TrainingLoop(
        Recipe recipe,
        StandardisedTable train,
        StandardisedTable validation,
        TermSet terms,
        RunFolder run,
        Device device,
        string dataHash,
        StartingWeights? start = null)
    {
        _recipe = recipe;
        _train = train;
        _run = run;
        _device = device;
        _dataHash = dataHash;
        _model = new MultimodalVae(
            recipe.Model,
            EncoderInput.Of(recipe, Modality.Voice, train.Table.VoiceLength),
            EncoderInput.Of(recipe, Modality.Face, train.Table.FaceLength),
            recipe.Training.Seed,
            recipe.Objective);
        start?.CopyTo(_model, recipe);
        if (!recipe.Objective.HasPosteriors)
        {
            FixLogVariances();
        }

        _model.MoveTo(device);
        _sampler = new PairSampler(train.Table, recipe.Training);
        _start = start;
        if (start?.IsFolded == true && !run.HasCheckpoint)
        {
            RecoverNormalisation(start);
        }

        _terms = terms;
        (string Name, Parameter Value)[] weights = [.. _model.Weights, .. _terms.Weights];
        _parameters = [.. weights.Select(entry => entry.Value)];
        _optimiser = new AdamOptimiser(weights, recipe.Training.LearningRate, recipe.Training.WeightDecay, recipe.Training.Optimiser);
        foreach (AdamOptimiser.State state in _optimiser.States.Where(state => IsTrainedBody(state.Name)))
        {
            state.RateShare = recipe.Training.EncoderRateShare;
        }

        _average = recipe.Training.AverageDecay > 0.0 && !IsClosedForm
            ? new WeightAverage(
                [.. weights.Select(entry => (entry.Name, (Tensor)entry.Value)), .. _model.named_buffers().Select(b => (b.name, b.buffer))],
                recipe.Training.AverageDecay)
            : null;
        _validation = validation.Table;
        _validator = new Validator(_model, validation, recipe, _terms.Terms, device);
    }

    /// <summary>The best epoch so far, one-based; 0 before the first.</summary>
    public int BestEpoch => _best?.Epoch ?? 0;

    private bool IsClosedForm => _recipe.Objective.Bound == BoundKind.RidgeCca;

    private double BestValue => _recipe.Training.SelectsByAuc ? EpochSelection.Score(_best!)!.Value : _best!.SelectionLoss;

    /// <summary>Runs the epochs that are left, from the run's checkpoint where it has one, at most to a last one.</summary>
    public IReadOnlyList<EpochLog> Run(int? stopAfter, IProgress<EpochLog>? progress, CancellationToken cancellationToken)
    {
        List<EpochLog> log = _run.HasCheckpoint ? Restore() : [];
        int last = IsClosedForm ? 1 : Math.Min(stopAfter ?? int.MaxValue, _recipe.Training.Epochs);
        int patience = _recipe.Training.PatienceEpochs;
        for (int epoch = log.Count + 1; epoch <= last && !EpochSelection.IsOver(log, patience); epoch++)
        {
            EpochLog line = IsClosedForm ? Fit(cancellationToken) : Train(epoch, cancellationToken);
            using (_average?.Use())
            {
                line = Validate(line, log, cancellationToken);
                if (line.Best)
                {
                    SafetensorsFile.Write(_run.WeightsPath, _model.ReadWeights());
                }
            }

            log.Add(line);

            // Log before checkpoint: a run that dies between them repeats the epoch, to the same numbers, and replaces its line.
            RunLog.Write(_run.LogPath, log);
            Checkpoint.Save(
                _run,
                new Checkpoint { Epoch = epoch, BestEpoch = BestEpoch, BestValue = BestValue, DataHash = _dataHash },
                _model,
                _terms,
                _optimiser,
                _average);
            progress?.Report(line);
        }

        return log;
    }

    /// <summary>Loads the best epoch's weights and measures the posteriors of all validation clips.</summary>
    public (PosteriorMeasures Voice, PosteriorMeasures Face) BestPosteriors(CancellationToken cancellationToken)
    {
        _model.LoadWeights(_run.WeightsPath);
        return (_validator.Posteriors(Modality.Voice, cancellationToken), _validator.Posteriors(Modality.Face, cancellationToken));
    }

    /// <summary>What the weights that are loaded reach on the validation clips, identity by identity.</summary>
    public ValidationScores Scores(CancellationToken cancellationToken)
    {
        Dictionary<string, string?> genders = _validation.Clips.GroupBy(clip => clip.Identity, StringComparer.Ordinal).ToDictionary(
            clips => clips.Key, clips => clips.Select(clip => clip.Gender).FirstOrDefault(gender => gender is not null));
        return _validator.Judge(cancellationToken).Trials.Scores(identity => genders[identity]);
    }

    /// <summary>Adds a batch's terms times their weights to the sums, [Count and terms], and its weights to the weights.</summary>
    public static void Accumulate(Objective.Result result, Tensor sums, double[] weights, Device device)
    {
        using IDisposable gradients = no_grad();
        float[] batch = [.. result.Weights.Select(weight => (float)weight)];
        sums.Add(result.Terms * tensor(batch, [batch.Length], device: device)); // [Count and terms]
        TensorPrimitives.Add(weights, result.Weights, weights);
    }

    public void Dispose()
    {
        _optimiser.Dispose();
        _average?.Dispose();
        _terms.Dispose();
        _model.Dispose();
    }

    // Without a bound on the embedding nothing says how sure an encoder is: log-variance 0, a unit variance.
    private void FixLogVariances()
    {
        using IDisposable gradients = no_grad();
        Parameter[] heads =
        [
            .. _model.Weights.Where(entry => entry.Name.Contains(".log_variance.", StringComparison.Ordinal))
                .Select(entry => entry.Value),
        ];
        foreach (Parameter weight in heads)
        {
            weight.zero_();
            weight.requires_grad = false;
        }

        if (heads.Length != 4)
        {
            throw new InvalidOperationException($"{heads.Length} parameters of log-variance heads; expected weight and bias of two.");
        }
    }

    // What 'encoder_rate_share' and 'frozen_epochs' are for: an encoder's layers that were trained before.
    private bool IsTrainedBody(string name) => MultimodalVae.IsBody(name) && _start?.Covers(name) == true;

    // On examples as training shows them.
    private void RecoverNormalisation(StartingWeights start)
    {
        using IDisposable gradients = no_grad();
        foreach (Modality modality in (Modality[])[Modality.Voice, Modality.Face])
        {
            string tower = $"{EnumText.Of(modality)}.tower.";
            if (!start.Covers(tower) || !_model.Buffers.Any(entry => entry.Name.StartsWith(tower, StringComparison.Ordinal)))
            {
                continue;
            }

            int left = MostRecoveryExamples;
            _model.RecoverNormalisation(modality, () =>
            {
                foreach (ClipPair[] pairs in _sampler.Batches(_recipe.Training.Seed, 1).TakeWhile(_ => left > 0))
                {
                    using var scope = NewDisposeScope();
                    PairBatch batch = _train.Gather(pairs, _device);
                    if ((modality == Modality.Voice ? batch.Voice : batch.Face) is Tensor examples)
                    {
                        _ = _model.Encode(modality, examples);
                        left -= (int)examples.shape[0];
                    }
                }
            });
        }
    }

    private List<EpochLog> Restore()
    {
        Checkpoint state = Checkpoint.Restore(_run, _model, _terms, _optimiser, _average);
        if (state.DataHash != _dataHash)
        {
            throw UserError.Mark(new InvalidOperationException(
                $"{_run.FolderPath}: the run was started on other clips or features; it can be resumed on the same ones only."));
        }

        File.Delete(_run.MetricsPath); // unfinished again while more epochs run
        List<EpochLog> log = [.. RunLog.Read(_run.LogPath).Where(line => line.Epoch <= state.Epoch)];
        if (log.Count != state.Epoch)
        {
            throw new InvalidDataException($"{_run.LogPath}: {log.Count} epochs; expected {state.Epoch}, as the checkpoint has.");
        }

        _best = log.Find(line => line.Epoch == state.BestEpoch);
        return log;
    }

    // All there is to do of a closed form; what was chosen stands among the terms.
    private EpochLog Fit(CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        (CcaSettings settings, double auc) = CcaEncoders.Fit(_model, _train, _recipe, _device, cancellationToken);
        var terms = LossTerms.From(new float[LossTerms.Count], new double[LossTerms.Count]) with
        {
            Terms = new Dictionary<string, double?>
            {
                ["ridge"] = settings.Ridge,
                ["directions"] = settings.DirectionCount,
                ["power"] = settings.Power,
                ["cross-validated-auc"] = auc,
            },
        };
        return new EpochLog
        {
            Epoch = 1,
            Epochs = 1,
            Beta = 0.0,
            LearningRate = _recipe.Training.LearningRate,
            Train = terms,
            Validation = terms,
            SelectionLoss = 0.0,
            Best = false,
            GradientNorm = 0.0,
            Steps = 1,
            Seconds = watch.Elapsed.TotalSeconds,
            StepsPerSecond = 1.0 / watch.Elapsed.TotalSeconds,
        };
    }

    // The steps of an epoch; the line has no validation yet.
    private EpochLog Train(int epoch, CancellationToken cancellationToken)
    {
        double beta = Objective.BetaOf(_recipe.Objective, epoch);
        List<ClipPair[]> batches = _sampler.Batches(_recipe.Training.Seed, epoch);
        ClipPair[][][] steps = [.. batches.Chunk(_recipe.Training.AccumulationSteps)];
        TrainingNoise noise = TrainingNoise.ForEpoch(_recipe.Training.Seed, epoch, _device, _recipe.Training.Precision);
        foreach (ObjectiveTerm term in _terms.Terms)
        {
            term.StartEpoch(epoch, modality => TrainingRows(modality, cancellationToken));
        }

        _model.Freeze(epoch <= _recipe.Training.FrozenEpochs, IsTrainedBody);
        using var scope = NewDisposeScope();
        IReadOnlyList<string> names = Objective.NamesOf(_recipe.Objective, _terms.Terms);
        Tensor sums = zeros(LossTerms.Count + names.Count, device: _device); // [Count and terms]
        var weights = new double[LossTerms.Count + names.Count];
        var norms = new List<Tensor>();
        var watch = Stopwatch.StartNew();
        foreach ((int index, ClipPair[][] step) in steps.Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            long done = ((epoch - 1L) * steps.Length) + index;
            _optimiser.LearningRate = LearningRate.At(_recipe.Training, done, (long)_recipe.Training.Epochs * steps.Length);
            if (Step(step, beta, noise, sums, weights) is Tensor norm)
            {
                norms.Add(norm);
            }

            _average?.Update(done + 1);
        }

        LossTerms train = LossTerms.From(sums.ToFloats(), weights, names); // waits for the device
        double normSum = norms.Count == 0 ? 0.0 : stack(norms).ToFloats().Sum(norm => (double)norm);
        double seconds = watch.Elapsed.TotalSeconds;
        if (!double.IsFinite(train.TotalLoss) || !double.IsFinite(normSum))
        {
            string clip = _recipe.Training.GradientClipNorm > 0.0 ? " or 'gradient_clip_norm'" : "";
            string checkpoint = epoch > 1 ? $"The last checkpoint is epoch {epoch - 1}." : "There is no checkpoint yet.";
            throw UserError.Mark(new LossNotFiniteException(
                $"Epoch {epoch}: the training loss is no longer a finite number; lower 'learning_rate'{clip}. {checkpoint}"));
        }

        return new EpochLog
        {
            Epoch = epoch,
            Epochs = _recipe.Training.Epochs,
            Beta = beta,
            LearningRate = _optimiser.LearningRate,
            Train = train,
            Validation = train,
            SelectionLoss = 0.0,
            Best = false,
            GradientNorm = normSum / steps.Length,
            Steps = steps.Length,
            Seconds = seconds,
            StepsPerSecond = steps.Length / seconds,
            PairsPerSecond = batches.Sum(batch => (long)batch.Length) / seconds,
        };
    }

    // Of all training clips with the modality, as they are scored with the weights as they are, in the scope of the caller.
    private TermRows TrainingRows(Modality modality, CancellationToken cancellationToken)
    {
        EncodedRows q = EncodedRows.Of(_model, _train, modality, _train.Table.RowsWith(modality), _device, cancellationToken);
        Tensor mean = tensor(q.Mean, [q.Rows.Length, _recipe.Model.LatentDimension], device: _device); // [N, D]
        return new TermRows(mean, mean, [.. q.Rows.Select(row => _train.Table.Clips[row])]);
    }

    private EpochLog Validate(EpochLog trained, IReadOnlyList<EpochLog> before, CancellationToken cancellationToken)
    {
        (LossTerms validation, double selectionLoss) = _validator.Losses(trained.Beta, cancellationToken);
        (ValidationTrials trials, PosteriorCollapse collapse) = _validator.Judge(cancellationToken);
        double? auc = trials.Auc();
        if (_recipe.Training.SelectsByAuc && auc is null)
        {
            throw new InvalidDataException(
                $"The validation split has no trial of each kind; selection by '{EnumText.Of(_recipe.Training.Selection)}' needs a voice "
                + "and a face of one person, and another person's.");
        }

        EpochLog line = trained with
        {
            Validation = validation,
            ValidationAuc = auc,
            ValidationIdentityAuc = trials.AucByIdentity(),
            Collapse = collapse,
            SelectionLoss = selectionLoss,
        };
        line = line with { SelectionScore = EpochSelection.Smoothed(line, before, _recipe.Training) };
        if (_best is not null && !EpochSelection.IsBetter(line, _best, _recipe.Training.Selection))
        {
            return line;
        }

        bool isPassing = _recipe.Training.Selection == SelectionCriterion.LastEpoch && line.Epoch < line.Epochs; // the next one is better
        Interval? interval = auc is null || isPassing ? null : trials.AucInterval(_recipe.Training.Seed);
        return _best = line with { Best = true, ValidationAucLow = interval?.Low, ValidationAucHigh = interval?.High };
    }

    /// <summary>
    /// One optimiser step along the mean gradient of its batches; adds their terms times their weights to the sums and returns the
    /// gradient's norm, or null where no term had a gradient.
    /// </summary>
    private Tensor? Step(ClipPair[][] batches, double beta, TrainingNoise noise, Tensor sums, double[] weights)
    {
        using var scope = NewDisposeScope();
        _optimiser.ZeroGradients();
        bool any = false;
        foreach (ClipPair[] pairs in batches)
        {
            using var batchScope = NewDisposeScope();
            Objective.Result result = Objective.Evaluate(
                _model, _train.Gather(pairs, _device), _recipe.Objective, beta, noise, dropout: true, _terms.Terms);
            if (result.Total.requires_grad) // a last batch may be too small for every term
            {
                (batches.Length == 1 ? result.Total : result.Total.Over(batches.Length)).backward();
                any = true;
            }

            Accumulate(result, sums, weights, _device);
        }

        if (!any)
        {
            return null;
        }

        double clip = _recipe.Training.GradientClipNorm > 0.0 ? _recipe.Training.GradientClipNorm : double.PositiveInfinity;
        Tensor norm = GradientClip.Apply(_parameters, clip).MoveToOuterDisposeScope();
        _optimiser.Step();
        return norm;
    }
}
