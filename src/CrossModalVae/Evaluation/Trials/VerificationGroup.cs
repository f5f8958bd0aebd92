using System.Runtime.InteropServices;
using CrossModalVae.Metrics;

namespace CrossModalVae.Evaluation.Trials;

/// <summary>Verification trials of one stratum.</summary>
internal sealed class VerificationGroup(string? stratum, TrialRows rows) : TrialGroup(rows)
{
    private readonly List<float> _scores = [];
    private readonly List<bool> _targets = [];

    public override IEnumerable<TrialListScores> Scores(CancellationToken cancellationToken)
    {
        bool both = _targets.Contains(true) && _targets.Contains(false);
        RocCurve? roc = both ? RocCurve.Compute(CollectionsMarshal.AsSpan(_scores), CollectionsMarshal.AsSpan(_targets)) : null;
        yield return new TrialListScores
        {
            Kind = TrialKind.Verification,
            Stratum = stratum,
            TrialCount = _scores.Count,
            MissingCount = MissingCount,
            IdentityCount = IdentityCount,
            Splits = Splits,
            Auc = roc is null ? null : new MetricValue(roc.AreaScore, 0.5, _scores.Count),
            EqualErrorRate = roc is null ? null : new MetricValue(roc.EqualErrorRate, 0.5, _scores.Count),
        };
    }

    protected override bool Take(Trial trial)
    {
        var own = (VerificationTrial)trial;
        if (Rows.Find(Modality.Voice, own.Voice) is not int voice || Rows.Find(Modality.Face, own.Face) is not int face)
        {
            return false;
        }

        _scores.Add(Rows.Score(voice, face));
        _targets.Add(own.IsTarget);
        Met(voice);
        Met(face);
        return true;
    }
}
