using System.Text.Json.Nodes;
using CrossModalVae.Training.Terms;
using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>
/// The state after a finished epoch, from which training resumes to the same numbers: weights, Adam's moments and steps, the epoch (which
/// with the seed is all of the random state, <see cref="TrainingNoise"/>) and the best epoch so far.
/// </summary>
internal sealed record Checkpoint
{
    private const string WeightsFile = "weights.safetensors";
    private const string TermsFile = "terms.safetensors";
    private const string OptimiserFile = "optimiser.safetensors";
    private const string AverageFile = "average.safetensors";
    private const string StateFile = "state.json";
    private const string FirstMoment = ".exp_avg";
    private const string SecondMoment = ".exp_avg_sq";

    /// <summary>The last finished epoch, one-based.</summary>
    public required int Epoch { get; init; }

    /// <summary>The best epoch so far, one-based.</summary>
    public required int BestEpoch { get; init; }

    /// <summary>The best epoch's value of the recipe's selection criterion.</summary>
    public required double BestValue { get; init; }

    /// <summary>SHA-256 of the features and identities that were trained on; resuming on others is refused.</summary>
    public required string DataHash { get; init; }

    public static void Save(
        RunFolder run, Checkpoint state, MultimodalVae model, TermSet terms, AdamOptimiser optimiser, WeightAverage? average)
    {
        var moments = new Dictionary<string, NamedArray>(StringComparer.Ordinal);
        var steps = new JsonObject();
        foreach (AdamOptimiser.State weight in optimiser.States)
        {
            moments[weight.Name + FirstMoment] = weight.FirstMoment.ToNamedArray();
            moments[weight.Name + SecondMoment] = weight.SecondMoment.ToNamedArray();
            steps[weight.Name] = weight.StepCount;
        }

        JsonObject json = JsonFile.Start(FileSchema.CheckpointState);
        json["epoch"] = state.Epoch;
        json["best_epoch"] = state.BestEpoch;
        json["best_value"] = state.BestValue;
        json["data_hash"] = state.DataHash;
        json["optimiser_steps"] = steps;
        AtomicFolder.Replace(run.CheckpointPath, folder =>
        {
            SafetensorsFile.Write(Path.Combine(folder, WeightsFile), model.ReadWeights());
            if (terms.Weights.Count > 0)
            {
                SafetensorsFile.Write(
                    Path.Combine(folder, TermsFile), terms.Weights.ToDictionary(entry => entry.Name, entry => entry.Value.ToNamedArray()));
            }

            if (average is not null)
            {
                SafetensorsFile.Write(
                    Path.Combine(folder, AverageFile),
                    average.Entries.ToDictionary(entry => entry.Name, entry => entry.Average.ToNamedArray()));
            }

            SafetensorsFile.Write(Path.Combine(folder, OptimiserFile), moments);
            JsonFile.Write(Path.Combine(folder, StateFile), FileSchema.CheckpointState, json);
        });
    }

    /// <summary>The hash of the data that a run is trained on, from its checkpoint.</summary>
    public static string DataHashOf(RunFolder run) =>
        JsonFile.Read(Path.Combine(run.CheckpointPath, StateFile), FileSchema.CheckpointState)["data_hash"].AsString();

    public static Checkpoint Restore(RunFolder run, MultimodalVae model, TermSet terms, AdamOptimiser optimiser, WeightAverage? average)
    {
        string folder = run.CheckpointPath;
        string statePath = Path.Combine(folder, StateFile);
        StrictJson state = JsonFile.Read(statePath, FileSchema.CheckpointState);
        model.LoadWeights(Path.Combine(folder, WeightsFile));
        if (terms.Weights.Count > 0)
        {
            TensorArrays.Load(Path.Combine(folder, TermsFile), terms.Weights.Select(entry => (entry.Name, (Tensor)entry.Value)));
        }

        if (average is not null)
        {
            TensorArrays.Load(Path.Combine(folder, AverageFile), average.Entries.Select(entry => (entry.Name, entry.Average)));
        }

        TensorArrays.Load(
            Path.Combine(folder, OptimiserFile),
            optimiser.States.SelectMany(weight => new[]
            {
                (weight.Name + FirstMoment, weight.FirstMoment),
                (weight.Name + SecondMoment, weight.SecondMoment),
            }));
        StrictJson steps = state["optimiser_steps"];
        foreach (AdamOptimiser.State weight in optimiser.States)
        {
            weight.StepCount = steps[weight.Name].AsInt64();
        }

        return new Checkpoint
        {
            Epoch = state["epoch"].AsInt32(),
            BestEpoch = state["best_epoch"].AsInt32(),
            BestValue = state["best_value"].AsDouble(),
            DataHash = state["data_hash"].AsString(),
        };
    }
}
