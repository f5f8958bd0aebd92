using System.Text.Json.Nodes;
using TorchSharp.Modules;

namespace CrossModalVae.Training;

/// <summary>
/// The state after a finished epoch, from which training resumes to the same numbers: weights, Adam's moments and steps, the epoch (which
/// with the seed is all of the random state, <see cref="TrainingNoise"/>) and the best epoch so far.
/// </summary>
internal sealed record Checkpoint
{
    private const string WeightsFile = "weights.safetensors";
    private const string OptimiserFile = "optimiser.safetensors";
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

    public static void Save(RunFolder run, Checkpoint state, MultimodalVae model, Adam optimiser)
    {
        var moments = new Dictionary<string, NamedArray>(StringComparer.Ordinal);
        var steps = new JsonObject();
        foreach ((string name, Adam.State moment) in States(model, optimiser))
        {
            moments[name + FirstMoment] = moment.exp_avg.ToNamedArray();
            moments[name + SecondMoment] = moment.exp_avg_sq.ToNamedArray();
            steps[name] = moment.step;
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
            SafetensorsFile.Write(Path.Combine(folder, OptimiserFile), moments);
            JsonFile.Write(Path.Combine(folder, StateFile), FileSchema.CheckpointState, json);
        });
    }

    public static Checkpoint Restore(RunFolder run, MultimodalVae model, Adam optimiser)
    {
        string folder = run.CheckpointPath;
        string statePath = Path.Combine(folder, StateFile);
        StrictJson state = JsonFile.Read(statePath, FileSchema.CheckpointState);
        model.LoadWeights(Path.Combine(folder, WeightsFile));

        (string Name, Adam.State Moment)[] moments = [.. States(model, optimiser)];
        TensorArrays.Load(
            Path.Combine(folder, OptimiserFile),
            moments.SelectMany(
                entry => new[] { (entry.Name + FirstMoment, entry.Moment.exp_avg), (entry.Name + SecondMoment, entry.Moment.exp_avg_sq) }));
        StrictJson steps = state["optimiser_steps"];
        foreach ((string name, Adam.State moment) in moments)
        {
            moment.step = steps[name].AsInt64();
        }

        return new Checkpoint
        {
            Epoch = state["epoch"].AsInt32(),
            BestEpoch = state["best_epoch"].AsInt32(),
            BestValue = state["best_value"].AsDouble(),
            DataHash = state["data_hash"].AsString(),
        };
    }

    // The optimiser keeps its states in the order of the parameters it was given.
    private static IEnumerable<(string Name, Adam.State Moment)> States(MultimodalVae model, Adam optimiser) =>
        model.Weights.Zip(optimiser.state_dict().State, (weight, state) => (weight.Name, (Adam.State)state));
}
