namespace CrossModalVae.Evaluation.Trials;

/// <summary>Matching trials of one stratum, direction and number of candidates.</summary>
internal sealed class MatchingGroup(MatchingTrial first, TrialRows rows) : TrialGroup(rows)
{
    private readonly RetrievalDirection _direction = first.Direction;
    private readonly float[] _negatives = new float[first.Negatives.Count];
    private readonly int[] _rowsOfNegatives = new int[first.Negatives.Count];
    private long _count;
    private double _won;

    public override IEnumerable<TrialListScores> Scores(CancellationToken cancellationToken)
    {
        int candidates = _negatives.Length + 1;
        yield return new TrialListScores
        {
            Kind = TrialKind.Matching,
            Stratum = first.Stratum,
            Direction = _direction,
            CandidateCount = candidates,
            TrialCount = _count,
            MissingCount = MissingCount,
            IdentityCount = IdentityCount,
            Splits = Splits,
            MatchingAccuracy = _count == 0 ? null : new MetricValue(_won / _count, 1.0 / candidates, _count),
        };
    }

    protected override bool Take(Trial trial)
    {
        var own = (MatchingTrial)trial;
        (Modality asking, Modality answering) =
            _direction == RetrievalDirection.VoiceToFace ? (Modality.Voice, Modality.Face) : (Modality.Face, Modality.Voice);
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

        _won += MatchingOutcome.Won(Rows.Score(probe, positive), _negatives);
        _count++;
        Met(probe);
        Met(positive);
        Array.ForEach(_rowsOfNegatives, Met);
        return true;
    }
}
