using CrossModalVae.Evaluation;
using CrossModalVae.Pictures;

namespace CrossModalVae.Cli.Workflows;

/// <summary>The curves of an evaluation: roc, det and matching, each as SVG and PNG.</summary>
internal static class EvaluationPictures
{
    internal static void Write(EvaluationReport report, string folder, string prefix = "")
    {
        (string Name, DirectionScores Scores)[] systems =
        [
            .. new (string Name, DirectionScores? Scores)[]
            {
                ("voice → face", report.VoiceToFace),
                ("face → voice", report.FaceToVoice),
                ("ceiling, voice → face", report.VoiceToFaceCeiling),
                ("ceiling, face → voice", report.FaceToVoiceCeiling),
            }.Where(system => system.Scores is not null).Select(system => (system.Name, system.Scores!)),
        ];
        RocSeries[] trials = [.. systems.Select(system => new RocSeries(system.Name, system.Scores.Curves!.Verification))];
        RocPicture.Draw(trials).SaveBoth(folder, prefix + "roc");
        DetPicture.Draw(trials).SaveBoth(folder, prefix + "det");
        MatchingPicture.Draw([.. systems.Select(system => new MatchingSeries(system.Name, Points(system.Scores.Curves!)))]).SaveBoth(folder, prefix + "matching");
    }

    private static MatchingPoint[] Points(DirectionCurves curves) => [.. curves.Matching.Select((accuracy, i) => new MatchingPoint(i + 2, accuracy.Value))];
}
