using System.Text.Json.Nodes;

namespace CrossModalVae.Training;

/// <summary>Reads and writes a run's <c>log.jsonl</c>, one <see cref="EpochLog"/> a line.</summary>
public static class RunLog
{
    /// <summary>Reads a log.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidDataException">A line is not an epoch's; the message names file, line and field.</exception>
    public static IReadOnlyList<EpochLog> Read(string path) => [.. JsonFile.ReadLines(path, FileSchema.RunLogLine).Select(Parse)];

    // The whole log is written anew each epoch: it is small, and no reader ever sees half a line.
    internal static void Write(string path, IEnumerable<EpochLog> log) =>
        JsonFile.WriteLines(path, FileSchema.RunLogLine, log.Select(Format));

    private static JsonObject Format(EpochLog log) => new()
    {
        ["epoch"] = log.Epoch,
        ["epochs"] = log.Epochs,
        ["beta"] = log.Beta,
        ["learning_rate"] = log.LearningRate,
        ["train"] = Format(log.Train),
        ["validation"] = Format(log.Validation),
        ["validation_auc"] = log.ValidationAuc,
        ["selection_loss"] = log.SelectionLoss,
        ["best"] = log.Best,
        ["gradient_norm"] = log.GradientNorm,
        ["steps"] = log.Steps,
        ["seconds"] = log.Seconds,
        ["steps_per_second"] = log.StepsPerSecond,
    };

    private static JsonObject Format(LossTerms terms) => new()
    {
        ["total"] = terms.TotalLoss,
        ["from_voice"] = Format(terms.FromVoice),
        ["from_face"] = Format(terms.FromFace),
        ["alignment"] = terms.AlignmentTerm,
        ["contrast"] = terms.ContrastTerm,
    };

    private static JsonObject Format(EncoderTerms terms) => new()
    {
        ["face_reconstruction"] = terms.FaceReconstruction,
        ["voice_reconstruction"] = terms.VoiceReconstruction,
        ["reconstruction"] = terms.Reconstruction,
        ["kl"] = terms.Kl,
    };

    private static EpochLog Parse(StrictJson line) => new()
    {
        Epoch = line["epoch"].AsInt32(),
        Epochs = line["epochs"].AsInt32(),
        Beta = line["beta"].AsDouble(),
        LearningRate = line["learning_rate"].AsDouble(),
        Train = ParseTerms(line["train"]),
        Validation = ParseTerms(line["validation"]),
        ValidationAuc = line.Find("validation_auc")?.AsDouble(),
        SelectionLoss = line["selection_loss"].AsDouble(),
        Best = line["best"].AsBoolean(),
        GradientNorm = line["gradient_norm"].AsDouble(),
        Steps = line["steps"].AsInt32(),
        Seconds = line["seconds"].AsDouble(),
        StepsPerSecond = line["steps_per_second"].AsDouble(),
    };

    private static LossTerms ParseTerms(StrictJson terms) => new()
    {
        TotalLoss = terms["total"].AsDouble(),
        FromVoice = ParseEncoder(terms["from_voice"]),
        FromFace = ParseEncoder(terms["from_face"]),
        AlignmentTerm = terms.Find("alignment")?.AsDouble(),
        ContrastTerm = terms.Find("contrast")?.AsDouble(),
    };

    private static EncoderTerms ParseEncoder(StrictJson terms) => new()
    {
        FaceReconstruction = terms.Find("face_reconstruction")?.AsDouble(),
        VoiceReconstruction = terms.Find("voice_reconstruction")?.AsDouble(),
        Reconstruction = terms.Find("reconstruction")?.AsDouble(),
        Kl = terms.Find("kl")?.AsDouble(),
    };
}
