using CrossModalVae.Evaluation;
using CrossModalVae.Metrics;

namespace CrossModalVae.Training;

/// <summary>
/// Scored voice-face trials of validation clips, every voice with every face: how well they are told apart, and how sure that is with so
/// few people.
/// </summary>
/// <param name="scores">[Nv, Nf] row-major, higher meaning more alike.</param>
/// <param name="voices">[Nv] identities.</param>
/// <param name="faces">[Nf] identities.</param>
internal sealed class ValidationTrials(float[] scores, IReadOnlyList<string> voices, IReadOnlyList<string> faces)
{
    private const int Draws = 1000;
    private const double Confidence = 0.95;

    /// <summary>
    /// The area under the ROC curve, 0 to 1, chance 0.5; null where there is no target trial (of one identity) or no other.
    /// </summary>
    public double? Auc() => Area(Enumerable.Range(0, scores.Length));

    /// <summary>
    /// The area macro-averaged over the probes' identities, mean of both directions: of each identity's voices against all faces, and of
    /// its faces against all voices. Null where no identity has a target trial and another.
    /// </summary>
    public double? AucByIdentity()
    {
        double[] voiceToFace = [.. Areas(voices, TrialsOfVoice).Values.OfType<double>()];
        double[] faceToVoice = [.. Areas(faces, TrialsOfFace).Values.OfType<double>()];
        return voiceToFace.Length == 0 || faceToVoice.Length == 0 ? null : (voiceToFace.Average() + faceToVoice.Average()) / 2.0;
    }

    /// <summary>All figures, and those of each identity, also among the trials of people of one gender.</summary>
    /// <param name="genderOf">An identity's gender; null where it is not known.</param>
    public ValidationScores Scores(Func<string, string?> genderOf)
    {
        Dictionary<string, string?> genders =
            voices.Concat(faces).Distinct(StringComparer.Ordinal).ToDictionary(name => name, genderOf, StringComparer.Ordinal);
        Dictionary<string, double?> everybody = BothWays(_ => true), alike = BothWays(AreAlike);
        return new ValidationScores
        {
            Auc = Auc(),
            IdentityAuc = AucByIdentity(),
            SameGenderAuc = Area(Enumerable.Range(0, scores.Length).Where(AreAlike)),
            People =
            [
                .. everybody.Where(person => person.Value is not null).Select(person => new PersonScore
                {
                    Identity = person.Key,
                    Auc = person.Value!.Value,
                    SameGenderAuc = alike.GetValueOrDefault(person.Key),
                }),
            ],
        };

        bool AreAlike(int trial) =>
            genders[voices[trial / faces.Count]] is string gender && gender == genders[faces[trial % faces.Count]];

        Dictionary<string, double?> BothWays(Func<int, bool> counts)
        {
            Dictionary<string, double?> voiceToFace = Areas(voices, voice => TrialsOfVoice(voice).Where(counts));
            Dictionary<string, double?> faceToVoice = Areas(faces, face => TrialsOfFace(face).Where(counts));
            return voiceToFace.ToDictionary(
                person => person.Key, person => (person.Value + faceToVoice.GetValueOrDefault(person.Key)) / 2.0, StringComparer.Ordinal);
        }
    }

    private IEnumerable<int> TrialsOfVoice(int voice) => Enumerable.Range(voice * faces.Count, faces.Count);

    private IEnumerable<int> TrialsOfFace(int face) =>
        Enumerable.Range(0, voices.Count).Select(voice => (voice * faces.Count) + face);

    // Of each identity's probes, in the order of their first rows; null where there is no trial of each kind.
    private Dictionary<string, double?> Areas(IReadOnlyList<string> probes, Func<int, IEnumerable<int>> trialsOf) =>
        Enumerable.Range(0, probes.Count).GroupBy(row => probes[row], StringComparer.Ordinal)
            .ToDictionary(rows => rows.Key, rows => Area(rows.SelectMany(trialsOf)), StringComparer.Ordinal);

    private double? Area(IEnumerable<int> chosen)
    {
        int[] trials = [.. chosen];
        bool[] targets = [.. trials.Select(trial => voices[trial / faces.Count] == faces[trial % faces.Count])];
        float[] own = [.. trials.Select(trial => scores[trial])];
        return targets.Contains(true) && targets.Contains(false) ? RocCurve.Compute(own, targets).AreaScore : null;
    }

    /// <summary>
    /// The 95 % interval of that area, by the bootstrap over identities that <c>cmvae evaluate</c> uses: 1,000 draws, a target trial weighs
    /// as often as its identity was drawn, another one the product of both. O(draws x trials), spread over the cores; the result does not
    /// depend on their number. Null where the area is not defined, and of fewer than 5 people, whose draws repeat each other: an interval
    /// of theirs would look sure.
    /// </summary>
    public Interval? AucInterval(long seed)
    {
        string[] names = [.. voices.Concat(faces).Distinct(StringComparer.Ordinal)];
        if (names.Length < PopulationScores.FewestIdentitiesOfMetric)
        {
            return null;
        }

        Dictionary<string, int> numbers = names.Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
        int[] order = [.. Enumerable.Range(0, scores.Length)];
        float[] sorted = [.. scores];
        Array.Sort(sorted, order); // ascending
        int[] voice = [.. order.Select(trial => numbers[voices[trial / faces.Count]])];
        int[] face = [.. order.Select(trial => numbers[faces[trial % faces.Count]])];
        var bootstrap = new IdentityBootstrap(names.Length, Draws, seed);
        var areas = new double[Draws];
        ParallelLoop.For(Draws, draw => areas[draw] = Area(sorted, voice, face, bootstrap.Draw(draw)));
        return Interval.Of(areas, Confidence);
    }

    // The weight of (target, other) pairs in which the target scores higher, ties counting half, over that of all; NaN without one.
    private static double Area(float[] sorted, int[] voice, int[] face, ReadOnlySpan<int> drawn)
    {
        double area = 0, below = 0, targets = 0;
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            double tiedTargets = 0, tiedOthers = 0;
            for (end = start; end < sorted.Length && sorted[end] == sorted[start]; end++)
            {
                int weight = drawn[voice[end]];
                if (voice[end] == face[end])
                {
                    tiedTargets += weight;
                }
                else
                {
                    tiedOthers += (double)weight * drawn[face[end]];
                }
            }

            area += tiedTargets * (below + (tiedOthers / 2));
            below += tiedOthers;
            targets += tiedTargets;
        }

        return area / (targets * below);
    }
}
