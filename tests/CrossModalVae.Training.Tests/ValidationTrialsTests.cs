using CrossModalVae.Evaluation;
using CrossModalVae.Numerics;

namespace CrossModalVae.Training.Tests;

public class ValidationTrialsTests
{
    [Fact]
    public void Auc_FourTrials_ByHand()
    {
        // Targets 0.9 and 0.4; others 0.4 and 0.1: of four pairs three are in order and one is a tie.
        var trials = new ValidationTrials([0.9f, 0.4f, 0.1f, 0.4f], ["a", "b"], ["a", "b"]);

        Assert.Equal(0.875, trials.Auc());
    }

    [Fact]
    public void Auc_NoTargetOrNoOther_IsNotDefined()
    {
        Assert.Null(new ValidationTrials([1f], ["a"], ["a"]).Auc());
        Assert.Null(new ValidationTrials([1f], ["a"], ["b"]).Auc());
        Assert.Null(new ValidationTrials([], ["a"], []).Auc());
        Assert.Null(new ValidationTrials([1f], ["a"], ["a"]).AucInterval(1));
    }

    [Fact]
    public void AucByIdentity_ByHand_WeighsPeopleEqually()
    {
        // Voices a, a, b against faces a, b. Of a's voices: targets 0.9 and 0.2, others 0.3 and 0.5: 2 of 4 pairs. Of b's: 1 of 1.
        // Of a's face: targets 0.9 and 0.2, other 0.1: 2 of 2. Of b's face: target 0.4, others 0.3 and 0.5: 1 of 2.
        var trials = new ValidationTrials([0.9f, 0.3f, 0.2f, 0.5f, 0.1f, 0.4f], ["a", "a", "b"], ["a", "b"]);

        Assert.Equal((((0.5 + 1.0) / 2) + ((1.0 + 0.5) / 2)) / 2, trials.AucByIdentity());
        Assert.Null(new ValidationTrials([1f], ["a"], ["a"]).AucByIdentity());
    }

    /// <summary>Voices and faces of a, b (f) and c (m): c has nobody of its gender, and leaving c out changes what is left.</summary>
    [Fact]
    public void Scores_ByHand_OfEachPersonAndOfOneGender()
    {
        var trials = new ValidationTrials([0.9f, 0.3f, 0.95f, 0.2f, 0.4f, 0.1f, 0.5f, 0.6f, 0.8f], ["a", "b", "c"], ["a", "b", "c"]);

        ValidationScores scores = trials.Scores(name => name == "c" ? "m" : "f");

        // a: voice beats b's face and loses to c's; face beats both. b: voice beats both; face beats a's voice, not c's.
        Assert.Equal([("a", 0.75), ("b", 0.75), ("c", 0.75)], scores.People.Select(person => (person.Identity, person.Auc)));
        Assert.Equal(0.75, scores.IdentityAuc);
        Assert.Equal([1.0, 1.0, null], scores.People.Select(person => person.SameGenderAuc));
        Assert.Equal(1.0, scores.SameGenderAuc); // targets 0.9, 0.4, 0.8 against 0.3 and 0.2
        Assert.Equal(trials.Auc(), scores.Auc);
        Assert.Null(trials.Scores(_ => null).SameGenderAuc);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.0)] // many ties
    public void AucInterval_IsThatOfTheSlowDefinition(double noise)
    {
        string[] people = [.. Enumerable.Range(0, 24).Select(i => $"p{i / 3}")];
        float[] scores = Scores(people, noise);

        Interval? interval = new ValidationTrials(scores, people, people).AucInterval(5);

        var bootstrap = new IdentityBootstrap(8, 1000, 5);
        var areas = new double[1000];
        for (int draw = 0; draw < areas.Length; draw++)
        {
            int[] drawn = [.. bootstrap.Draw(draw)];
            double right = 0, all = 0;
            for (int t = 0; t < scores.Length; t++)
            {
                for (int o = 0; people[t / 24] == people[t % 24] && o < scores.Length; o++)
                {
                    if (people[o / 24] != people[o % 24])
                    {
                        double weight = (double)drawn[t / 24 / 3] * drawn[o / 24 / 3] * drawn[o % 24 / 3];
                        all += weight;
                        right += weight * (scores[t] > scores[o] ? 1 : scores[t] == scores[o] ? 0.5 : 0);
                    }
                }
            }

            areas[draw] = right / all;
        }

        Interval expected = Interval.Of(areas, 0.95)!.Value;
        Assert.Equal(expected.Low, interval!.Value.Low, 1e-9);
        Assert.Equal(expected.High, interval.Value.High, 1e-9);
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(4, false)]
    [InlineData(5, true)]
    public void AucInterval_FewerThanFivePeople_IsNone(int count, bool hasInterval)
    {
        string[] people = [.. Enumerable.Range(0, 2 * count).Select(i => $"p{i / 2}")];

        Interval? interval = new ValidationTrials(Scores(people, 0.5), people, people).AucInterval(1);

        Assert.Equal(hasInterval, interval is not null);
    }

    [Fact]
    public void AucInterval_FewerPeople_IsWider()
    {
        string[] many = [.. Enumerable.Range(0, 120).Select(i => $"p{i}")];
        string[] few = many[..15];

        double Width(string[] people)
        {
            var trials = new ValidationTrials(Scores(people, 0.7), people, people);
            Interval interval = trials.AucInterval(1)!.Value;
            Assert.InRange(trials.Auc()!.Value, interval.Low, interval.High);
            return interval.High - interval.Low;
        }

        Assert.True(Width(few) > 2 * Width(many)); // sqrt(8) in theory
    }

    private static float[] Scores(string[] people, double noise)
    {
        var random = new SeededRandom(3);
        return
        [
            .. people.SelectMany(voice => people.Select(
                face => (float)Math.Round((voice == face ? 0.5 : 0) + (noise * random.NextGaussian()), 2))),
        ];
    }
}
