using CrossModalVae.Features;
using CrossModalVae.Recipes;
using CrossModalVae.Training.Folds;

namespace CrossModalVae.Training.Tests.Folds;

public sealed class FoldResultTests : IDisposable
{
    private static readonly TrainerOptions Cpu = new() { Device = "cpu", Threads = 1 };

    private readonly TemporaryFolder _folder = new();
    private readonly FeatureTable _table = Synthetic.Table(20, 3);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Complete_DoneAlready_IsNotTrainedAgain()
    {
        FoldResult first = Complete("run", Synthetic.Recipe(2), 2, out int trainings);
        FoldResult second = Complete("run", Synthetic.Recipe(2), 2, out int more);

        Assert.Equal((1, 0), (trainings, more));
        Assert.Equal((first.RecipeSha256, first.Auc, first.IdentityAuc), (second.RecipeSha256, second.Auc, second.IdentityAuc));
        Assert.Equal(first.People, second.People);
        Assert.Equal(first.IdentityAuc!.Value, first.People.Average(person => person.Auc), 1e-12);
    }

    /// <summary>Halving stops runs early: what goes on from there is the run that was never stopped, schedule included.</summary>
    [Fact]
    public void Complete_StoppedEarlyThenFurther_EqualsOneThatWasNeverStopped()
    {
        Recipe recipe = Synthetic.Recipe(6);
        recipe = recipe with { Training = recipe.Training with { Schedule = LearningRateSchedule.Cosine, WarmUpShare = 0.2 } };

        FoldResult early = Complete("run", recipe, 2, out _);
        FoldResult late = Complete("run", recipe, 6, out _);

        FoldResult whole = Complete("whole", recipe, 6, out _);
        Assert.Equal((2, 6), (early.Epochs, late.Epochs));
        foreach (string file in new[] { "weights.safetensors", "validation.json", "checkpoint/optimiser.safetensors", "recipe.json" })
        {
            Assert.Equal(File.ReadAllBytes(_folder[$"whole/{file}"]), File.ReadAllBytes(_folder[$"run/{file}"]));
        }

        Assert.Equal(whole.SmoothedIdentityAuc, late.SmoothedIdentityAuc);
    }

    /// <summary>A process that dies between the run's last file and its result: the result is made anew from the run.</summary>
    [Fact]
    public void Complete_RunIsWholeButResultIsNot_EndsInTheSameFile()
    {
        Complete("run", Synthetic.Recipe(2), 2, out _);
        byte[] expected = File.ReadAllBytes(_folder["run/validation.json"]);
        File.Delete(_folder["run/validation.json"]);

        Complete("run", Synthetic.Recipe(2), 2, out _);

        Assert.Equal(expected, File.ReadAllBytes(_folder["run/validation.json"]));
    }

    [Fact]
    public void Complete_AnotherRecipeOrOtherPeople_Refused()
    {
        Complete("run", Synthetic.Recipe(2), 2, out _);

        var recipe = Assert.Throws<InvalidOperationException>(() => Complete("run", Synthetic.Recipe(3), 2, out _));
        var people = Assert.Throws<InvalidOperationException>(() => Complete("run", Synthetic.Recipe(2), 2, out _, fold: 1));

        string message = $"{_folder["run/validation.json"]}: is of another recipe or of other clips; "
            + "it can be resumed with the same ones only.";
        Assert.Equal(message, recipe.Message);
        Assert.Equal(message, people.Message);
    }

    [Fact]
    public void Summary_OfTwoFolds_ByHand()
    {
        FoldResult first = Result(0.6, ("a", 0.5), ("b", 0.7)), second = Result(0.8, ("c", 0.9), ("d", 0.6), ("e", 0.8));

        var summary = FoldSummary.Of("r", 1, [("fold-1", first), ("fold-2", second)]);

        Assert.Equal(0.7, summary.Auc!.Mean, 1e-12);
        Assert.Equal(Math.Sqrt(0.02), summary.Auc.StandardDeviation!.Value, 1e-12);
        Assert.Equal(5, summary.Pooled!.People);
        Assert.Equal(0.7, summary.Pooled.Mean, 1e-12);
        Assert.InRange(summary.Pooled.Low!.Value, 0.5, 0.65);
        Assert.InRange(summary.Pooled.High!.Value, 0.75, 0.9);
        Assert.Null(summary.PooledSameGender);
        summary.Write(_folder["folds.json"]); // follows its schema
    }

    private static FoldResult Result(double auc, params (string Name, double Auc)[] people) => new()
    {
        RecipeSha256 = new string('0', 64),
        EpochLimit = 2,
        Epochs = 2,
        BestEpoch = 1,
        TrainingClips = 8,
        ValidationClips = 4,
        ValidationIdentities = people.Length,
        Collapse = Models.PosteriorCollapse.None,
        Auc = auc,
        People = [.. people.Select(person => new PersonScore { Identity = person.Name, Auc = person.Auc })],
    };

    private FoldResult Complete(string name, Recipe recipe, int limit, out int trainings, int fold = 0)
    {
        int count = 0;
        (FeatureSource train, FeatureSource validation) = IdentityFolds.Assign(_table.Clips, 4, 1).Split(_table, fold);
        FoldResult result = FoldResult.Complete(_folder[name], recipe, train, validation, limit, resume =>
        {
            count++;
            return new Trainer(recipe, Cpu with { Resume = resume, StopAfterEpoch = limit }).Run(train, validation, _folder[name]);
        });
        trainings = count;
        return result;
    }
}
