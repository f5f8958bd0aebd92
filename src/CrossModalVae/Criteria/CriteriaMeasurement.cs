using CrossModalVae.Corpora;
using CrossModalVae.Evaluation;
using CrossModalVae.Models;
using CrossModalVae.Projection;

namespace CrossModalVae.Criteria;

/// <summary>
/// Measures the four criteria of Shi et al. (2019): probes and classifiers are fitted to the training split, their ridge is chosen on the
/// validation split where there is one, and everything is scored on the test split.
/// </summary>
internal sealed class CriteriaMeasurement
{
    private const int ClassifierComponents = 64;
    private const int VarianceClips = 1000;
    private const double StandardRidge = 10;

    private static readonly double[] Ridges = [0.1, 1, 10, 100, 1000, 10_000];
    private static readonly Modality[] Sides = [Modality.Voice, Modality.Face];

    private readonly CriteriaData _data;
    private readonly IReadOnlyList<Trait> _traits;
    private readonly CriteriaOptions _options;
    private readonly IProgress<int>? _progress;
    private readonly CancellationToken _cancellationToken;
    private readonly int[] _train;
    private readonly int[] _validation;
    private readonly int[] _test;
    private readonly List<CriterionRow> _rows = [];

    private CriteriaMeasurement(
        CriteriaData data,
        IReadOnlyList<Trait> traits,
        CriteriaOptions options,
        IProgress<int>? progress,
        CancellationToken cancellationToken)
    {
        (_data, _traits, _options, _progress, _cancellationToken) = (data, traits, options, progress, cancellationToken);
        (_train, _validation, _test) = (Of(CorpusSplit.Train), Of(CorpusSplit.Validation), Of(CorpusSplit.Test));

        int[] Of(CorpusSplit split) => [.. Enumerable.Range(0, data.Clips.Count).Where(i => data.Clips[i].Split == split)];
    }

    /// <summary>Measures all criteria; progress counts clips whose likelihood is estimated.</summary>
    public static IReadOnlyList<CriterionRow> Run(
        CriteriaData data,
        IReadOnlyList<Trait> traits,
        CriteriaOptions options,
        IProgress<int>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var own = new CriteriaMeasurement(data, traits, options, progress, cancellationToken);
        own.Factorise();
        own.Cohere();
        own.Synergise();
        return own._rows;
    }

    private void Factorise()
    {
        foreach (Modality side in Sides)
        {
            double[][] x = [.. _data.Of(side).Means.Select(Widened)];
            foreach (Trait trait in _traits)
            {
                Modality shown = trait.Owner ?? side;
                if (Fit(x, trait, shown) is LinearProbe probe)
                {
                    Add(Criterion.LatentFactorisation, trait, $"latent of the {EnumText.Of(side)}", Metric(trait), probe, x, shown);
                }
            }
        }
    }

    private void Cohere()
    {
        var classifiers = Sides.ToDictionary(side => side, side => new Classifier(this, side));
        foreach (Trait trait in _traits)
        {
            foreach (Modality side in Sides.Where(side => trait.Owner is null || trait.Owner == side))
            {
                if (classifiers[side].Probe(trait) is LinearProbe probe)
                {
                    Add(Criterion.TraitClassifiers, trait, EnumText.Of(side), Metric(trait), probe, classifiers[side].Real, side);
                }
            }
        }

        Trait[] shared =
        [
            .. _traits.Where(trait => trait.Owner is null && Sides.All(side => classifiers[side].Probe(trait) is not null)),
        ];
        if (shared.Length == 0)
        {
            return;
        }

        CohereJointly(classifiers, shared);
        foreach (Modality from in Sides)
        {
            CohereAcross(classifiers, shared, from);
        }
    }

