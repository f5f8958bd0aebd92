using System.Text.Json.Serialization;
using CrossModalVae.Retrieval;
using Parquet.Serialization;

namespace CrossModalVae.Explore;

/// <summary>
/// The rows of the map as a Parquet table, with the columns that Embedding Atlas (<c>--x projection_x --y projection_y --neighbors
/// neighbors</c>) and scripts for FiftyOne (<c>filepath</c>, <c>embedding</c>) take.
/// </summary>
internal static class AtlasFile
{
    internal static void Write(
        Stream stream, Explorer explorer, IProgress<(string Stage, int Done, int Total)>? progress, CancellationToken cancellationToken)
    {
        var stage = progress is null ? null : new Explorer.Stage("neighbours", explorer.RowCount, progress);
        AtlasRow[] rows = [.. explorer.Nearest.ForAll(stage, cancellationToken).Select((nearest, row) => Row(explorer, row, nearest))];
        ParquetSerializer.SerializeAsync(rows, stream, cancellationToken: cancellationToken).GetAwaiter().GetResult();
    }

    private static AtlasRow Row(Explorer explorer, int row, IReadOnlyList<Match> nearest)
    {
        MapRows map = explorer.Map;
        EmbeddingRow own = map.Set.Rows[row];
        int cluster = map.Clusters?[row] ?? MapRows.NoCluster, rank = explorer.Ranks.Ranks[row];
        Match[] onMap = [.. nearest.Where(match => match.Row >= 0)];
        bool isCosine = explorer.Options.Metric == RankingMetric.Cosine;
        return new AtlasRow
        {
            Id = row,
            Identity = own.Identity,
            Clip = own.Clip,
            Modality = EnumText.Of(own.Modality),
            Split = EnumText.Of(own.Split),
            Gender = own.Gender,
            Nationality = own.Nationality,
            Age = own.Age,
            Cluster = cluster == MapRows.NoCluster ? null : cluster,
            Rank = rank > 0 ? rank : null,
            FilePath = explorer.Media?.PathOf(own),
            X = map.Places[2 * row],
            Y = map.Places[(2 * row) + 1],
            Neighbors = new AtlasNeighbors
            {
                Ids = [.. onMap.Select(match => (long)match.Row)],
                Distances = [.. onMap.Select(match => isCosine ? 1 - match.Score : -match.Score)],
            },
            Embedding = [.. map.Set[row].ToArray()],
        };
    }

    /// <summary>A row of the table.</summary>
    internal sealed class AtlasRow
    {
        [JsonPropertyName("id")]
        public long Id { get; set; }

        [JsonPropertyName("identity")]
        public string Identity { get; set; } = "";

        [JsonPropertyName("clip")]
        public string Clip { get; set; } = "";

        [JsonPropertyName("modality")]
        public string Modality { get; set; } = "";

        [JsonPropertyName("split")]
        public string Split { get; set; } = "";

        [JsonPropertyName("gender")]
        public string? Gender { get; set; }

        [JsonPropertyName("nationality")]
        public string? Nationality { get; set; }

        [JsonPropertyName("age")]
        public double? Age { get; set; }

        [JsonPropertyName("cluster")]
        public int? Cluster { get; set; }

        [JsonPropertyName("rank")]
        public int? Rank { get; set; }

        [JsonPropertyName("filepath")]
        public string? FilePath { get; set; }

        [JsonPropertyName("projection_x")]
        public double X { get; set; }

        [JsonPropertyName("projection_y")]
        public double Y { get; set; }

        [JsonPropertyName("neighbors")]
        public AtlasNeighbors Neighbors { get; set; } = new();

        [JsonPropertyName("embedding")]
        public List<float> Embedding { get; set; } = [];
    }

    /// <summary>The nearest rows of the other modality on the map, nearest first.</summary>
    internal sealed class AtlasNeighbors
    {
        [JsonPropertyName("ids")]
        public List<long> Ids { get; set; } = [];

        [JsonPropertyName("distances")]
        public List<double> Distances { get; set; } = [];
    }
}
