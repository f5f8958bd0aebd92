using CrossModalVae.Faces;
using CrossModalVae.Features;
using CrossModalVae.Models;
using CrossModalVae.Numerics;
using CrossModalVae.Onnx;
using CrossModalVae.Recipes;
using CrossModalVae.Towers;
using CrossModalVae.Training;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace CrossModalVae.Cli.Tests.Towers;

/// <summary>Training that starts from graphs: an exported model, one of its encoders, an imported network.</summary>
public sealed class ExportedStartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A run that learns nothing and keeps the towers is the model that it starts from.</summary>
    [Theory]
    [InlineData(TowerKind.Cnn)]
    [InlineData(TowerKind.ResnetSe34Light)]
    [InlineData(TowerKind.VggM)]
    public void Run_StartFromAModel_IsItsEncodersDecoderAndStatistics(TowerKind kind)
    {
        Recipe recipe = TowerExportTests.Recipe(kind, 1, mirrored: true, pictures: 1);
        using TrainedModel first = Train(recipe, "first");
        Export(first);

        using TrainedModel second = Train(Still(recipe, frozen: 1), "second", ExportedEncoders.Read(_folder["model"]));

        FeatureTable table = TowerExportTests.Table(recipe, 3, "t");
        Close(first.Encode(Modality.Voice, table.Voice, table.Count).Mean, second.Encode(Modality.Voice, table.Voice, table.Count).Mean);
        Close(
            first.Encode(Modality.Face, table.Face, table.Count).LogVariance,
            second.Encode(Modality.Face, table.Face, table.Count).LogVariance);
        float[] z = [.. Enumerable.Range(0, 8).Select(i => i / 8f)];
        Close(first.Decode(z, 1).Voice, second.Decode(z, 1).Voice);
        Assert.Equal(first.Recipe.Statistics!.Voice.Mean, second.Recipe.Statistics!.Voice.Mean);
        Assert.Equal(64, second.Recipe.Training.StartSha256.Length);
        string[] variances = [.. Weights("second").Keys.Where(name => name.EndsWith(".norm.variance", StringComparison.Ordinal))];
        Assert.NotEmpty(variances);
        Assert.All(variances, name => Assert.DoesNotContain(1f, Weights("second")[name].Values)); // recovered, not the identity
    }

    [Fact]
    public void Run_StartFromOneEncoder_LeavesTheOtherModalityAlone()
    {
        Recipe recipe = TowerExportTests.Recipe(TowerKind.Cnn, 1, mirrored: false, pictures: 1);
        using TrainedModel first = Train(recipe, "first");
        Export(first);
        Recipe other = Still(recipe, frozen: 1);
        other = other with { Face = recipe.Face with { Width = 40, Height = 40 } };

        using TrainedModel second = Train(other, "second", ExportedEncoders.Read(_folder["model/voice-encoder.onnx"]));

        FeatureTable table = TowerExportTests.Table(recipe, 3, "t");
        Close(first.Encode(Modality.Voice, table.Voice, table.Count).Mean, second.Encode(Modality.Voice, table.Voice, table.Count).Mean);
        Assert.Equal(first.Recipe.Statistics!.Voice.Mean, second.Recipe.Statistics!.Voice.Mean);
        Assert.NotEqual(first.Recipe.Statistics.Face.Mean, second.Recipe.Statistics.Face.Mean); // of its own pictures
        IReadOnlyDictionary<string, NamedArray> own = Weights("second");
        Assert.Contains(own["face.tower.conv0.norm.variance"].Values, value => value != 1f); // free, though the voice's are frozen
    }

    [Fact]
    public void Run_ModelThatDoesNotFit_IsRefusedInASentence()
    {
        Recipe recipe = TowerExportTests.Recipe(TowerKind.Cnn, 1, mirrored: false, pictures: 1);
        using TrainedModel first = Train(recipe, "first");
        Export(first);
        StartingEncoders model = ExportedEncoders.Read(_folder["model"]);

        Assert.Equal(
            $"{_folder["model"]}: the model has other front ends than the recipe 'towers' (section 'face'); "
            + "training starts from encoders of the same kind only.",
            Refusal(recipe with { Face = recipe.Face with { Width = 40 } }, model));
        Assert.Equal(
            $"{_folder["model"]}: weight 'voice.tower.conv0.weight' is [8, 32, 1, 5], and the recipe 'towers' has [9, 32, 1, 5]; "
            + "training starts from encoders of the same architecture only.",
            Refusal(
                recipe with
                {
                    Model = recipe.Model with { VoiceTower = recipe.Model.VoiceTower! with { Channels = [9, 10, 12] } },
                },
                model));
        File.Copy(_folder["model/face-encoder.onnx"], _folder["alone.onnx"]);
        Assert.Equal(
            $"{_folder["alone.onnx"]}: lies without the card.json of its model, which says what features it takes; expected it beside it.",
            Fault(_folder["alone.onnx"]));
        Assert.Equal(
            $"{_folder["model/decoder.onnx"]}: is no encoder; expected voice-encoder.onnx or face-encoder.onnx.",
            Fault(_folder["model/decoder.onnx"]));
        Assert.StartsWith($"{_folder.Write("x.onnx", "GIF89a")}: is no ONNX graph", Fault(_folder["x.onnx"]), StringComparison.Ordinal);
        var graph = new OnnxGraphBuilder("other");
        graph.Input("x", [3], "x");
        graph.Output(graph.Node("Relu", "y", ["x"]), 3, "y");
        _folder.Write("other.onnx", graph.Build("another's", new Dictionary<string, string>()));
        Assert.Equal(
            $"{_folder["other.onnx"]}: is no encoder of an exported model, nor the face recognition network that 'cmvae encoder import "
            + "face-api' writes; training can start from those only.",
            Fault(_folder["other.onnx"]));
        OnnxExporter.Export(
            _folder["ensemble"],
            [new EnsembleMember(first.Recipe, first.ToWeights(), first, 1), new EnsembleMember(first.Recipe, first.ToWeights(), first, 1)],
            new OnnxExportOptions { Recipe = first.Recipe, Data = new ModelCardData("test", 8, 24, null) });
        Assert.Equal(
            $"{_folder["ensemble"]}: is an ensemble of 2 models; training can start from one model only.", Fault(_folder["ensemble"]));
        File.AppendAllText(_folder["model/face-encoder.onnx"], "x");
        Assert.Contains("the graph is not the one that was exported", Fault(_folder["model"]), StringComparison.Ordinal);

        string Refusal(Recipe own, StartingEncoders start)
        {
            var e = Assert.Throws<ArgumentException>(() => Train(own, "refused", start));
            Assert.True(UserError.IsMarked(e));
            return e.Message;
        }

        static string Fault(string path) => Assert.Throws<InvalidDataException>(() => ExportedEncoders.Read(path)).Message;
    }

    /// <summary>dlib's network as a tower gives the imported graph's vectors, learns at its share of the rate, and is exported.</summary>
    [Fact]
    public void Run_StartFromAnImportedNetwork_IsItAndTrainsIt()
    {
        FaceApiPackage.Write(_folder);
        FaceApiImporter.Import(_folder["package"], _folder["face-api.onnx"]);
        StartingEncoders start = ExportedEncoders.Read(_folder["face-api.onnx"]);
        Recipe recipe = TowerExportTests.Recipe(TowerKind.Cnn, 1, mirrored: false, pictures: 1);
        recipe = recipe with
        {
            Face = recipe.Face with { Width = 150, Height = 150 },
            Model = recipe.Model with { FaceTower = new TowerOptions { Kind = TowerKind.DlibResnet } },
            Objective = recipe.Objective with { Bound = BoundKind.None, Alignment = AlignmentKind.None },
        };

        using TrainedModel still = Train(Still(recipe, frozen: 0), "still", start);
        FeatureTable table = TowerExportTests.Table(recipe, 2, "t");
        Dictionary<string, NamedArray> weights = Weights("still").ToDictionary();
        Close(Heads(Vectors(table.Face, table.Count), weights), still.Encode(Modality.Face, table.Face, table.Count).Mean);

        Recipe tuned = recipe with { Training = recipe.Training with { EncoderRateShare = 0.1, LearningRate = 1e-3, BatchSize = 24 } };
        using TrainedModel model = Train(tuned, "tuned", start);
        IReadOnlyDictionary<string, NamedArray> after = Weights("tuned");
        Assert.InRange(Largest("face.tower.stage1.0.conv1.weight"), 0.5e-4, 1.1e-4); // Adam's first step, a tenth of the rate
        Assert.InRange(Largest("face.tower.fc.weight"), 0.5e-4, 1.1e-4);
        Assert.InRange(Largest("face.mean.weight"), 0.5e-3, 1.1e-3);
        Assert.InRange(Largest("voice.tower.conv0.weight"), 0.5e-3, 1.1e-3);
        ModelCard card = Export(model); // which demands parity
        string[] notes = [.. RunSummary.Read(new RunFolder(_folder["tuned"]).MetricsPath).Notes];
        Assert.Contains(notes, note => note.Contains("licence: MIT; source: npm package @vladmandic/face-api", StringComparison.Ordinal));
        Assert.Equal(2, card.Files.Count);

        double Largest(string name) =>
            weights[name].Values.Zip(after[name].Values, (a, b) => Math.Abs((double)a - b)).Max();
    }

    [Fact]
    public void Run_DlibTowerOrNetworkThatDoesNotFit_IsRefusedInASentence()
    {
        FaceApiPackage.Write(_folder);
        FaceApiImporter.Import(_folder["package"], _folder["face-api.onnx"]);
        StartingEncoders start = ExportedEncoders.Read(_folder["face-api.onnx"]);
        Recipe cnn = TowerExportTests.Recipe(TowerKind.Cnn, 1, mirrored: false, pictures: 1);
        Recipe dlib = cnn with { Model = cnn.Model with { FaceTower = new TowerOptions { Kind = TowerKind.DlibResnet } } };
        string needs = $"{_folder["face-api.onnx"]}: the network is a dlib-resnet tower for rgb pictures of 150 x 150, normalised by its "
            + "own numbers in place of the corpus's, and of the recipe 'towers' ";

        Assert.Equal($"{needs}'model.face_tower' is not a dlib-resnet.", Refusal(cnn, start));
        Assert.Equal($"{needs}'face' is of 32 x 32.", Refusal(dlib, start));
        Assert.Equal($"{needs}'face.colour' is not rgb.", Refusal(dlib with { Face = dlib.Face with { Colour = FaceColour.Grey } }, start));
        Assert.StartsWith(
            "'model.face_tower' is a dlib-resnet, which has no normalisation to learn with from random weights;",
            Refusal(dlib, null),
            StringComparison.Ordinal);
        Assert.Contains(
            "'VoiceTower.Kind' is DlibResnet; must be another: it takes pictures",
            Refusal(cnn with { Model = cnn.Model with { VoiceTower = new TowerOptions { Kind = TowerKind.DlibResnet } } }, null),
            StringComparison.Ordinal);

        string Refusal(Recipe own, StartingEncoders? encoders) =>
            Assert.Throws<ArgumentException>(() => Train(own, "refused", encoders)).Message;
    }

    // h W^T + b of the face's heads, [rows, D].
    private static float[] Heads(float[] vectors, Dictionary<string, NamedArray> weights)
    {
        NamedArray w = weights["face.mean.weight"];
        int d = (int)w.Shape[0], inputs = (int)w.Shape[1];
        return
        [
            .. Enumerable.Range(0, vectors.Length / inputs * d).Select(i => (float)(weights["face.mean.bias"].Values[i % d]
                + Enumerable.Range(0, inputs).Sum(k => (double)vectors[(i / d * inputs) + k] * w.Values[(i % d * inputs) + k]))),
        ];
    }

    // Of the imported graph, which takes (x - mean) / 255 of levels.
    private float[] Vectors(float[] pictures, int count)
    {
        float[] mean = [122.782f, 117.001f, 104.298f];
        float[] levels = [.. pictures.Select((value, i) => ((255 * value) - mean[i / (150 * 150) % 3]) / 255)];
        using var session = new InferenceSession(_folder["face-api.onnx"]);
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run(
            [NamedOnnxValue.CreateFromTensor(session.InputNames[0], new DenseTensor<float>(levels, [count, 3, 150, 150]))]);
        return [.. results.Single().AsEnumerable<float>()];
    }

    private static void Close(float[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected.Zip(found), pair =>
            Assert.InRange(Math.Abs(pair.First - pair.Second), 0, 1e-4 * Math.Max(1, Math.Abs(pair.First))));
    }

    private static Recipe Still(Recipe recipe, int frozen) =>
        recipe with { Training = recipe.Training with { LearningRate = 1e-30, FrozenEpochs = frozen } };

    private IReadOnlyDictionary<string, NamedArray> Weights(string run) =>
        SafetensorsFile.Read(new RunFolder(_folder[run]).WeightsPath).Tensors;

    private TrainedModel Train(Recipe recipe, string run, StartingEncoders? start = null)
    {
        var options = new TrainerOptions
        {
            Device = "cpu",
            Threads = 1,
            Epochs = 1,
            StopOnCollapse = false,
            StartEncoders = start,
        };
        new Trainer(recipe, options).Run(TowerExportTests.Table(recipe, 8, "p"), TowerExportTests.Table(recipe, 4, "v"), _folder[run]);
        return TrainedModel.Load(_folder[run]);
    }

    private ModelCard Export(TrainedModel model) => OnnxExporter.Export(
        _folder["model"],
        model.ToWeights(),
        model,
        new OnnxExportOptions { Recipe = model.Recipe, Data = new ModelCardData("test", 8, 24, null) });
}