    // The classifiers' agreement on faces and voices of the same draws; the ceiling is theirs on the same real clips.
    private void CohereJointly(Dictionary<Modality, Classifier> classifiers, Trait[] shared)
    {
        int dimension = _data.Voice.Means[0].Length + _data.PrivateDimensions;
        float[] ones = [.. Enumerable.Repeat(1f, dimension)];
        float[][] latents =
        [
            .. Enumerable.Range(0, _options.PriorDraws).Select(draw =>
            {
                SeededRandom random = SeededRandom.For(_options.Seed, $"prior/{draw}");
                return LatentPath.Draw(new float[dimension], ones, temperature: 1, random, _data.Posterior);
            }),
        ];
        (float[][] faces, float[][] voices) = _data.Decode(latents);
        var x = new Dictionary<Modality, double[][]>
        {
            [Modality.Face] = classifiers[Modality.Face].Features(faces),
            [Modality.Voice] = classifiers[Modality.Voice].Features(voices),
        };
        string[] groups = [.. latents.Select((_, draw) => draw.ToString(CultureInfo.InvariantCulture))];
        foreach (Trait trait in shared)
        {
            CriterionMetric metric = trait.IsClass ? CriterionMetric.Agreement : CriterionMetric.Correlation;
            double[] Predicted(Modality side, double[][] of) => [.. of.Select(classifiers[side].Probe(trait)!.Predict)];
            double[] face = Predicted(Modality.Face, x[Modality.Face]), voice = Predicted(Modality.Voice, x[Modality.Voice]);
            double[] realFace = Predicted(Modality.Face, [.. _test.Select(i => classifiers[Modality.Face].Real[i])]);
            double[] realVoice = Predicted(Modality.Voice, [.. _test.Select(i => classifiers[Modality.Voice].Real[i])]);
            _rows.Add(new CriterionRow(
                Criterion.JointCoherence, trait.Name, "the prior", metric, CriterionScore.Of(metric, face, voice, Ones(face.Length)))
            {
                IsShared = true,
                Chance = trait.IsClass ? CriterionScore.ChanceAgreement(face, voice) : 0,
                Interval = CriterionScore.Bootstrap(metric, face, voice, groups, _options.Draws, _options.Seed),
                Ceiling = CriterionScore.Of(metric, realFace, realVoice, Ones(realFace.Length)),
            });
        }
    }

    // The other modality, decoded from a test clip's posterior mean, against the clip's own traits.
    private void CohereAcross(Dictionary<Modality, Classifier> classifiers, Trait[] shared, Modality from)
    {
        Modality to = from == Modality.Voice ? Modality.Face : Modality.Voice;
        (float[][] faces, float[][] voices) = _data.Decode([.. _test.Select(i => _data.Of(from).Means[i])]);
        double[][] decoded = classifiers[to].Features(to == Modality.Face ? faces : voices); // [test, P]
        var x = new double[_data.Clips.Count][];
        for (int row = 0; row < _test.Length; row++)
        {
            x[_test[row]] = decoded[row];
        }

        foreach (Trait trait in shared)
        {
            CriterionMetric metric = trait.IsClass ? CriterionMetric.BalancedAccuracy : CriterionMetric.Correlation;
            LinearProbe probe = classifiers[to].Probe(trait)!;
            (double[] own, double[] truth, _) = Predictions(probe, classifiers[to].Real, trait, to);
            Add(
                Criterion.CrossCoherence,
                trait,
                $"{EnumText.Of(to)} from the {EnumText.Of(from)}",
                metric,
                probe,
                x,
                from,
                CriterionScore.Of(metric, own, truth, Ones(own.Length)));
        }
    }

