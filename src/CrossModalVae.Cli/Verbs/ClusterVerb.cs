using CrossModalVae.Cli.Terminal;
using CrossModalVae.Cli.Workflows;
using CrossModalVae.Clustering;
using CrossModalVae.Clusters;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae cluster</c>: DBSCAN or HDBSCAN over one modality's embeddings.</summary>
internal static class ClusterVerb
{
    internal static Command Create()
    {
        Option<string> embeddings = Options.Embeddings();
        Output output = Options.Out("The clustering to write (JSON).", "FILE");
        var defaults = new ClusteringOptions();
        Choice<Modality> modality = new("--modality", "What to cluster.", Modality.Joint);
        Choice<ClusteringMethod> method = new(
            "--method",
            "dbscan: clusters of one density, by eps; hdbscan: of any density, by their smallest size.",
            ClusteringMethod.Dbscan);
        Option<double?> eps = Options.Eps();
        Option<int?> minClusterSize = Options.OptionalCount("--min-cluster-size", "HDBSCAN's smallest cluster. Default: 5.", 2);
        Option<int?> minSamples = Options.OptionalCount(
            "--min-samples",
            "DBSCAN: the points within eps that make a core point, itself included; HDBSCAN: the core distance is that to the N-th "
            + "other point. Default: 5 for DBSCAN, the smallest cluster for HDBSCAN.",
            1);
        Choice<ClusterSelection> selection = new(
            "--selection", "HDBSCAN's clusters: eom, the most stable ones (excess of mass), or leaf, the smallest.", defaults.Selection);
        Choice<DistanceMetric> metric = Options.Distance();
        Option<long> seed = Options.Seed("Seed of the silhouette's sample.");
        Output pictures = Options.Pictures(
            "the clusters in a plane, and DBSCAN's k-distance curve with eps or HDBSCAN's condensed tree,",
            "clusters",
            "k-distance",
            "condensed-tree");
        Option<bool> json = Options.Json();

        var command = new Verb(
            "cluster",
            "Cluster embeddings with DBSCAN or HDBSCAN, and compare the clusters with the identities.",
            ("clusters of any density", "cmvae cluster --embeddings embeddings/first --out clusters.json --method hdbscan"),
            (
                "voices, by DBSCAN at the knee of the k-distance curve, which is drawn",
                "cmvae cluster --embeddings embeddings/first --out voices.json --modality voice --pictures pictures"))
        {
            embeddings, output, modality, method, eps, minClusterSize, minSamples, selection, metric, seed, pictures, json,
        };
        (Option Option, ClusteringMethod Owner)[] owned =
        [
            (eps, ClusteringMethod.Dbscan),
            (minClusterSize, ClusteringMethod.Hdbscan),
            (selection, ClusteringMethod.Hdbscan),
        ];
        foreach ((Option option, ClusteringMethod owner) in owned)
        {
            command.RefuseIf(
                result => result.IsGiven(option) && (result.GetValue(method) ?? ClusteringMethod.Dbscan) != owner,
                $"{option.Name} goes with --method {EnumText.Of(owner)} only.");
        }

        return command.Runs((parsed, cancellationToken) =>
        {
            Modality kind = modality.ValueOrDefault(parsed);
            EmbeddingSet all = EmbeddingFile.Read(parsed.GetValue(embeddings)!);
            EmbeddingSet own = all.Where(row => row.Modality == kind);
            if (own.Count == 0)
            {
                throw new InvalidDataException(
                    $"{parsed.GetValue(embeddings)}: has no {EnumText.Of(kind)} rows; "
                    + $"expected some (cmvae embed --modality {EnumText.Of(kind)}).");
            }

            parsed.Say($"clustering {Counted.Of(own.Count, "row")} by {EnumText.Of(method.ValueOrDefault(parsed))}");
            ClusteringRecord record = EmbeddingSteps.WriteClusters(
                own,
                kind,
                Read(parsed),
                parsed.GetValue(seed),
                parsed.GetValue(output)!,
                parsed.GetValue(pictures),
                prefix: "",
                ResultPictures.NameOf(parsed.GetValue(embeddings)!),
                cancellationToken);
            parsed.Print(json, () => ClustersFile.Text(record), writer => ClusteringTables.Print(writer, record));
        });

        ClusteringOptions Read(ParseResult parsed)
        {
            ClusteringMethod chosen = method.ValueOrDefault(parsed);
            int size = parsed.GetValue(minClusterSize) ?? defaults.MinClusterSize;
            return new ClusteringOptions
            {
                Method = chosen,
                Eps = parsed.GetValue(eps),
                MinClusterSize = size,
                MinSamples = parsed.GetValue(minSamples) ?? (chosen == ClusteringMethod.Hdbscan ? size : defaults.MinSamples),
                Selection = selection.ValueOrDefault(parsed),
                Metric = metric.ValueOrDefault(parsed),
            };
        }
    }
}
