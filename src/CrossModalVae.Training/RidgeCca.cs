using static TorchSharp.torch;

namespace CrossModalVae.Training;

/// <summary>What a closed-form fit is made with, each chosen by cross-validation over identities.</summary>
/// <param name="Ridge">r, added to the covariances' diagonals as a share of their mean, above 0.</param>
/// <param name="DirectionCount">k, canonical directions.</param>
/// <param name="Power">p, the power of its correlation that a direction is scaled by: 0 none, 1/2, 1.</param>
internal readonly record struct CcaSettings(double Ridge, int DirectionCount, double Power);

/// <summary>
/// Regularised canonical correlation analysis (Hotelling 1936; ridge: Vinod 1976) of people's voices and faces: every voice of a person is
/// paired with every face, so that what two recordings of one moment share by chance does not count.
/// </summary>
/// <remarks>
/// C_vv + r tr(C_vv) / F I = L_v, likewise L_f; C_vf = 1/N sum over people i of n_i (mean voice_i - mean voice)(mean face_i - mean face)';
/// L_v^(-1/2) C_vf L_f^(-1/2) = U S V'; W_v = L_v^(-1/2) U_k S_k^p, W_f = L_f^(-1/2) V_k S_k^p. In double precision.
/// </remarks>
internal static class RidgeCca
{
    /// <summary>The ridges that cross-validation tries.</summary>
    public static readonly double[] Ridges = [1e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0, 3.0];

    private static readonly double[] Powers = [0.0, 0.5, 1.0];

    // Of each modality in a held-out part: their trials grow with the square.
    private const int MostRows = 600;

    /// <summary>The numbers of directions that cross-validation tries: powers of 2 up to the largest possible, and that.</summary>
    public static IEnumerable<int> Directions(int most) =>
        Enumerable.Range(1, 30).Select(power => 1 << power).TakeWhile(count => count < most).Append(most);

    /// <summary>Fits [Fv, k] and [Ff, k] to rows of people, [Nv, Fv] and [Nf, Ff]; returns the correlations too, [k].</summary>
    public static (Tensor Voice, Tensor Face, Tensor Correlations) Fit(Rows voice, Rows face, CcaSettings settings)
    {
        Solution solution = new Moments(voice, face).Solve(settings.Ridge);
        return (
            Scaled(solution.Voice, solution.Correlations, settings),
            Scaled(solution.Face, solution.Correlations, settings),
            solution.Correlations.narrow(0, 0, settings.DirectionCount));
    }

