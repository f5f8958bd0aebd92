using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;

namespace CrossModalVae.Evaluation.Trials;

/// <summary>
/// Scores embeddings on exactly the trials that a list names, as the field compares systems: verification AUC and EER, accuracy of 1 in N
/// matching, and rankings of listed galleries in both directions, each with its chance level and its interval.
/// </summary>
public static class TrialEvaluator
{
    /// <summary>Scores embeddings.</summary>
    /// <param name="embeddings">Rows of voices and faces; joint rows are ignored. A trial's clip is the row of its identity, clip and
    /// modality.</param>
    /// <param name="trials">The trials; taken once, one at a time. 16 bytes of each are held, and of retrieval items the row.</param>
    /// <param name="options">Metric, and what becomes of trials whose clips are missing.</param>
    /// <param name="against">Embeddings of another system, of the same clips at least, to take the paired difference from; null for none.
    /// The trials are taken twice then.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidDataException">The guards refuse the embeddings, a row is there twice, or trials name clips that the
    /// embeddings lack and <see cref="TrialOptions.AllowMissing"/> is false; the message says how many of how many, and names the
    /// first.</exception>
    /// <exception cref="ArgumentException">There is no trial, or an option is out of range.</exception>
    public static TrialReport Evaluate(
        EmbeddingSet embeddings,
        IEnumerable<Trial> trials,
        TrialOptions options,
        EmbeddingSet? against = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(trials);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        CorpusGuard.RequireSeparateSplits(embeddings.Rows.Select(row => (row.Identity, row.Split)));
        (TrialListSample[] own, long count, long missing) = Score(embeddings, trials, options, cancellationToken);
        TrialListSample[]? others = against is null
            ? null
            : Score(EvaluationSystem.Align(SystemKind.Against, against, embeddings.Rows), trials, options, cancellationToken).Lists;
        return new TrialReport(
            options.Metric,
            count - missing,
            missing,
            [.. own.Select((list, i) => list.ToScores(others?[i], options.Confidence))]);
    }

    private static (TrialListSample[] Lists, long Count, long MissingCount) Score(
        EmbeddingSet embeddings, IEnumerable<Trial> trials, TrialOptions options, CancellationToken cancellationToken)
    {
        EmbeddingGuard.Check(embeddings, options.Metric);
        var rows = new TrialRows(embeddings, options.Metric);
        var groups = new Dictionary<(TrialKind, string?, RetrievalDirection?, int), TrialGroup>();
        var order = new List<TrialGroup>();
        long count = 0, missing = 0;
        foreach (Trial trial in trials)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var key = KeyOf(trial);
            if (!groups.TryGetValue(key, out TrialGroup? group))
            {
                group = groups[key] = TrialGroup.For(trial, rows, options);
                order.Add(group);
            }

            count++;
            missing += group.Add(trial) ? 0 : 1;
        }

        if (count == 0)
        {
            throw UserError.Mark(new ArgumentException("There is no trial; expected at least one.", nameof(trials)));
        }

        if (missing > 0 && !options.AllowMissing)
        {
            throw new InvalidDataException(
                $"{missing} of {count} trials name clips that the embeddings lack, the first of them the "
                + $"{EnumText.Of(rows.FirstMissing!.Value.Modality)} of "
                + $"'{JsonText.Shown($"{rows.FirstMissing.Value.Clip.Identity}/{rows.FirstMissing.Value.Clip.Clip}")}'; "
                + "expected all, because scores on fewer trials compare with nothing: "
                + "embed the missing clips, or have such trials left out and counted (--allow-missing).");
        }

        return ([.. order.SelectMany(group => group.Samples(cancellationToken))], count, missing);
    }

    private static (TrialKind, string?, RetrievalDirection?, int) KeyOf(Trial trial) => trial switch
    {
        VerificationTrial => (TrialKind.Verification, trial.Stratum, null, 0),
        MatchingTrial matching => (TrialKind.Matching, trial.Stratum, matching.Direction, matching.Negatives.Count + 1),
        RetrievalItem => (TrialKind.Retrieval, trial.Stratum, null, 0),
        _ => throw new ArgumentException($"'{trial.GetType().Name}' is no kind of trial that can be scored.", nameof(trial)),
    };
}
