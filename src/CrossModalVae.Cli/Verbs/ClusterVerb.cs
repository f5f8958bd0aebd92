using System.CommandLine;
using System.Globalization;
using CrossModalVae.Cli.Workflows;
using CrossModalVae.Clustering;
using CrossModalVae.Embeddings;
using CrossModalVae.Files;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae cluster</c>: DBSCAN over one modality's embeddings.</summary>
internal static class ClusterVerb
{
    internal static Command Create()
    {
        Option<string> embeddings = Options.Embeddings();
        Option<string> output = Options.Out("The clustering to write (JSON).", "FILE");
        Option<Modality?> modality = Options.Choice<Modality>("--modality", "What to cluster. Default joint.");
        Option<double?> eps = Options.Eps();
        Option<int> minSamples = Options.Count("--min-samples", "Points within eps that make a core point, itself included.", 5, 1);
        Option<DistanceMetric?> metric = Options.Choice<DistanceMetric>("--metric", "The distance. Default cosine.");
        Option<string?> pictures = Options.Pictures("the k-distance curve with eps");
        Option<bool> json = Options.Json();

        var command = new Command("cluster", "Cluster embeddings with DBSCAN and compare the clusters with the identities.")
        {
            embeddings, output, modality, eps, minSamples, metric, pictures, json,
        };
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () =>
            {
                Modality kind = parsed.GetValue(modality) ?? Modality.Joint;
                EmbeddingSet all = EmbeddingFile.Read(parsed.GetValue(embeddings)!);
                EmbeddingSet own = all.Where(row => row.Modality == kind);
                if (own.Count == 0)
                {
                    throw new InvalidDataException(
                        $"{parsed.GetValue(embeddings)}: has no {EnumText.Of(kind)} rows; expected some (cmvae embed --modality {EnumText.Of(kind)}).");
                }

                var options = new DbscanOptions
                {
                    Eps = parsed.GetValue(eps),
                    MinSamples = parsed.GetValue(minSamples),
                    Metric = parsed.GetValue(metric) ?? DistanceMetric.Cosine,
                };
                DbscanResult result = EmbeddingSteps.Cluster(own, options, cancellationToken);
                ClusteringRecord record = ClusteringRecord.Create(kind, options, own.Rows, result);
                ClustersFile.Write(parsed.GetValue(output)!, record);
                if (parsed.GetValue(pictures) is string folder)
                {
                    ClusterPictures.Write(own, options, result.Eps, folder, "", cancellationToken);
                }

                TextWriter writer = parsed.InvocationConfiguration.Output;
                if (parsed.GetValue(json))
                {
                    writer.Write(ClustersFile.Text(record));
                    return CommandLine.Done;
                }

                int identityCount = own.Rows.Select(row => row.Identity).Distinct(StringComparer.Ordinal).Count();
                writer.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{own.Count} {EnumText.Of(kind)} rows of {identityCount} identities: {record.ClusterCount} clusters, {record.NoiseShare:0.0%} noise, eps {record.Eps:0.####}; ARI {record.AdjustedRandScore:0.000} (chance 0), NMI {record.NormalisedMutualInformationScore:0.000}"));
                return CommandLine.Done;
            },
            CancellationToken.None));
        return command;
    }
}
