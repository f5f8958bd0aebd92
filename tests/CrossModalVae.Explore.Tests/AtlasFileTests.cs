using System.Text.Json;
using Parquet.Serialization;

namespace CrossModalVae.Explore.Tests;

public sealed class AtlasFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WriteTable_ReadBack_IsTheMap()
    {
        EmbeddingSet set = ExploreData.People(7, 2);
        using Explorer explorer = ExploreData.Load(_folder, set);

        explorer.WriteTable(_folder["rows.parquet"]);

        await using FileStream stream = File.OpenRead(_folder["rows.parquet"]);
        IList<AtlasFile.AtlasRow> rows = (await ParquetSerializer.DeserializeAsync<AtlasFile.AtlasRow>(stream)).Data;
        Assert.Equal(Enumerable.Range(0, 28).Select(row => (long)row), rows.Select(row => row.Id));
        for (int i = 0; i < set.Count; i++)
        {
            Assert.Equal((set.Rows[i].Identity, set.Rows[i].Gender), (rows[i].Identity, rows[i].Gender));
            Assert.Equal(explorer.Ranks.Ranks[i], rows[i].Rank);
            Assert.Equal(set[i].ToArray(), rows[i].Embedding);
            Assert.Equal((explorer.Map.Places[2 * i], explorer.Map.Places[(2 * i) + 1]), (rows[i].X, rows[i].Y));
            IReadOnlyList<Match> nearest = explorer.Nearest.For(i, CancellationToken.None).Matches;
            Assert.Equal(nearest.Select(match => (long)match.Row), rows[i].Neighbors.Ids);
            Assert.Equal(nearest.Select(match => 1 - match.Score), rows[i].Neighbors.Distances);
            Assert.Null(rows[i].Cluster);
            Assert.Null(rows[i].FilePath);
        }
    }

    /// <summary>Another reader, hyparquet, which has nothing of Parquet.Net's code.</summary>
    [SkippableFact]
    public void WriteTable_ReadByAnotherProgram_HasItsColumns()
    {
        Tool.Require(Tool.Succeeds("node", "--version"), "Node.js");
        EmbeddingSet set = ExploreData.People(3, 2);
        using Explorer explorer = ExploreData.Load(_folder, set);
        explorer.WriteTable(_folder["rows.parquet"]);
        string program = _folder.Write("read.mjs", $$"""
            import { asyncBufferFromFile, parquetReadObjects } from "{{PageFolder.Path}}/node_modules/hyparquet/src/node.js";
            const rows = await parquetReadObjects({ file: await asyncBufferFromFile(process.argv[2]) });
            console.log(JSON.stringify(rows, (_, value) => typeof value === "bigint" ? Number(value) : value));
            """);

        using var process = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("node", [program, _folder["rows.parquet"]]) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.Equal(0, process.ExitCode);
        using var rows = JsonDocument.Parse(output);
        Assert.Equal(set.Count, rows.RootElement.GetArrayLength());
        JsonElement first = rows.RootElement[0];
        Assert.Equal(
            [
                "id", "identity", "clip", "modality", "split", "gender", "nationality", "age", "cluster", "rank", "filepath",
                "projection_x", "projection_y", "neighbors", "embedding",
            ],
            first.EnumerateObject().Select(column => column.Name));
        Assert.Equal("p00", first.GetProperty("identity").GetString());
        Assert.Equal(
            explorer.Nearest.For(0, CancellationToken.None).Matches.Select(match => match.Row),
            first.GetProperty("neighbors").GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()));
        Assert.Equal(set[0].ToArray(), first.GetProperty("embedding").EnumerateArray().Select(value => value.GetSingle()));
    }
}
