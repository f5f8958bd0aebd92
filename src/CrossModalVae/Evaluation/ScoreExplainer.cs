using CrossModalVae.Embeddings;
using CrossModalVae.Retrieval;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace CrossModalVae.Evaluation;

/// <summary>
/// Regresses the scores of pairs of different people on the attributes that they share, and measures the AUC without what these explain.
/// In bootstrap draws the AUC varies with the people drawn, and each coefficient to first order by the people's influences on it
/// (infinitesimal jackknife: Efron 1982), a gain in proportion to its coefficient. O(attributes x voices x faces x dimension) time.
/// </summary>
internal sealed class ScoreExplainer(EmbeddingSet part, RankingMetric metric, ProtocolOptions options, CancellationToken cancellationToken)
{
    private const int BlockCount = 32; // depends on nothing, so that sums do not depend on the number of workers

    private readonly List<string> _notes = [];

    /// <summary>Which attributes or people were left out and why, a sentence each.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Explains the scores; null where no attribute is known, which the notes say.</summary>
    public ScoreExplanation? Run()
    {
        HashSet<string> people = Both(part.Rows);
        PairTrait[] attributes = [.. Enum.GetValues<PairTrait>().Where(attribute => IsUsable(attribute, people))];
        EmbeddingSet known = part.Where(row => row.Modality != Modality.Joint
            && Array.TrueForAll(attributes, attribute => Value(row, attribute) is not null));
        int count = Both(known.Rows).Count;
        if (attributes.Length == 0 || count < PopulationScores.FewestIdentitiesOfMetric)
        {
            _notes.Add("scores are not explained: too few people have a known gender, age or nationality.");
            return null;
        }

        if (count < people.Count)
        {
            _notes.Add($"scores are explained over the {count} of {people.Count} people whose "
                + $"{string.Join(", ", attributes.Select(EnumText.Of))} {(attributes.Length == 1 ? "is" : "are")} known.");
        }

        Regression regression = Regress(known, attributes);
        (double[][] fits, double[] shares) = (regression.Fits, regression.Shares);
        var plan = new ProtocolPlan(known.Rows, [Stratum.Everybody], options, RetrievalDirection.VoiceToFace);
        WeightedSample[] aucs = [.. Enumerable.Range(0, attributes.Length + 1).Select(used => plan.Score(
            EvaluationSystem.Without(known, metric, (voice, face) => Explained(voice, face, attributes, fits[used])),
            cancellationToken)[0].Metrics[EvaluationMetric.Auc].Pooled)];
        double[] gains = [.. attributes.Select((_, k) => aucs[k].Value - aucs[k + 1].Value)];
        double[][] gainDraws = [.. attributes.Select((_, k) => Draws(k))];
        double[] restDraws = [.. aucs[0].Draws.Select((auc, draw) => auc - aucs[0].Chance - gainDraws.Sum(own => own[draw]))];
        return new ScoreExplanation(
            count,
            regression.PairCount,
            aucs[0].Value,
            Interval.Of(aucs[0].Draws, options.Confidence),
            [
                .. attributes.Select((attribute, k) => new ExplainedPart(
                    attribute,
                    fits[k + 1][k + 1],
                    shares[k + 1] - shares[k],
                    gains[k],
                    Interval.Of(gainDraws[k], options.Confidence))),
            ],
            aucs[^1].Value - aucs[^1].Chance,
            Interval.Of(restDraws, options.Confidence),
            1 - shares[^1]);

        double[] Draws(int k)
        {
            var bootstrap = new IdentityBootstrap(regression.Influences[k].Length, options.DrawCount, options.Seed); // the plan's draws
            double slope = fits[k + 1][k + 1] == 0 ? 0 : gains[k] / fits[k + 1][k + 1];
            return
            [
                .. Enumerable.Range(0, options.DrawCount).Select(draw =>
                {
                    double change = 0;
                    ReadOnlySpan<int> drawn = bootstrap.Draw(draw);
                    for (int i = 0; i < drawn.Length; i++)
                    {
                        change += (drawn[i] - 1) * regression.Influences[k][i];
                    }

                    return aucs[k].Draws[draw] - aucs[k + 1].Draws[draw] + (slope * change);
                }),
            ];
        }
    }