    private void Synergise()
    {
        (double face, double voice) = Variances();
        var bound = new ImportanceBound(
            (z, count) =>
            {
                int d = z.Length / count;
                (float[][] faces, float[][] voices) = _data.Decode([.. Enumerable.Range(0, count).Select(k => z[(k * d)..((k + 1) * d)])]);
                return ([.. faces.SelectMany(row => row)], [.. voices.SelectMany(row => row)]);
            },
            face,
            voice);
        int[] chosen =
        [
            .. _test.GroupBy(i => _data.Clips[i].Identity, StringComparer.Ordinal)
                .SelectMany(person => person.Select((i, nth) => (Index: i, Nth: nth)))
                .OrderBy(clip => clip.Nth).Take(_options.LikelihoodClips).Select(clip => clip.Index).Order(),
        ];
        string[] proposals = ["voice and face", "the voice", "the face"];
        string[] probabilities = ["log p(face, voice)", "log p(face)", "log p(voice)"];
        int ff = _data.Face.Examples[0].Length, fv = _data.Voice.Examples[0].Length;
        int[] sizes = [ff + fv, ff, fv];
        var nats = new double[proposals.Length, probabilities.Length][]; // of [clips]
        for (int p = 0; p < proposals.Length; p++)
        {
            for (int of = 0; of < probabilities.Length; of++)
            {
                nats[p, of] = new double[chosen.Length];
            }
        }

        for (int c = 0; c < chosen.Length; c++)
        {
            int i = chosen[c];
            Proposal[] qs =
            [
                .. new[] { Joint(i), [Posterior(Modality.Voice, i)], [Posterior(Modality.Face, i)] }
                    .Select(parts => Proposal.Of(parts, _data.PrivateDimensions, _data.Posterior)),
            ];
            for (int p = 0; p < qs.Length; p++)
            {
                _cancellationToken.ThrowIfCancellationRequested();
                var random = SeededRandom.For(_options.Seed, $"{_data.Clips[i].Key}/{p}");
                (nats[p, 0][c], nats[p, 1][c], nats[p, 2][c]) =
                    bound.Estimate(_data.Face.Examples[i], _data.Voice.Examples[i], qs[p], _options.ImportanceSamples, random);
            }

            _progress?.Report(c + 1);
        }

        string[] groups = [.. chosen.Select(i => _data.Clips[i].Identity)];
        for (int of = 0; of < probabilities.Length; of++)
        {
            for (int p = 0; p < proposals.Length; p++)
            {
                AddNats($"{probabilities[of]}", $"from {proposals[p]}", [.. nats[p, of].Select(value => value / sizes[of])], groups);
            }

            for (int p = 1; p < proposals.Length; p++)
            {
                double[] gain = [.. nats[0, of].Zip(nats[p, of], (joint, single) => (joint - single) / sizes[of])];
                AddNats($"{probabilities[of]}", $"both less {proposals[p]}", gain, groups);
            }
        }
    }

    private void AddNats(string what, string from, double[] values, string[] groups)
    {
        const CriterionMetric Nats = CriterionMetric.NatsPerFeature;
        _rows.Add(new CriterionRow(Criterion.Synergy, what, from, Nats, CriterionScore.Of(Nats, values, values, Ones(values.Length)))
        {
            Interval = CriterionScore.Bootstrap(Nats, values, values, groups, _options.Draws, _options.Seed),
        });
    }

    // sigma^2 of each modality by maximum likelihood: the mean squared error of training clips decoded from their own posterior's mean.
    private (double Face, double Voice) Variances()
    {
        int[] some = [.. _train.Take(VarianceClips)];
        return (Error(Modality.Face), Error(Modality.Voice));

        double Error(Modality side)
        {
            (float[][] faces, float[][] voices) = _data.Decode([.. some.Select(i => _data.Of(side).Means[i])]);
            float[][] decoded = side == Modality.Face ? faces : voices;
            return some.Select((i, row) => _data.Of(side).Examples[i].Zip(decoded[row], (a, b) => Math.Pow(a - b, 2)).Average()).Average();
        }
    }

    private (float[] Mean, float[] LogVariance) Posterior(Modality side, int i) =>
        (_data.Of(side).Means[i], _data.Of(side).LogVariances[i]);

    private (float[] Mean, float[] LogVariance)[] Joint(int i)
    {
        (float[] Mean, float[] LogVariance) voice = Posterior(Modality.Voice, i), face = Posterior(Modality.Face, i);
        return _data.Joint switch
        {
            JointProposal.Product => [Proposal.Product(voice, face, prior: false)],
            JointProposal.ProductWithPrior => [Proposal.Product(voice, face, prior: true)],
            JointProposal.MixtureOfProducts => [voice, face, Proposal.Product(voice, face, prior: true)],
            _ => [voice, face],
        };
    }

    private static CriterionMetric Metric(Trait trait) => trait.IsClass ? CriterionMetric.BalancedAccuracy : CriterionMetric.R2;

