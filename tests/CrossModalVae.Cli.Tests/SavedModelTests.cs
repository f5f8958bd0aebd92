using System.Runtime.InteropServices;
using CrossModalVae.Corpora;
using CrossModalVae.Pipelines;
using CrossModalVae.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Cli.Tests;

/// <summary>What ml.Model.Save wrote of a savable pipeline, in a process that never saw the model.</summary>
[Collection(nameof(PackedFeed))]
[Trait("Category", "Slow")]
public class SavedModelTests(PackedFeed feed)
{
    // ML.NET's own lines: the program neither names nor registers anything of this library, it only has the package.
    private const string Program = """
        using System.Runtime.InteropServices;
        using Microsoft.ML;

        var ml = new MLContext();
        ITransformer model = ml.Model.Load(args[0], out DataViewSchema _);
        IEnumerable<Recorded> files = args[1..].Chunk(2).Select(clip => new Recorded { Voice = clip[0], Faces = [clip[1]] });
        IDataView clips = ml.Data.LoadFromEnumerable(files);
        foreach (Embedded row in ml.Data.CreateEnumerable<Embedded>(model.Transform(clips), reuseRowObject: false))
        {
            float[][] vectors = [row.VoiceMean, row.VoiceLogVariance, row.FaceMean, row.FaceLogVariance, row.JointEmbedding];
            Console.WriteLine(string.Join(' ', vectors.Select(vector => Convert.ToHexString(MemoryMarshal.AsBytes(vector.AsSpan())))));
        }

        internal sealed class Recorded
        {
            public string Voice { get; set; } = "";

            public string[] Faces { get; set; } = [];
        }

        internal sealed class Embedded
        {
            public float[] VoiceMean { get; set; } = [];

            public float[] VoiceLogVariance { get; set; } = [];

            public float[] FaceMean { get; set; } = [];

            public float[] FaceLogVariance { get; set; } = [];

            public float[] JointEmbedding { get; set; } = [];
        }
        """;

    private static readonly string[] Columns =
    [
        ModelColumns.VoiceMean, ModelColumns.VoiceLogVariance, ModelColumns.FaceMean, ModelColumns.FaceLogVariance,
        ModelColumns.JointEmbedding,
    ];

    [Fact]
    public void Load_NewProcessFromThePackage_EmbedsAsTheProcessThatSavedIt()
    {
        using var folder = new TemporaryFolder();
        Manifest people = ManifestReader.Read(Path.Combine(Fixtures.Grid, "manifest.jsonl"));
        Recorded[] clips =
            [.. people.Clips.Take(5).Select(clip => new Recorded { Voice = people.VoicePath(clip)!, Faces = [people.FacePaths(clip)[0]] })];
        string saved = folder["people.zip"];
        string[] expected = SaveAndEmbed(clips, saved);
        PackedFeed.WriteProject(folder, "CrossModalVae.Pipelines");
        File.WriteAllText(folder["Program.cs"], Program);

        string program = feed.Build(folder);
        string[] arguments = [program, saved, .. clips.SelectMany(clip => (string[])[clip.Voice, clip.Faces[0]])];
        string output = PackedFeed.Succeed(PackedFeed.Run("dotnet", folder.Root, arguments));

        Assert.Equal(expected, output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    // A line a clip: the bits of its vectors. The model's folder is gone when this ends.
    private static string[] SaveAndEmbed(Recorded[] clips, string file)
    {
        using var folder = new TemporaryFolder();
        foreach (string part in Directory.GetFiles(Repository.File("onnx", "demo")))
        {
            File.Copy(part, folder[Path.GetFileName(part)]);
        }

        var ml = new MLContext(1);
        IDataView view = ml.Data.LoadFromEnumerable(clips);
        using ScoringModel model = ScoringModel.Load(folder.Root);
        using TransformerChain<ITransformer> savable = model.CreateSavablePipeline(ml).Fit(view);
        ml.Model.Save(savable, view.Schema, file);
        IDataView embedded = savable.Transform(view);
        float[][][] columns = [.. Columns.Select(name => embedded.GetColumn<float[]>(name).ToArray())]; // [columns, clips, D]
        return
        [
            .. Enumerable.Range(0, clips.Length).Select(clip => string.Join(
                ' ', columns.Select(column => Convert.ToHexString(MemoryMarshal.AsBytes(column[clip].AsSpan()))))),
        ];
    }

    private sealed class Recorded
    {
        public string Voice { get; set; } = "";

        public string[] Faces { get; set; } = [];
    }
}