    private static HashSet<string> Both(IReadOnlyList<EmbeddingRow> rows)
    {
        IEnumerable<string> Of(Modality modality) => rows.Where(row => row.Modality == modality).Select(row => row.Identity);
        return Of(Modality.Voice).Intersect(Of(Modality.Face), StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
    }

    private static object? Value(EmbeddingRow row, PairTrait attribute) => attribute switch
    {
        PairTrait.Gender => row.Gender,
        PairTrait.Nationality => row.Nationality,
        _ => row.Age,
    };

    private static double Agreement(EmbeddingRow voice, EmbeddingRow face, PairTrait attribute) => attribute switch
    {
        PairTrait.Gender => voice.Gender == face.Gender ? 1 : 0,
        PairTrait.Nationality => voice.Nationality == face.Nationality ? 1 : 0,
        _ => Math.Abs(voice.Age!.Value - face.Age!.Value),
    };

    private static double Explained(EmbeddingRow voice, EmbeddingRow face, PairTrait[] attributes, double[] fit)
    {
        double sum = 0;
        for (int k = 1; k < fit.Length; k++)
        {
            sum += fit[k] * Agreement(voice, face, attributes[k - 1]);
        }

        return sum;
    }

    // Known of at least half of the people, and not the same of all.
    private bool IsUsable(PairTrait attribute, HashSet<string> people)
    {
        object[] values =
        [
            .. part.Rows.Where(row => people.Contains(row.Identity)).GroupBy(row => row.Identity)
                .Select(person => person.Select(row => Value(row, attribute)).FirstOrDefault(value => value is not null))
                .OfType<object>(),
        ];
        string? why = values.Length < PopulationScores.FewestIdentitiesOfMetric || 2 * values.Length < people.Count
            ? $"known of {values.Length} of {people.Count} people; it takes half of them and {PopulationScores.FewestIdentitiesOfMetric}"
            : values.Distinct().Count() < 2 ? "the same of all people" : null;
        if (why is not null)
        {
            _notes.Add($"{EnumText.Of(attribute)} does not explain scores: {why}.");
        }

        return why is null;
    }

    private Regression Regress(EmbeddingSet known, PairTrait[] attributes)
    {
        EmbeddingSet voices = known.Where(row => row.Modality == Modality.Voice), faces = known.Where(row => row.Modality == Modality.Face);
        var ranker = new Ranker(faces, metric);
        int width = attributes.Length + 2, cells = width * width; // constant, attributes, score
        Dictionary<string, int> numbers = ProtocolPlan.Number(known.Rows);
        int[] asking = [.. voices.Rows.Select(row => numbers[row.Identity])];
        int[] answering = [.. faces.Rows.Select(row => numbers[row.Identity])];
        var sums = new double[BlockCount][];
        ParallelLoop.For(
            BlockCount,
            () => (Scores: new double[faces.Count], Terms: new double[width]),
            (block, own) =>
            {
                double[] sum = sums[block] = new double[numbers.Count * cells]; // of the pairs that each person is in
                int end = (int)((long)voices.Count * (block + 1) / BlockCount);
                for (int voice = (int)((long)voices.Count * block / BlockCount); voice < end; voice++)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    ranker.Score(voices, voice, own.Scores);
                    for (int face = 0; face < faces.Count; face++)
                    {
                        if (asking[voice] != answering[face])
                        {
                            Fill(own.Terms, voices.Rows[voice], faces.Rows[face], own.Scores[face]);
                            Add(sum.AsSpan(asking[voice] * cells), sum.AsSpan(answering[face] * cells), own.Terms);
                        }
                    }
                }
            },
            cancellationToken: cancellationToken);
        Matrix<double>[] ofPeople =
        [
            .. Enumerable.Range(0, numbers.Count).Select(person => Matrix<double>.Build.Dense(
                width, width, (row, column) => sums.Sum(sum => sum[(person * cells) + (row * width) + column]))),
        ];
        Matrix<double> all = ofPeople.Aggregate((sum, own) => sum + own) / 2; // every pair is of two people
        double pairs = all[0, 0], scores = all[0, width - 1], total = all[width - 1, width - 1] - (scores * scores / pairs);
        var fits = new double[attributes.Length + 1][];
        var shares = new double[fits.Length];
        var influences = new double[attributes.Length][];
        for (int used = 0; used < fits.Length; used++)
        {
            Vector<double> products = all.Column(width - 1, 0, used + 1);
            Svd<double> equations = all.SubMatrix(0, used + 1, 0, used + 1).Svd(); // attributes may agree in every pair
            Vector<double> fit = equations.Solve(products);
            fits[used] = [.. fit];
            if (used > 0)
            {
                influences[used - 1] =
                [
                    .. ofPeople.Select(own => equations.Solve(
                        own.Column(width - 1, 0, used + 1) - (own.SubMatrix(0, used + 1, 0, used + 1) * fit))[used]),
                ];
            }

            shares[used] = total > 0 ? Math.Clamp(((fit * products) - (scores * scores / pairs)) / total, 0, 1) : 0;
        }

        return new Regression(fits, shares, influences, (long)Math.Round(pairs));

        void Fill(double[] terms, EmbeddingRow voice, EmbeddingRow face, double score)
        {
            terms[0] = 1;
            for (int k = 0; k < attributes.Length; k++)
            {
                terms[k + 1] = Agreement(voice, face, attributes[k]);
            }

            terms[^1] = score;
        }

        static void Add(Span<double> one, Span<double> other, double[] terms)
        {
            for (int row = 0, cell = 0; row < terms.Length; row++)
            {
                for (int column = 0; column < terms.Length; column++, cell++)
                {
                    double product = terms[row] * terms[column];
                    one[cell] += product;
                    other[cell] += product;
                }
            }
        }
    }

    /// <param name="Fits">By number of attributes used, from none: the coefficients, the constant first.</param>
    /// <param name="Shares">Likewise the share of the variance explained.</param>
    /// <param name="Influences">[attributes][people] each person's influence on the attribute's coefficient where it comes last.</param>
    /// <param name="PairCount">Pairs of different people.</param>
    private sealed record Regression(double[][] Fits, double[] Shares, double[][] Influences, long PairCount);
}
