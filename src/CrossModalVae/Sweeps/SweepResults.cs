using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace CrossModalVae.Sweeps;

/// <summary>How trials are chosen.</summary>
internal enum SweepMethod
{
    /// <summary>Every combination.</summary>
    Grid,

    /// <summary>Combinations at random (Bergstra, Bengio 2012).</summary>
    Random,

    /// <summary>
    /// Combinations at random, all trained for few epochs, the best of them for more, and so on: successive halving (Jamieson, Talwalkar
    /// 2016, algorithm 1, with a budget of epochs).
    /// </summary>
    Halving,
}

/// <summary>How a sweep goes through its space.</summary>
/// <param name="Method">How trials are chosen.</param>
/// <param name="Trials">How many.</param>
/// <param name="Epochs">R, the epochs of a whole training.</param>
/// <param name="FewestEpochs">r, the epochs of halving's first round.</param>
/// <param name="Eta">By which epochs grow and trials shrink from round to round.</param>
/// <param name="Folds">Folds over identities of each trial; null for the manifest's split.</param>
/// <param name="Seed">Of the draws and the folds.</param>
internal sealed record SweepPlan(
    SweepMethod Method, int Trials, int Epochs, int FewestEpochs, int Eta, int? Folds, long Seed)
{
    /// <summary>
    /// Of each round, up to which epoch it trains and how many trials are left: r eta^k epochs and floor(n / eta^k) trials, at least one;
    /// the last round has all epochs. One round where nothing is halved.
    /// </summary>
    public IReadOnlyList<(int Epochs, int Trials)> Rounds()
    {
        if (Method != SweepMethod.Halving)
        {
            return [(Epochs, Trials)];
        }

        var rounds = new List<(int, int)>();
        (long epochs, int trials) = (FewestEpochs, Trials);
        for (; epochs < Epochs; (epochs, trials) = (epochs * Eta, Math.Max(1, trials / Eta)))
        {
            rounds.Add(((int)epochs, trials));
        }

        return [.. rounds, (Epochs, trials)];
    }

    public JsonObject ToJson() => new()
    {
        ["method"] = EnumText.Of(Method),
        ["trials"] = Trials,
        ["epochs"] = Epochs,
        ["fewest_epochs"] = FewestEpochs,
        ["eta"] = Eta,
        ["folds"] = Folds,
        ["seed"] = Seed,
    };
}

/// <summary>What a trial reached after a round.</summary>
/// <param name="Epochs">The epoch up to which it was trained.</param>
/// <param name="Score">
/// What trials are sorted by: AUC by identity, smoothed over epochs, the mean over folds; null where it is not defined.
/// </param>
/// <param name="StandardError">Of the mean over folds; null without folds.</param>
/// <param name="Auc">AUC over all trials, mean over folds.</param>
/// <param name="IdentityAuc">AUC by identity of the kept epoch, mean over folds.</param>
/// <param name="SameGenderAuc">AUC of one gender, mean over folds.</param>
/// <param name="IsCollapsed">Whether posteriors have collapsed in the kept epoch of a fold: embeddings carry nothing.</param>
internal sealed record SweepScore(
    int Epochs, double? Score, double? StandardError, double? Auc, double? IdentityAuc, double? SameGenderAuc, bool IsCollapsed)
{
    internal static SweepScore Read(StrictJson json) => new(
        json["epochs"].AsInt32(),
        json.Find("score")?.AsDouble(),
        json.Find("standard_error")?.AsDouble(),
        json.Find("auc")?.AsDouble(),
        json.Find("identity_auc")?.AsDouble(),
        json.Find("same_gender_auc")?.AsDouble(),
        json["collapsed"].AsBoolean());

    /// <summary>What a trial is compared by: one that carries something comes before one that has collapsed, then the score.</summary>
    internal double Rank => (IsCollapsed ? 0.0 : 2.0) + (Score ?? -1.0);

    internal JsonObject ToJson() => new()
    {
        ["epochs"] = Epochs,
        ["score"] = Score,
        ["standard_error"] = StandardError,
        ["auc"] = Auc,
        ["identity_auc"] = IdentityAuc,
        ["same_gender_auc"] = SameGenderAuc,
        ["collapsed"] = IsCollapsed,
    };
}

/// <summary>A trial and what it reached so far.</summary>
/// <param name="Trial">Its values.</param>
internal sealed record SweepLine(SweepTrial Trial)
{
    /// <summary>After each round that it was in.</summary>
    public IReadOnlyList<SweepScore> Rounds { get; init; } = [];

