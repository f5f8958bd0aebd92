using CrossModalVae.Pictures;
using CrossModalVae.Training;

namespace CrossModalVae.Cli.Workflows;

/// <summary>The curves of a run's log: every term that its objective has, and the validation AUC.</summary>
internal static class LossPictures
{
    /// <summary>Writes loss.svg and loss.png into a run folder.</summary>
    internal static void Write(RunFolder run)
    {
        IReadOnlyList<EpochLog> log = RunLog.Read(run.LogPath);
        LossCurve[] curves =
        [
            Term("loss", terms => terms.TotalLoss),
            .. Encoder("from voice", terms => terms.FromVoice),
            .. Encoder("from face", terms => terms.FromFace),
            Term("alignment", terms => terms.AlignmentTerm),
            Term("contrast", terms => terms.ContrastTerm),
            new LossCurve("validation AUC, chance 0.5", [], [.. log.Select(line => line.ValidationAuc)]),
        ];
        int? kept = log.LastOrDefault(line => line.Best)?.Epoch;
        LossPicture.Draw([.. curves.Where(curve => curve.Train.Concat(curve.Validation).Any(value => value is not null))], kept)
            .SaveBoth(run.FolderPath, "loss");

        LossCurve Term(string name, Func<LossTerms, double?> term) =>
            new(name, [.. log.Select(line => term(line.Train))], [.. log.Select(line => term(line.Validation))]);

        // A modality's reconstructions are told apart where the objective does; else the log has their sum alone.
        IEnumerable<LossCurve> Encoder(string name, Func<LossTerms, EncoderTerms> encoder) =>
        [
            Term($"{name}: face reconstruction", terms => encoder(terms).FaceReconstruction),
            Term($"{name}: voice reconstruction", terms => encoder(terms).VoiceReconstruction),
            .. log.Any(line => encoder(line.Train).FaceReconstruction is not null || encoder(line.Train).VoiceReconstruction is not null)
                ? Array.Empty<LossCurve>()
                : [Term($"{name}: reconstruction", terms => encoder(terms).Reconstruction)],
            Term($"{name}: KL", terms => encoder(terms).Kl),
        ];
    }
}
