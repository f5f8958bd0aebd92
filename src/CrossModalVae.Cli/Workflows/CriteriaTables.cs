using CrossModalVae.Cli.Terminal;
using CrossModalVae.Criteria;
using Spectre.Console;

namespace CrossModalVae.Cli.Workflows;

/// <summary>The four criteria as tables, one a criterion.</summary>
internal static class CriteriaTables
{
    internal static void Print(TextWriter writer, CriteriaResult result)
    {
        string traits = result.IsSynthetic ? "true traits of the synthetic corpus" : "attributes of the manifest";
        writer.WriteLine(
            $"{Counted.Of(result.Clips.Count(clip => clip.Split == CorpusSplit.Test), "test clip")} of "
            + $"{Counted.Of(result.TestIdentities, "person")}; {traits}; in brackets 95 % intervals");
        foreach (Criterion criterion in Enum.GetValues<Criterion>())
        {
            CriterionRow[] rows = [.. result.Rows.Where(row => row.Criterion == criterion)];
            if (rows.Length == 0)
            {
                continue;
            }

            writer.WriteLine();
            writer.WriteLine(Title(criterion, result));
            bool isNats = criterion == Criterion.Synergy;
            Table table = isNats
                ? Tables.Start(["estimated", "points drawn"], "nats/feature", "interval")
                : Tables.Start(["trait", "", "read off", "metric"], "value", "interval", "chance", "ceiling");
            foreach (CriterionRow row in rows)
            {
                string interval = row.Interval is { } own ? $"[{Number(own.Low)}, {Number(own.High)}]" : "";
                string[] cells = isNats
                    ? [row.What, row.From, Number(row.Value), interval]
                    :
                    [
                        row.What, row.IsShared == true ? "shared" : "private", row.From, EnumText.Of(row.Metric).Replace('-', ' '),
                        Number(row.Value), interval, Number(row.Chance), Number(row.Ceiling),
                    ];
                table.Row(cells);
            }

            Tables.Write(writer, table);
        }
    }

    private static string Title(Criterion criterion, CriteriaResult result) => criterion switch
    {
        Criterion.LatentFactorisation => "LATENT FACTORISATION: traits read off the posterior means by linear probes",
        Criterion.TraitClassifiers => "TRAIT CLASSIFIERS: what they find in real test clips, the ceiling of what follows",
        Criterion.JointCoherence =>
            $"JOINT COHERENCE: do face and voice of {Counted.Of(result.Options.PriorDraws, "draw")} of the prior agree?",
        Criterion.CrossCoherence => "CROSS COHERENCE: has what is generated the traits of what it was generated from?",
        _ => $"SYNERGY: importance-weighted bounds, K = {result.Options.ImportanceSamples}, joint posterior: "
            + EnumText.Of(result.Joint).Replace('-', ' '),
    };

    private static string Number(double? value) => value is double own ? Invariant($"{own:0.000}").Replace('-', '−') : "";
}
