namespace CrossModalVae.Evaluation.Trials;

/// <summary>Matching trials of one stratum, direction and number of candidates.</summary>
internal sealed class MatchingGroup(MatchingTrial first, TrialRows rows, TrialOptions options) : TrialGroup(rows, options)
{
    private readonly RetrievalDirection _direction = first.Direction;
    private readonly float[] _negatives = new float[first.Negatives.Count];
    private readonly int[] _rowsOfNegatives = new int[first.Negatives.Count];
    private readonly IdentityMean _won = new();

    public override IEnumerable<TrialListSample> Samples(CancellationToken cancellationToken)
    {
        var scores = new TrialListScores
        {
            Kind = TrialKind.Matching,
            Stratum = first.Stratum,
            Direction = _direction,
            CandidateCount = _negatives.Length + 1,
            TrialCount = _won.Count,
            MissingCount = MissingCount,
            IdentityCount = IdentityCount,
            Splits = Splits,
        };
        var figures = new Dictionary<EvaluationFigure, FigureSample>();
        if (_won.Count > 0)
        {
            figures[EvaluationFigure.ListedMatching] = _won.Sample(Bootstrap());
        }

        yield return new TrialListSample(scores, figures);
    }

    protected override bool Take(Trial trial)
    {
        var own = (MatchingTrial)trial;
        (Modality asking, Modality answering) = PopulationPlan.Sides(_direction);
        if (Rows.Find(asking, own.Probe) is not int probe || Rows.Find(answering, own.Positive) is not int positive)
        {
            return false;
        }

        for (int i = 0; i < _negatives.Length; i++)
        {
            if (Rows.Find(answering, own.Negatives[i]) is not int negative)
            {
                return false;
            }

            _rowsOfNegatives[i] = negative;
            _negatives[i] = Rows.Score(probe, negative);
        }

        _won.Add(Drawn(probe), MatchingOutcome.Won(Rows.Score(probe, positive), _negatives), 1.0 / (_negatives.Length + 1), 1);
        Met(probe);
        Met(positive);
        Array.ForEach(_rowsOfNegatives, Met);
        return true;
    }
}