    private void Add(
        Criterion criterion,
        Trait trait,
        string from,
        CriterionMetric metric,
        LinearProbe probe,
        double[][] x,
        Modality shown,
        double? ceiling = null)
    {
        (double[] predicted, double[] truth, string[] people) = Predictions(probe, x, trait, shown);
        if (truth.Distinct().Count() < 2)
        {
            return; // nothing to tell apart
        }

        _rows.Add(new CriterionRow(criterion, trait.Name, from, metric, CriterionScore.Of(metric, predicted, truth, Ones(truth.Length)))
        {
            IsShared = trait.Owner is null,
            Chance = trait.IsClass ? 1.0 / truth.Distinct().Count() : 0,
            Interval = CriterionScore.Bootstrap(metric, predicted, truth, people, _options.Draws, _options.Seed),
            Ceiling = ceiling,
        });
    }

    private (double[] Predicted, double[] Truth, string[] People) Predictions(LinearProbe probe, double[][] x, Trait trait, Modality shown)
    {
        int[] known = [.. _test.Where(i => trait.Value(_data.Clips[i], shown) is not null)];
        return (
            [.. known.Select(i => probe.Predict(x[i]))],
            [.. known.Select(i => trait.Value(_data.Clips[i], shown)!.Value)],
            [.. known.Select(i => _data.Clips[i].Identity)]);
    }

    // The ridge that scores best on validation people; null where the training split has nothing to fit to.
    private LinearProbe? Fit(double[][] x, Trait trait, Modality shown)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        (double[][] trainX, double[] trainY, _) = Known(_train);
        int classes = trainY.Distinct().Count();
        if (classes < 2 || (trait.IsClass && classes < trait.ClassCount))
        {
            return null;
        }

        (double[][] validX, double[] validY, int people) = Known(_validation);
        return people < PopulationScores.FewestIdentitiesOfMetric || validY.Distinct().Count() < 2
            ? LinearProbe.Fit(trainX, trainY, trait.ClassCount, StandardRidge)
            : Ridges.Select(ridge => LinearProbe.Fit(trainX, trainY, trait.ClassCount, ridge))
                .MaxBy(probe => CriterionScore.Of(Metric(trait), [.. validX.Select(probe.Predict)], validY, Ones(validY.Length)));

        (double[][] X, double[] Y, int People) Known(int[] rows)
        {
            int[] known = [.. rows.Where(i => trait.Value(_data.Clips[i], shown) is not null)];
            return (
                [.. known.Select(i => x[i])],
                [.. known.Select(i => trait.Value(_data.Clips[i], shown)!.Value)],
                known.Select(i => _data.Clips[i].Identity).Distinct(StringComparer.Ordinal).Count());
        }
    }

    private static double[] Ones(int count) => [.. Enumerable.Repeat(1.0, count)];

    private static double[] Widened(float[] row) => Array.ConvertAll(row, value => (double)value);

    // Classifiers of one modality's features, on their leading principal components.
    private sealed class Classifier
    {
        private readonly CriteriaMeasurement _owner;
        private readonly Modality _side;
        private readonly PrincipalComponents _components;
        private readonly Dictionary<string, LinearProbe?> _probes = new(StringComparer.Ordinal);

        public Classifier(CriteriaMeasurement owner, Modality side)
        {
            (_owner, _side) = (owner, side);
            float[][] rows = [.. owner._data.Of(side).Examples.Select(example => owner._data.Summarise(side, example))];
            float[][] train = [.. owner._train.Select(i => rows[i])];
            int count = Math.Min(ClassifierComponents, Math.Min(train.Length - 1, rows[0].Length));
            _components = PrincipalComponents.Fit(
                [.. train.SelectMany(row => row)], train.Length, rows[0].Length, count, owner._cancellationToken);
            Real = Transformed(rows);
        }

        /// <summary>[N, P] of the real clips.</summary>
        public double[][] Real { get; }

        public double[][] Features(float[][] examples) =>
            Transformed([.. examples.Select(example => _owner._data.Summarise(_side, example))]);

        public LinearProbe? Probe(Trait trait)
        {
            if (!_probes.TryGetValue(trait.Name, out LinearProbe? probe))
            {
                probe = _owner.Fit(Real, trait, trait.Owner ?? _side);
                _probes.Add(trait.Name, probe);
            }

            return probe;
        }

        private double[][] Transformed(float[][] rows)
        {
            double[] scores = _components.Scores([.. rows.SelectMany(row => row)], rows.Length);
            int count = scores.Length / rows.Length;
            return [.. Enumerable.Range(0, rows.Length).Select(row => scores[(row * count)..((row + 1) * count)])];
        }
    }
}
