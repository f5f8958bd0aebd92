using CrossModalVae.Audio;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Faces;
using CrossModalVae.Models;
using CrossModalVae.Recipes;

namespace CrossModalVae.Scoring.Tests;

public sealed class ScoringModelTests : IDisposable
{
    // The same network on one row at a time: a matrix product of one row may add in another order.
    private const float OneRowTolerance = 1e-4f;

    private readonly TemporaryFolder _folder = new();
    private readonly Manifest _grid = ManifestReader.Read(TestFiles.GridManifest);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_GoodFolder_TakesItsRecipe()
    {
        Recipe recipe = ModelFolders.Recipe();
        ModelCard card = ModelFolders.Write(_folder.Root, recipe);

        using ScoringModel model = ScoringModel.Load(_folder.Root);

        Assert.Equal(card.WeightsHash, model.Card.WeightsHash);
        Assert.Equal(RecipeHash.Compute(recipe), RecipeHash.Compute(model.Recipe));
        Assert.Equal(4, model.Recipe.Scoring.BatchSize);
        Assert.Equal(ExecutionDevice.Cpu, model.Device);
    }

    [Fact]
    public void Load_UnusedRecipeWithOtherScoring_IsAccepted()
    {
        Recipe recipe = ModelFolders.Recipe();
        ModelFolders.Write(_folder.Root, recipe);
        string file = _folder["unused.json"];
        RecipeWriter.Write(file, recipe with { Name = "renamed", Statistics = null, Scoring = new ScoringOptions { BatchSize = 9 } });

        using ScoringModel model = ScoringModel.Load(_folder.Root, file);

        Assert.Equal(9, model.Recipe.Scoring.BatchSize);
        Assert.NotNull(model.Recipe.Statistics);
    }

    [Fact]
    public void Load_AnotherRecipe_IsRefused()
    {
        ModelCard card = ModelFolders.Write(_folder.Root, ModelFolders.Recipe());
        Recipe other = ModelFolders.Recipe(recipe => recipe with { Voice = recipe.Voice with { Dither = 0 } });
        string file = _folder["other.json"];
        RecipeWriter.Write(file, other);

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => ScoringModel.Load(_folder.Root, file));

