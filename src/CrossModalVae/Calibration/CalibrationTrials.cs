using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Evaluation;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Calibration;

/// <summary>Balanced trials drawn from scored clips: what a calibration is fitted to.</summary>
/// <remarks>
/// Drawn as <see cref="CrossModalProtocol"/> draws verification trials: the same number for every identity, dealt out over its probes; a
/// trial is a target (another clip of the same identity where there is one) and a non-target of another identity, each equally likely.
/// Where identities are scored, the target is the probe's own identity by its other clips, and the non-target another identity by all of
/// its clips.
/// </remarks>
/// <param name="Scores">[N].</param>
/// <param name="IsTarget">[N].</param>
/// <param name="Asking">[N] the probe's identity, an index of <paramref name="People"/>.</param>
/// <param name="Others">[N] the identity of the other side, likewise.</param>
/// <param name="People">All identities in the trials, in ordinal order.</param>
internal sealed record CalibrationTrials(double[] Scores, bool[] IsTarget, int[] Asking, int[] Others, string[] People)
{
    public static CalibrationTrials Draw(EmbeddingSet embeddings, CalibrationOptions options, CancellationToken cancellationToken)
    {
        (Modality asks, Modality answers) = ProtocolPlan.Sides(options.Direction);
        EmbeddingSet probes = Ordered(embeddings, asks);
        var gallery = new Ranker(Ordered(embeddings, answers), options.Metric);
        ClipKey[] probeKeys = [.. probes.Rows.Select(row => row.Key)];
        string[] probeNames = ClipOrder.Names(probes.Rows);
        ClipKey[] items = [.. gallery.Rows.Select(row => row.Key)];
        var index = new GalleryIndex(items);
        int[] usable = [.. Enumerable.Range(0, probes.Count).Where(probe => index.Contains(probeKeys[probe].Identity))];
        int identityCount = usable.Select(probe => probeKeys[probe].Identity).Distinct(StringComparer.Ordinal).Count();
        if (identityCount < 2)
        {
            throw UserError.Mark(new ArgumentException(
                $"The rows have {Counted.Of(identityCount, "identity")} with both a voice and a face; "
                + "must have at least 2 to tell people apart.", nameof(embeddings)));
        }

        string[] people = [.. items.Select(item => item.Identity).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        Dictionary<string, int> places = people.Select((name, place) => (name, place))
            .ToDictionary(pair => pair.name, pair => pair.place, StringComparer.Ordinal);
        int[] quotas = Quotas([.. usable.Select(probe => probeKeys[probe].Identity)], options.TrialsPerIdentity);
        var drawn = new (double Target, double Other, int OtherPlace)[usable.Length][];
        ParallelLoop.For(
            usable.Length,
            () => new float[gallery.Count],
            (u, scores) =>
            {
                gallery.Score(probes, usable[u], scores);
                ClipKey probe = probeKeys[usable[u]];
                var random = SeededRandom.For(options.Seed, $"calibration {options.Direction}/{probeNames[usable[u]]}");
                drawn[u] = [.. Enumerable.Range(0, quotas[u]).Select(_ => DrawOne(scores, probe, random))];
            },
            cancellationToken: cancellationToken);

        int[] owners =
        [
            .. usable.Select((probe, u) => Enumerable.Repeat(places[probeKeys[probe].Identity], quotas[u])).SelectMany(owner => owner),
        ];
        var all = drawn.SelectMany(own => own).ToArray();
        return new CalibrationTrials(
            [.. all.SelectMany(trial => new[] { trial.Target, trial.Other })],
            [.. Enumerable.Range(0, 2 * all.Length).Select(i => i % 2 == 0)],
            [.. owners.SelectMany(owner => new[] { owner, owner })],
            [.. all.SelectMany((trial, i) => new[] { owners[i], trial.OtherPlace })],
            people);

        (double Target, double Other, int OtherPlace) DrawOne(float[] scores, ClipKey probe, SeededRandom random)
        {
            int positive = index.DrawPositive(probe, random);
            Span<int> negative = stackalloc int[1];
            index.DrawNegatives(probe.Identity, negative, random);
            string other = items[negative[0]].Identity;
            return options.Identities is null
                ? (scores[positive], scores[negative[0]], places[other])
                : (IdentityScoreOf(scores, probe.Identity, probe), IdentityScoreOf(scores, other, probe), places[other]);
        }

        double IdentityScoreOf(float[] scores, string identity, ClipKey probe)
        {
            int[] rows = [.. index.RowsOf(identity).Where(row => items[row] != probe)];
            rows = rows.Length > 0 ? rows : [.. index.RowsOf(identity)];
            return options.Identities!.Combine(rows.Select(row => (double)scores[row]));
        }
    }

    // By identity and clip, so that trials do not depend on the order of the rows.
    private static EmbeddingSet Ordered(EmbeddingSet embeddings, Modality modality)
    {
        EmbeddingSet own = embeddings.Where(row => row.Modality == modality);
        return own.Pick(ClipOrder.Of(own.Rows));
    }

    // Every identity gets the same number of trials, dealt out over its probes.
    private static int[] Quotas(string[] identities, int trialsPerIdentity)
    {
        var quotas = new int[identities.Length];
        foreach (int[] probes in Enumerable.Range(0, identities.Length)
            .GroupBy(probe => identities[probe], probe => probe, (_, own) => own.ToArray(), StringComparer.Ordinal))
        {
            for (int t = 0; t < trialsPerIdentity; t++)
            {
                quotas[probes[t % probes.Length]]++;
            }
        }

        return quotas;
    }
}