    /// <summary>
    /// The settings of the highest mean AUC, macro-averaged over identities, over folds of identities; of equal ones the first: the
    /// smallest ridge, then the fewest directions.
    /// </summary>
    public static (CcaSettings Settings, double Auc) Choose(
        Rows voice, Rows face, int folds, int mostDirections, long seed, CancellationToken cancellationToken)
    {
        string[] people = [.. voice.People.Intersect(face.People, StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        SeededRandom.For(seed, "cca/folds").Shuffle(people.AsSpan());
        var sums = new Dictionary<CcaSettings, double>();
        for (int fold = 0; fold < folds; fold++)
        {
            using var scope = NewDisposeScope();
            HashSet<string> aside = [.. people.Where((_, number) => number % folds == fold)];
            var moments = new Moments(voice.Where(name => !aside.Contains(name)), face.Where(name => !aside.Contains(name)));
            Rows testVoice = voice.Where(aside.Contains).Some(MostRows, seed), testFace = face.Where(aside.Contains).Some(MostRows, seed);
            foreach (double ridge in Ridges)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using var inner = NewDisposeScope();
                Solution solution = moments.Solve(ridge);
                Tensor s = solution.Correlations; // [K]
                foreach (CcaSettings own in Directions((int)Math.Min(mostDirections, s.shape[0]))
                    .SelectMany(k => Powers.Select(p => new CcaSettings(ridge, k, p))))
                {
                    using var innermost = NewDisposeScope();
                    double auc = Auc(testVoice, Scaled(solution.Voice, s, own), testFace, Scaled(solution.Face, s, own));
                    sums[own] = sums.GetValueOrDefault(own) + (auc / folds);
                }
            }
        }

        KeyValuePair<CcaSettings, double> best = sums.MaxBy(entry => entry.Value);
        return (best.Key, best.Value);
    }

    private static double Auc(Rows voice, Tensor wv, Rows face, Tensor wf)
    {
        Tensor scores = Contrast.UnitLength(voice.Values.mm(wv)).mm(Contrast.UnitLength(face.Values.mm(wf)).t()); // [Nv, Nf]
        return new ValidationTrials(scores.to_type(ScalarType.Float32).ToFloats(), voice.People, face.People).AucByIdentity() ?? 0.5;
    }

    private static Tensor Scaled(Tensor directions, Tensor s, CcaSettings settings)
    {
        Tensor scale = settings.Power == 0.0 ? ones_like(s) : settings.Power == 1.0 ? s : s.sqrt(); // [K]
        return (directions * scale).narrow(1, 0, settings.DirectionCount); // [F, k]
    }

    // L_v^(-1/2) U [Fv, K], S [K], L_f^(-1/2) V [Ff, K].
    private readonly record struct Solution(Tensor Voice, Tensor Correlations, Tensor Face);

    // What of the rows does not depend on the ridge.
    private sealed class Moments
    {
        private readonly (Tensor Values, Tensor Vectors) _voice;
        private readonly (Tensor Values, Tensor Vectors) _face;
        private readonly Tensor _cross;

        public Moments(Rows voice, Rows face)
        {
            (_voice, _face) = (Spectrum(voice.Values), Spectrum(face.Values));
            string[] people = [.. voice.People.Intersect(face.People, StringComparer.Ordinal)];
            Tensor voices = voice.Means(people, out double[] voiceCounts) - voice.Values.mean([0]); // [P, Fv]
            Tensor faces = face.Means(people, out double[] faceCounts) - face.Values.mean([0]); // [P, Ff]
            double[] weights = [.. voiceCounts.Zip(faceCounts, Math.Min)];
            double sum = weights.Sum();
            Tensor weight = tensor([.. weights.Select(own => own / sum)], [people.Length, 1], device: voice.Values.device); // [P, 1]
            _cross = (voices * weight).t().mm(faces); // [Fv, Ff]
        }

        public Solution Solve(double ridge)
        {
            Tensor whitenVoice = Whitening(_voice, ridge), whitenFace = Whitening(_face, ridge); // [Fv, Fv], [Ff, Ff]
            (Tensor u, Tensor s, Tensor vh) = linalg.svd(whitenVoice.mm(_cross).mm(whitenFace), fullMatrices: false);
            return new Solution(whitenVoice.mm(u), s, whitenFace.mm(vh.t()));
        }

        private static (Tensor Values, Tensor Vectors) Spectrum(Tensor x)
        {
            Tensor centred = x - x.mean([0]); // [N, F]
            return linalg.eigh(centred.t().mm(centred).Over(x.shape[0])); // [F], [F, F]
        }

        // (C + r tr(C) / F I)^(-1/2), symmetric.
        private static Tensor Whitening((Tensor Values, Tensor Vectors) c, double ridge)
        {
            double added = ridge * c.Values.mean().item<double>();
            Tensor scale = c.Values.Clamp(0.0, double.MaxValue).Plus(added).sqrt().reciprocal(); // [F]
            return (c.Vectors * scale).mm(c.Vectors.t()); // [F, F]
        }
    }

    /// <summary>Rows of features and whose they are.</summary>
    /// <param name="Values">[N, F], float64.</param>
    /// <param name="People">[N].</param>
    internal sealed record Rows(Tensor Values, IReadOnlyList<string> People)
    {
        public Rows Where(Func<string, bool> condition) =>
            Take([.. Enumerable.Range(0, People.Count).Where(row => condition(People[row]))]);

        /// <summary>A seeded draw of at most a number of rows.</summary>
        public Rows Some(int most, long seed)
        {
            int[] rows = [.. Enumerable.Range(0, People.Count)];
            SeededRandom.For(seed, "cca/rows").Shuffle(rows.AsSpan());
            return Take([.. rows.Take(most).Order()]);
        }

        /// <summary>The mean row of each person, [P, F], and how many rows it has.</summary>
        public Tensor Means(string[] people, out double[] counts)
        {
            ILookup<string, int> rows = Enumerable.Range(0, People.Count).ToLookup(row => People[row], StringComparer.Ordinal);
            counts = [.. people.Select(name => (double)rows[name].Count())];
            return stack(people.Select(name => Take([.. rows[name]]).Values.mean([0]))); // [P, F]
        }

        private Rows Take(int[] rows) =>
            new(Values.index_select(0, tensor(rows, device: Values.device)), [.. rows.Select(row => People[row])]);
    }
}
