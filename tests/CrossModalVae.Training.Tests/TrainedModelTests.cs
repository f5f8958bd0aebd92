using CrossModalVae.Corpora;
using CrossModalVae.Features;
using CrossModalVae.Models;
using CrossModalVae.Recipes;

namespace CrossModalVae.Training.Tests;

public sealed class TrainedModelTests : IDisposable
{
    // float32 sums of 32 products against double.
    private const double Rounding = 1e-4;

    private readonly TemporaryFolder _folder = new();
    private readonly FeatureTable _train = Synthetic.Table(20, 2);

    public TrainedModelTests() =>
        new Trainer(Synthetic.Recipe(2), new TrainerOptions { Device = "cpu", Threads = 1 })
            .Run(_train, Synthetic.Table(8, 2, seed: 2, split: CorpusSplit.Validation, prefix: "v"), _folder["run"]);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(40)]
    public void Encode_AnyBatch_EqualsThePlainWeights(int batchSize)
    {
        using TrainedModel model = TrainedModel.Load(_folder["run"]);
        MultimodalVaeWeights weights = model.ToWeights();

        (float[] mean, float[] logVariance) = model.Encode(Modality.Face, _train.Face[..(batchSize * _train.FaceLength)], batchSize);

        for (int row = 0; row < batchSize; row++)
        {
            double[] h = Standardise(_train.FaceRow(row).ToArray(), weights.Face.Statistics);
            h = weights.Face.Hidden.Aggregate(h, Apply);
            AssertClose(Apply(h, weights.Face.Mean), mean.AsSpan(row * 8, 8));
            AssertClose(Apply(h, weights.Face.LogVariance), logVariance.AsSpan(row * 8, 8));
        }
    }

    [Fact]
    public void Decode_LatentPoints_EqualsThePlainWeightsInFrontEndUnits()
    {
        using TrainedModel model = TrainedModel.Load(_folder["run"]);
        MultimodalVaeWeights weights = model.ToWeights();
        float[] latent = [.. Enumerable.Range(0, 16).Select(i => (i - 8) / 5f)];

        (float[] face, float[] voice) = model.Decode(latent, 2);

        for (int row = 0; row < 2; row++)
        {
            double[] y = weights.Decoder!.Layers.Aggregate(latent.Skip(row * 8).Take(8).Select(v => (double)v).ToArray(), Apply);
            AssertClose(Restore(y[..30], weights.Decoder!.FaceStatistics), face.AsSpan(row * 30, 30));
            AssertClose(Restore(y[30..], weights.Decoder!.VoiceStatistics), voice.AsSpan(row * 24, 24));
        }
    }

    [Fact]
    public void Encode_WrongSize_NamesWhatIsExpected()
    {
        using TrainedModel model = TrainedModel.Load(_folder["run"]);

        var error = Assert.Throws<ArgumentException>(() => model.Encode(Modality.Voice, new float[25], 1));

        Assert.StartsWith("'features' has 25 numbers; must have 1 rows x 24 = 24.", error.Message, StringComparison.Ordinal);
        Assert.Empty(model.Encode(Modality.Voice, [], 0).Mean);
    }

    [Fact]
    public void Load_NoRun_Refused()
    {
        string empty = _folder["empty"];

        var error = Assert.Throws<InvalidOperationException>(() => TrainedModel.Load(empty));

        Assert.Equal($"{empty}: no run is here; train one with 'cmvae train --out'.", error.Message);
    }

    [Fact]
    public void Load_WeightsOfAnotherArchitecture_NamesTheWeight()
    {
        string path = Path.Combine(_folder["run"], "weights.safetensors");
        var tensors = SafetensorsFile.Read(path).Tensors.ToDictionary();
        tensors["voice.mean.bias"] = new NamedArray([9], new float[9]);
        SafetensorsFile.Write(path, tensors);

        var error = Assert.Throws<InvalidDataException>(() => TrainedModel.Load(_folder["run"]));

        Assert.Equal($"{path}: Weight 'voice.mean.bias' has shape [9]; expected [8], the recipe's.", error.Message);
    }

    [Fact]
    public void Load_MissingOrSuperfluousWeight_NamesIt()
    {
        string path = Path.Combine(_folder["run"], "weights.safetensors");
        Dictionary<string, NamedArray> tensors = SafetensorsFile.Read(path).Tensors.ToDictionary();
        NamedArray bias = tensors["output.bias"];
        tensors.Remove("output.bias");
        SafetensorsFile.Write(path, tensors);
        Assert.Equal(
            $"{path}: Weight 'output.bias' is missing; expected shape [54].",
            Assert.Throws<InvalidDataException>(() => TrainedModel.Load(_folder["run"])).Message);

        tensors["output.bias"] = bias;
        tensors["extra"] = bias;
        SafetensorsFile.Write(path, tensors);
        Assert.Equal(
            $"{path}: Weight 'extra' is not part of the recipe's architecture.",
            Assert.Throws<InvalidDataException>(() => TrainedModel.Load(_folder["run"])).Message);
    }

    [Fact]
    public void Load_BrokenWeightsFile_NamesTheFileOnce()
    {
        string path = Path.Combine(_folder["run"], "weights.safetensors");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..100]);

        var error = Assert.Throws<InvalidDataException>(() => TrainedModel.Load(_folder["run"]));

        Assert.StartsWith($"{path}: ", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, error.Message.Split(path).Length);
    }

    private static double[] Apply(double[] x, DenseLayer layer)
    {
        var y = new double[layer.OutputCount];
        for (int o = 0; o < y.Length; o++)
        {
            double sum = layer.Bias[o];
            for (int i = 0; i < layer.InputCount; i++)
            {
                sum += x[i] * layer.Weight[(o * layer.InputCount) + i];
            }

            y[o] = layer.Activation == Activation.Relu ? Math.Max(0, sum) : sum;
        }

        return y;
    }

    private static double[] Standardise(float[] x, FeatureStatistics s) =>
        [.. x.Select((v, i) => ((double)v - s.Mean[i]) / s.StandardDeviation[i])];

    private static double[] Restore(double[] x, FeatureStatistics s) => [.. x.Select((v, i) => (v * s.StandardDeviation[i]) + s.Mean[i])];

    private static void AssertClose(double[] expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], Rounding * Math.Max(1.0, Math.Abs(expected[i])));
        }
    }
}