    /// <summary>Why its training failed; null where it did not.</summary>
    public string? Fault { get; init; }

    /// <summary>The last round's; null before the first has ended.</summary>
    public SweepScore? Last => Rounds.Count == 0 ? null : Rounds[^1];
}

/// <summary>results.json of a sweep: its plan, and every trial with what it reached. Written anew after each training.</summary>
internal sealed class SweepResults
{
    public const string FileName = "results.json";

    private readonly string _path;
    private readonly SweepSpace _space;
    private readonly SweepPlan _plan;
    private readonly string _hash;
    private readonly SweepLine[] _lines;

    private SweepResults(string folder, SweepSpace space, SweepPlan plan, string hash, SweepLine[] lines) =>
        (_path, _space, _plan, _hash, _lines) = (Path.Combine(folder, FileName), space, plan, hash, lines);

    /// <summary>The trials, in the order of their numbers.</summary>
    public IReadOnlyList<SweepLine> Lines => _lines;

    /// <summary>The trials, those that were trained furthest first, of these the best first, and those that failed last.</summary>
    public IReadOnlyList<SweepLine> Sorted =>
    [
        .. _lines.OrderBy(line => line.Fault is null ? 0 : 1)
            .ThenByDescending(line => line.Last?.Epochs ?? 0)
            .ThenByDescending(line => line.Last?.Rank)
            .ThenBy(line => line.Trial.Number),
    ];

    /// <summary>The best of the trials with a score that were trained for all epochs; null where there is none.</summary>
    public SweepLine? Best =>
        Sorted.FirstOrDefault(line => line is { Fault: null, Last.Score: not null } && line.Last.Epochs == _plan.Epochs);

    /// <summary>Where a folder has results of the same sweep, those; else an empty sheet.</summary>
    /// <param name="folder">The sweep's folder.</param>
    /// <param name="space">The space.</param>
    /// <param name="plan">How it is gone through.</param>
    /// <param name="trials">Its trials.</param>
    /// <param name="recipes">The recipe of each, which ties the results to them.</param>
    /// <exception cref="InvalidOperationException">The results are of another sweep.</exception>
    public static SweepResults Open(
        string folder, SweepSpace space, SweepPlan plan, IReadOnlyList<SweepTrial> trials, IEnumerable<string> recipes)
    {
        string text = string.Join('\n', [JsonText.Canonical(plan.ToJson()), .. trials.Select(trial => trial.Text), .. recipes]);
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        string path = Path.Combine(folder, FileName);
        SweepLine[] lines = [.. trials.Select(trial => new SweepLine(trial))];
        if (File.Exists(path))
        {
            StrictJson json = JsonFile.Read(path, FileSchema.SweepResults);
            StrictJson[] before = json["trials"].AsArray(trial => trial);
            if (json["sha256"].AsString() != hash || before.Length != lines.Length)
            {
                throw UserError.Mark(new InvalidOperationException(
                    $"{path}: is of another space, recipe or plan; a sweep can be resumed with the same ones only."));
            }

            lines = [.. lines.Zip(before, (line, own) => line with
            {
                Rounds = own["rounds"].AsArray(SweepScore.Read),
                Fault = own.Find("fault")?.AsString(),
            })];
        }

        return new SweepResults(folder, space, plan, hash, lines);
    }

    /// <summary>Notes what a trial reached, and writes the file.</summary>
    public void Set(SweepLine line)
    {
        _lines[line.Trial.Number - 1] = line;
        Write();
    }

    /// <summary>Writes the file, whole or not at all.</summary>
    public void Write()
    {
        JsonObject json = JsonFile.Start(FileSchema.SweepResults);
        json["sha256"] = _hash;
        json["recipe"] = _space.Recipe;
        json["plan"] = _plan.ToJson();
        json["trials"] = new JsonArray(
        [
            .. _lines.Select(line => new JsonObject
            {
                ["trial"] = line.Trial.Number,
                ["folder"] = line.Trial.Folder,
                ["values"] = line.Trial.ToJson(),
                ["rounds"] = new JsonArray([.. line.Rounds.Select(round => round.ToJson())]),
                ["fault"] = line.Fault,
            }),
        ]);
        json["best"] = Best?.Trial.Number;
        JsonFile.Write(_path, FileSchema.SweepResults, json);
    }
}