        Assert.Equal(
            $"{file}: the recipe's hash is {RecipeHash.Compute(other)}; expected {card.RecipeHash}, as {_folder["card.json"]} says: "
            + "the model was trained by another recipe.",
            error.Message);
    }

    [Fact]
    public void Load_ChangedGraph_IsRefused()
    {
        ModelFolders.Write(_folder.Root, ModelFolders.Recipe());
        string file = _folder["face-encoder.onnx"];
        using (FileStream stream = File.OpenWrite(file))
        {
            stream.WriteByte(0);
        }

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => ScoringModel.Load(_folder.Root));

        Assert.StartsWith($"{file}: SHA-256 is ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_GraphThatIsNotOurs_IsRefused()
    {
        ModelCard card = ModelFolders.Write(_folder.Root, ModelFolders.Recipe());
        byte[] foreign = File.ReadAllBytes(TestFiles.Golden("mlp-voice.onnx"));
        ReplaceGraph(card, OnnxContract.VoiceEncoderFile, foreign);

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => ScoringModel.Load(_folder.Root));

        Assert.Equal(
            $"{_folder["voice-encoder.onnx"]}: is no graph of CrossModalVae: it has no metadata 'crossmodalvae.schema'; "
            + "expected 'crossmodalvae/onnx/1'.",
            error.Message);
    }

    [Fact]
    public void Load_GraphOfAnotherRole_IsRefused()
    {
        ModelCard card = ModelFolders.Write(_folder.Root, ModelFolders.Recipe());
        ReplaceGraph(card, OnnxContract.VoiceEncoderFile, File.ReadAllBytes(_folder["face-encoder.onnx"]));

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => ScoringModel.Load(_folder.Root));

        Assert.Equal(
            $"{_folder["voice-encoder.onnx"]}: metadata 'crossmodalvae.role' is 'face-encoder'; expected 'voice-encoder'.",
            error.Message);
    }

    [Fact]
    public void Load_GraphOfAnotherModel_IsRefused()
    {
        ModelCard card = ModelFolders.Write(_folder.Root, ModelFolders.Recipe());
        using var other = new TemporaryFolder();
        ModelCard otherCard = ModelFolders.Write(
            other.Root, ModelFolders.Recipe(recipe => recipe with { Voice = recipe.Voice with { Dither = 0 } }));
        ReplaceGraph(card, OnnxContract.DecoderFile, File.ReadAllBytes(other["decoder.onnx"]));

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => ScoringModel.Load(_folder.Root));

        Assert.Equal(
            $"{_folder["decoder.onnx"]}: metadata 'crossmodalvae.recipe_sha256' is '{otherCard.RecipeHash}'; "
            + $"expected '{card.RecipeHash}'.",
            error.Message);
    }

    [Fact]
    public void Load_CardWithoutDecoder_IsRefused()
    {
        ModelCard card = ModelFolders.Write(_folder.Root, ModelFolders.Recipe());
        ModelFolders.WriteCard(_folder.Root, card with { Files = [.. card.Files.Take(2)] });

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => ScoringModel.Load(_folder.Root));

        Assert.Equal($"{_folder["card.json"]}: names no 'decoder.onnx'; has: voice-encoder.onnx, face-encoder.onnx.", error.Message);
    }

    [Fact]
    public void Embed_EachModality_EqualsFrontEndAndGraphRowByRow()
    {
        ModelFolders.Write(_folder.Root, ModelFolders.Recipe());
        using ScoringModel model = ScoringModel.Load(_folder.Root);
        var voiceFrontEnd = new VoiceFrontEnd(model.Recipe.Voice);
        var faceFrontEnd = new FaceFrontEnd(model.Recipe.Face);

        EmbeddingSet voices = model.Embed(_grid, Modality.Voice);
        EmbeddingSet faces = model.Embed(_grid, Modality.Face);
        EmbeddingSet joint = model.Embed(_grid, Modality.Joint);

        Assert.Equal(27, voices.Count);
        Assert.Equal(ModelFolders.LatentDimension, voices.Dimension);
        var expectedJoint = new float[ModelFolders.LatentDimension];
        for (int i = 0; i < 27; i++)
        {
            Clip clip = _grid.Clips[i];
            float[] voice = model.VoiceEncoder.Score(voiceFrontEnd.Extract(_grid.VoicePath(clip)!), 1)[0];
            float[] face = model.FaceEncoder.Score(faceFrontEnd.Extract(_grid.FacePaths(clip)), 1)[0];
            JointPosterior.MeanOfDirections(voice, face, expectedJoint);
            Assert.Equal(
                new EmbeddingRow { Identity = clip.Identity, Clip = clip.Name, Modality = Modality.Face, Split = clip.Split },
                faces.Rows[i]);
            AssertClose(voice, voices[i]);
            AssertClose(face, faces[i]);
            AssertClose(expectedJoint, joint[i]);
        }
    }

    [Fact]
    public void Embed_MissingModalities_LeavesThemOut()
    {
        ModelFolders.Write(_folder.Root, ModelFolders.Recipe());
        using ScoringModel model = ScoringModel.Load(_folder.Root);
        Clip both = _grid.Clips[0];
        Clip onlyFace = _grid.Clips[1] with { Voice = null };
        Clip onlyVoice = _grid.Clips[2] with { Faces = [] };
        var part = new Manifest(_grid.FilePath, [both, onlyFace, onlyVoice]);

        EmbeddingSet all = model.Embed(part, [Modality.Joint, Modality.Face, Modality.Voice]);

        Assert.Equal(
            [
                (both.Name, Modality.Voice), (both.Name, Modality.Face), (both.Name, Modality.Joint),
                (onlyFace.Name, Modality.Face), (onlyFace.Name, Modality.Joint),
                (onlyVoice.Name, Modality.Voice), (onlyVoice.Name, Modality.Joint),
            ],
            all.Rows.Select(row => (row.Clip, row.Modality)));
        Assert.All(all.Values, value => Assert.True(float.IsFinite(value)));
        var direction = new float[ModelFolders.LatentDimension];
        float[] missing = [.. Enumerable.Repeat(float.NaN, ModelFolders.LatentDimension)];
        JointPosterior.MeanOfDirections(all[5], missing, direction);
        AssertClose(direction, all[6]);
    }

    [Fact]
    public void Embed_Parts_AreTheGraphsOwnStandardised()
    {
        ModelFolders.Write(_folder.Root, ModelFolders.Recipe());
        using ScoringModel model = ScoringModel.Load(_folder.Root);
        var part = new Manifest(_grid.FilePath, [_grid.Clips[0], _grid.Clips[1] with { Voice = null }]);

        EmbeddingSet set = model.Embed(
            part, [Modality.Voice, Modality.Face], EmbeddingParts.StandardDeviations | EmbeddingParts.Reconstructions);

        float[] features = new FaceFrontEnd(model.Recipe.Face).Extract(part.FacePaths(part.Clips[1]));
        float[] logVariance = model.FaceEncoder.Score(features, 1)[1];
        AssertClose([.. logVariance.Select(value => MathF.Exp(value / 2))], set.StandardDeviations.AsSpan(2 * set.Dimension));
        IReadOnlyList<float[]> decoded = model.Decoder!.Score(set[2], 1);
        RecipeStatistics statistics = model.Recipe.Statistics!;
        float[] expected =
        [
            .. decoded[0].Select((value, f) => (value - statistics.Face.Mean[f]) / statistics.Face.StandardDeviation[f]),
            .. decoded[1].Select((value, f) => (value - statistics.Voice.Mean[f]) / statistics.Voice.StandardDeviation[f]),
        ];
        AssertClose(expected, set.Reconstructions.AsSpan(2 * set.ReconstructionLength));
        Assert.Equal(3, set.Count);
        Assert.Equal(
            "'modalities' has joint, and a joint embedding has neither standard deviations nor a reconstruction; "
            + "ask for voice and face. (Parameter 'modalities')",
            Assert.Throws<ArgumentException>(() => model.Embed(part, [Modality.Joint], EmbeddingParts.Reconstructions)).Message);
    }

    [Fact]
    public void Embed_BatchSize_DoesNotMatter()
    {
        ModelFolders.Write(_folder.Root, ModelFolders.Recipe());
        string large = _folder["large.json"];
        RecipeWriter.Write(large, ModelFolders.Recipe(recipe => recipe with { Scoring = new ScoringOptions { BatchSize = 256 } }));
        using ScoringModel four = ScoringModel.Load(_folder.Root);
        using ScoringModel many = ScoringModel.Load(_folder.Root, large);

        AssertClose(four.Embed(_grid, Modality.Voice).Values, many.Embed(_grid, Modality.Voice).Values);
    }

    [Fact]
    public void Embed_Progress_CountsEveryClipOnce()
    {
        ModelFolders.Write(_folder.Root, ModelFolders.Recipe());
        using ScoringModel model = ScoringModel.Load(_folder.Root);
        var progress = new Recorder();

        model.Embed(_grid, Modality.Face, progress);

        Assert.Equal(Enumerable.Range(1, 27), progress.Values);
    }

    [Fact]
    public void Embed_CancelledHalfway_Stops()
    {
        ModelFolders.Write(_folder.Root, ModelFolders.Recipe());
        using ScoringModel model = ScoringModel.Load(_folder.Root);
        using var cancellation = new CancellationTokenSource();
        var progress = new Recorder { Then = count => (count == 3 ? cancellation : null)?.Cancel() };

        Assert.Throws<OperationCanceledException>(() => model.Embed(_grid, Modality.Face, progress, cancellation.Token));
        Assert.Equal(Enumerable.Range(1, progress.Values.Count), progress.Values);
        Assert.InRange(progress.Values.Count, 3, 2 + Environment.ProcessorCount); // what other threads were reading is finished
    }

    [Fact]
    public void Embed_BrokenFile_NamesIt()
    {
        ModelFolders.Write(_folder.Root, ModelFolders.Recipe());
        using ScoringModel model = ScoringModel.Load(_folder.Root);
        File.WriteAllText(_folder["broken.wav"], "no sound");
        var manifest = new Manifest(_folder["manifest.jsonl"], [_grid.Clips[0] with { Voice = "broken.wav" }]);

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => model.Embed(manifest, Modality.Voice));

        Assert.StartsWith($"{_folder["broken.wav"]}: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Embed_NoModality_Throws()
    {
        ModelFolders.Write(_folder.Root, ModelFolders.Recipe());
        using ScoringModel model = ScoringModel.Load(_folder.Root);

        ArgumentException error = Assert.Throws<ArgumentException>(() => model.Embed(_grid, []));

        Assert.Equal("'modalities' is empty; must name at least one of voice, face, joint. (Parameter 'modalities')", error.Message);
    }

    private void ReplaceGraph(ModelCard card, string name, byte[] graph)
    {
        ModelCardFile replaced = ModelFolders.File(_folder.Root, name, graph);
        ModelFolders.WriteCard(_folder.Root, card with { Files = [.. card.Files.Select(file => file.File == name ? replaced : file)] });
    }

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual) =>
        Near.AssertEqual(expected, actual, OneRowTolerance);

    private sealed class Recorder : IProgress<int>
    {
        public List<int> Values { get; } = [];

        public Action<int>? Then { get; init; }

        public void Report(int value)
        {
            Values.Add(value);
            Then?.Invoke(value);
        }
    }
}
