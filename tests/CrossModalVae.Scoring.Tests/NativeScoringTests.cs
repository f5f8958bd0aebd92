using System.Diagnostics;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Retrieval;
using CrossModalVae.Scoring.Tests.Encoders;

namespace CrossModalVae.Scoring.Tests;

/// <summary>samples/NativeScoring, published by the native compiler, gives what the just-in-time compiled library gives.</summary>
[Trait("Category", "Slow")]
public sealed class NativeScoringTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Manifest _grid = ManifestReader.Read(TestFiles.GridManifest);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Publish_NativeProgram_RanksAsTheLibrary()
    {
        Run(
            "dotnet", "publish", Repository.File("samples", "NativeScoring"), "-c", "Release", "-o", _folder["bin"], "-nologo", "-v",
            "quiet");
        string manifest = PngManifest();
        foreach (string model in new[] { Repository.File("onnx", "demo"), ModelWithTerms() })
        {
            string voice = _grid.VoicePath(_grid.Clips[0])!;

            string native = Run(_folder["bin/NativeScoring"], model, manifest, voice);

            using ScoringModel loaded = ScoringModel.Load(model);
            EmbeddingSet faces = loaded.Embed(ManifestReader.Read(manifest), Modality.Face);
            IReadOnlyList<RankedMatch> expected = new Ranker(faces).RankIdentities(loaded.EmbedVoice(voice).Mean, count: 3);
            Assert.Equal(
                string.Concat(expected.Select(match => FormattableString.Invariant($"{match.Rank} {match.Identity} {match.Score:F4}\n"))),
                native);
        }
    }

    // Every option that has a list of records or an enum is read by metadata that the native compiler must have kept.
    private string ModelWithTerms()
    {
        ModelFolders.Write(
            _folder["terms"],
            ModelFolders.Recipe(recipe => recipe with
            {
                Objective = recipe.Objective with
                {
                    Terms = [new Recipes.Terms.SupervisedInfoNceOptions { Weight = 0.5 }, new Recipes.Terms.IdentityOptions()],
                },
                Augmentation = new Augmentation.AugmentationOptions(),
            }));
        return _folder["terms"];
    }

    // The corpus has jpg files, one of its people a png besides: two decoders.
    private string PngManifest()
    {
        Directory.CreateDirectory(_folder["people"]);
        PngFiles.Write(_folder["people/face.png"], 40, 40, (x, y) => (byte)(3 * (x + y)));
        Clip[] clips =
        [
            .. _grid.Clips.Select((clip, i) =>
            {
                File.Copy(_grid.FacePaths(clip)[0], _folder[$"people/{i}.jpg"]);
                return clip with { Voice = null, StartSeconds = 0, DurationSeconds = null, Faces = [$"{i}.jpg"], FaceBoxes = [] };
            }),
            new Clip { Identity = "drawn", Name = "1", Faces = ["face.png"], Split = CorpusSplit.Test },
        ];
        ManifestWriter.Write(_folder["people/manifest.jsonl"], clips);
        return _folder["people/manifest.jsonl"];
    }

    private static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1"; // nothing stays behind
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program}: {process.ExitCode}: {output}\n{error.Result}");
        return output;
    }
}
