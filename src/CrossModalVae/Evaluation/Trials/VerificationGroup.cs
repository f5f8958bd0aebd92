namespace CrossModalVae.Evaluation.Trials;

/// <summary>Verification trials of one stratum.</summary>
internal sealed class VerificationGroup(string? stratum, TrialRows rows, TrialOptions options) : TrialGroup(rows, options)
{
    private readonly VerificationTrials _trials = new();

    public override IEnumerable<TrialListSample> Samples(CancellationToken cancellationToken)
    {
        var scores = new TrialListScores
        {
            Kind = TrialKind.Verification,
            Stratum = stratum,
            TrialCount = _trials.Count,
            MissingCount = MissingCount,
            IdentityCount = IdentityCount,
            Splits = Splits,
        };
        Dictionary<EvaluationFigure, FigureSample> figures = _trials.HasBothClasses
            ? _trials.Samples(Bootstrap(), cancellationToken).ToDictionary(pair => pair.Figure, pair => pair.Sample)
            : [];
        yield return new TrialListSample(scores, figures);
    }

    protected override bool Take(Trial trial)
    {
        var own = (VerificationTrial)trial;
        if (Rows.Find(Modality.Voice, own.Voice) is not int voice || Rows.Find(Modality.Face, own.Face) is not int face)
        {
            return false;
        }

        float score = Rows.Score(voice, face);
        if (own.IsTarget)
        {
            _trials.AddTarget(score, Drawn(voice));
        }
        else
        {
            _trials.AddNonTarget(score, Drawn(voice), Drawn(face));
        }

        Met(voice);
        Met(face);
        return true;
    }
}
