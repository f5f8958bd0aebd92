using CrossModalVae.Embeddings;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Evaluation;

/// <summary>Scores the systems on the identities of one split, beside the model, and says what was left out.</summary>
internal sealed class PopulationEvaluation(
    EmbeddingSet part,
    RankingMetric metric,
    ProtocolOptions options,
    IReadOnlyList<EvaluationSystem> others,
    EvaluationExtras extras,
    Action<string> begin,
    CancellationToken cancellationToken)
{
    private static readonly RetrievalDirection[] Directions = Enum.GetValues<RetrievalDirection>();

    private readonly List<SystemScores> _systems = [];
    private readonly List<DirectionDifference> _differences = [];
    private readonly List<string> _notes = [];
    private readonly HashSet<string> _people = IdentitiesWithBoth(part.Rows);

    public PopulationScores Run()
    {
        var plan = new ProtocolPlan(part.Rows, Strata.All, options, Directions);
        var own = EvaluationSystem.OfEmbeddings(SystemKind.Model, part, metric);
        IReadOnlyList<DirectionSample> model = Score(plan, own);
        NoteOneSided();
        NoteRepeated();
        NoteLeftOut(plan);
        Add(SystemKind.Model, model, _people.Count);
        foreach (EvaluationSystem other in others)
        {
            if (other.Kind == SystemKind.GenderOracle)
            {
                CompareWithGender(plan, model, own, other);
            }
            else
            {
                IReadOnlyList<DirectionSample> samples = Score(plan, other);
                Add(other.Kind, samples, _people.Count);
                if (other.Kind is SystemKind.Against or SystemKind.Linear or SystemKind.Transductive)
                {
                    AddDifferences(other.Kind, model, samples);
                }
            }
        }

        ScoreExplanation? explanation = Explain();
        IReadOnlyList<UncertaintyScores> uncertainty = Uncertainty();
        return new PopulationScores
        {
            Split = part.Rows[0].Split,
            IdentityCount = _people.Count,
            OneClipIdentityCount = part.Rows.GroupBy(row => row.Identity, StringComparer.Ordinal)
                .Count(rows => rows.Select(row => row.Clip).Distinct(StringComparer.Ordinal).Count() == 1
                    && _people.Contains(rows.Key)),
            ClipCount = part.Rows.Select(row => (row.Identity, row.Clip)).Distinct().Count(),
            ModalityGap = ModalityGap.Compute(part),
            Systems = _systems,
            Differences = _differences,
            Transductive = others.Select(other => other.Means).FirstOrDefault(means => means is not null)?.Clusters,
            Explanation = explanation,
            Uncertainty = uncertainty,
            Notes = _notes,
        };
    }

    private ScoreExplanation? Explain()
    {
        if (!extras.HasFlag(EvaluationExtras.Explanation))
        {
            return null;
        }

        begin("explanation");
        var explainer = new ScoreExplainer(part, metric, options, cancellationToken);
        ScoreExplanation? explanation = explainer.Run();
        _notes.AddRange(explainer.Notes);
        return explanation;
    }

    private IReadOnlyList<UncertaintyScores> Uncertainty()
    {
        if (!extras.HasFlag(EvaluationExtras.Uncertainty))
        {
            return [];
        }

        begin("uncertainty");
        var evaluation = new UncertaintyEvaluation(part, metric, options, cancellationToken);
        if (evaluation.Absence is string absence)
        {
            _notes.Add(absence);
        }

        return evaluation.Run();
    }

    private static HashSet<string> IdentitiesWithBoth(IReadOnlyList<EmbeddingRow> rows)
    {
        IEnumerable<string> Of(Modality modality) => rows.Where(row => row.Modality == modality).Select(row => row.Identity);
        return Of(Modality.Voice).Intersect(Of(Modality.Face), StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
    }

    private static bool HasMetric(DirectionSample sample) => sample.Plan.IdentityCount >= PopulationScores.FewestIdentitiesOfMetric;

    private static bool HasMetric(MetricSample sample) => sample.IdentityCount >= PopulationScores.FewestIdentitiesOfMetric;

    private IReadOnlyList<DirectionSample> Score(ProtocolPlan plan, EvaluationSystem system) => plan.Score(
        system, cancellationToken, direction => begin($"{EnumText.Of(system.Kind)}, {EnumText.Of(direction)}"));

    private void Add(SystemKind kind, IReadOnlyList<DirectionSample> samples, int identityCount) => _systems.Add(
        new SystemScores(
            kind,
            [
                .. samples.Where(HasMetric).Select(sample => sample with
                {
                    Metrics = sample.Metrics.Where(pair => HasMetric(pair.Value)).ToDictionary(),
                }).Select(sample => sample.ToScores(options.Confidence)),
            ])
        {
            IdentityCount = identityCount,
        });

    private void AddDifferences(SystemKind kind, IReadOnlyList<DirectionSample> model, IReadOnlyList<DirectionSample> others) =>
        _differences.AddRange(model.Zip(others).Where(pair => HasMetric(pair.First)).Select(pair => new DirectionDifference(
            kind,
            pair.First.Plan.Stratum,
            pair.First.Direction,
            pair.First.Metrics.Where(own => HasMetric(own.Value))
                .ToDictionary(own => own.Key, own => own.Value.Minus(pair.Second.Metrics[own.Key], options.Confidence)),
            pair.First.Plan.IdentityCount)));

    // An unknown gender is no gender: the oracle, and the model beside it, are scored on the people with one.
    private void CompareWithGender(
        ProtocolPlan plan, IReadOnlyList<DirectionSample> model, EvaluationSystem own, EvaluationSystem oracle)
    {
        HashSet<string> unknown = [.. part.Rows.Where(row => row.Gender is null).Select(row => row.Identity)];
        EmbeddingRow[] known = [.. part.Rows.Where(row => !unknown.Contains(row.Identity))];
        HashSet<string> asking = [.. plan.AskingIdentities.Where(identity => !unknown.Contains(identity))];
        int people = _people.Count(identity => !unknown.Contains(identity));
        if (asking.Count < PopulationScores.FewestIdentitiesOfMetric)
        {
            string askingOnly = asking.Count == people ? "" : $", {asking.Count} of them with a trial";
            _notes.Add(
                $"gender oracle: absent, as {people} of {_people.Count} people have a known gender{askingOnly}; it takes "
                + $"{PopulationScores.FewestIdentitiesOfMetric}.");
            return;
        }

        if (known.Where(row => asking.Contains(row.Identity)).Select(row => row.Gender).Distinct().Count() < 2)
        {
            _notes.Add($"gender oracle: absent, as all {people} people with a known gender have the same one.");
            return;
        }

        if (unknown.Count > 0)
        {
            _notes.Add(
                $"gender oracle: over the {people} of {_people.Count} people with a known gender; the model is compared with it on "
                + "the same people.");
            plan = new ProtocolPlan(known, Strata.All, options, Directions);
            model = Score(plan, own);
        }

        IReadOnlyList<DirectionSample> samples = Score(plan, oracle);
        Add(oracle.Kind, samples, people);
        AddDifferences(oracle.Kind, model, samples);
    }

    // Those who are not among the people counted.
    private void NoteOneSided()
    {
        int Only(Modality modality) => part.Rows.Where(row => row.Modality == modality && !_people.Contains(row.Identity))
            .Select(row => row.Identity).Distinct(StringComparer.Ordinal).Count();
        (int faceless, int voiceless) = (Only(Modality.Voice), Only(Modality.Face));
        if (faceless + voiceless > 0)
        {
            _notes.Add(
                $"not among these people: {faceless} with voices only and {voiceless} with faces only; they do not ask, others are "
                + "compared with their clips.");
        }
    }

    private void NoteRepeated()
    {
        foreach (Modality modality in new[] { Modality.Voice, Modality.Face })
        {
            EmbeddingSet own = part.Where(row => row.Modality == modality);
            int repeated = RepeatedRows.CountWithinIdentities(own);
            if (RepeatedRows.IsMost(repeated, own.Count))
            {
                _notes.Add(
                    $"{repeated} of {own.Count} {EnumText.Of(modality)}s equal another one of the same person exactly (the same file under "
                    + "several clips?): they are fewer trials than they look.");
            }
        }
    }

    // A sentence that holds in both directions is said once.
    private void NoteLeftOut(ProtocolPlan plan) => _notes.AddRange(plan.Strata
        .SelectMany(direction => direction.Strata.SelectMany(
            stratum => Notes(stratum).Select(note => (stratum.Stratum, direction.Direction, Note: note))))
        .GroupBy(own => (own.Stratum, own.Note))
        .OrderBy(own => own.Key.Stratum)
        .Select(own => own.Count() == Directions.Length
            ? $"{Strata.Title(own.Key.Stratum)}: {own.Key.Note}"
            : $"{Strata.Title(own.Key.Stratum)}, {EnumText.Of(own.First().Direction)}: {own.Key.Note}"));

    private IEnumerable<string> Notes(StratumPlan plan)
    {
        if (plan.Stratum == Stratum.Everybody && plan.LeftOutProbeCount > 0)
        {
            string silent = plan.LeftOutIdentityCount == 0
                ? ""
                : $"; {Counted.Of(plan.LeftOutIdentityCount, "person")} {(plan.LeftOutIdentityCount == 1 ? "does" : "do")} not ask at all";
            yield return $"{Counted.Of(plan.LeftOutProbeCount, "probe")} without a positive (--positives "
                + $"{EnumText.Of(options.Positives)}) left out{silent}; others are still compared with them.";
        }

        if (plan.SmallGroupIdentityCount > 0)
        {
            yield return $"{Counted.Of(plan.SmallGroupIdentityCount, "person")} in groups of fewer than "
                + $"{PopulationScores.FewestIdentitiesOfMetric} left out.";
        }

        if (plan.ProbeCount > 0 && plan.IdentityCount < PopulationScores.FewestIdentitiesOfMetric)
        {
            yield return $"no metric of {Counted.Of(plan.IdentityCount, "person")} who ask; it takes "
                + $"{PopulationScores.FewestIdentitiesOfMetric}.";
        }

        if (plan.Stratum == Stratum.Everybody && !plan.IsEnumerated)
        {
            yield return $"{plan.TargetCount + plan.NonTargetCount} pairs, over {options.EnumeratedPairs}: verification draws up to "
                + $"{options.TrialsPerProbe} target and as many non-target trials a probe; matching and retrieval are exact.";
        }
    }
}
