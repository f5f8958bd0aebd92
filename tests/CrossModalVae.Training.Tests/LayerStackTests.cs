using CrossModalVae.Models;
using CrossModalVae.Numerics;
using CrossModalVae.Towers;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Tests;

public class LayerStackTests
{
    /// <summary>
    /// Folded and recovered, a tower gives the same numbers as before, and in training, where each batch has its own statistics, too: with
    /// the bare identity in place of recovered scales it would not, by far.
    /// </summary>
    [Theory]
    [InlineData(TowerKind.Cnn)]
    [InlineData(TowerKind.ResnetSe34Light)]
    public void Recover_FoldedNormalisation_IsWhatItWasInTrainingToo(TowerKind kind)
    {
        TorchLibrary.Require();
        var options = new TowerOptions { Kind = kind, Channels = [4, 6, 8, 8] };
        TowerArchitecture architecture = TowerArchitecture.Create(options, new TowerInput(Modality.Face, 3, 32, 32));
        using var scope = NewDisposeScope();
        using IDisposable gradients = no_grad();
        using var trained = new LayerStack(architecture.Layers);
        var random = new SeededRandom(3);
        foreach ((string name, Tensor value) in Tensors(trained))
        {
            bool isPositive = name.Split('.')[^1] == "variance" || name.EndsWith(".norm.weight", StringComparison.Ordinal);
            value.copy_(Draw(value.shape, isPositive ? 0.3 : -0.5, isPositive ? 2.5 : 0.5));
        }

        Tensor x = Draw([64, 3, 32, 32], -2, 2);
        _ = Step(trained, x, times: 200); // running statistics arrive at the batch's
        LayerWeights folded = LayerWeights.Fold(
            architecture.Layers, name => Tensors(trained).Single(entry => entry.Name == name).Value.ToNamedArray());
        using var recovered = new LayerStack(architecture.Layers);
        foreach ((string name, Tensor value) in Tensors(recovered))
        {
            string bias = name.Replace(".norm.bias", ".bias", StringComparison.Ordinal);
            value.copy_(folded.Arrays.Any(array => array.Name == bias) ? FromArray(folded[bias])
                : name.EndsWith(".norm.weight", StringComparison.Ordinal)
                    ? full(value.shape, (float)Math.Sqrt(1 + TowerArchitecture.NormalisationEpsilon))
                : name.EndsWith(".variance", StringComparison.Ordinal) ? ones(value.shape)
                : zeros(value.shape));
        }

        float[] identity = Step(recovered, x, times: 1);
        Reset();
        recovered.Recover(() => recovered.Forward(x, null));

        Close(trained.Forward(x, null).ToFloats(), recovered.Forward(x, null).ToFloats(), 1e-3);
        Close(Step(trained, x, times: 1), Step(recovered, x, times: 1), 1e-2);
        Assert.True(Difference(Step(trained, x, times: 1), identity) > 0.5, "the identity would do as well");

        // Statistics of the step above, away again.
        void Reset()
        {
            foreach ((string name, Tensor value) in recovered.named_buffers())
            {
                value.copy_(name.EndsWith(".variance", StringComparison.Ordinal) ? ones(value.shape) : zeros(value.shape));
            }
        }

        Tensor Draw(long[] shape, double least, double most)
        {
            int count = (int)shape.Aggregate((a, b) => a * b);
            return tensor((float[])[.. Enumerable.Range(0, count).Select(_ => (float)random.NextDouble(least, most))], shape);
        }
    }

    private static Tensor FromArray(NamedArray array) => tensor(array.Values, [.. array.Shape]);

    private static float[] Step(LayerStack stack, Tensor x, int times)
    {
        float[] result = [];
        for (int i = 0; i < times; i++)
        {
            using var scope = NewDisposeScope();
            result = stack.Forward(x, TrainingNoise.ForEpoch(1, 1, CPU)).ToFloats();
        }

        return result;
    }

    private static (string Name, Tensor Value)[] Tensors(LayerStack stack) =>
        [.. stack.named_parameters().Select(p => (p.name, (Tensor)p.parameter)), .. stack.named_buffers().Select(b => (b.name, b.buffer))];

    private static void Close(float[] expected, float[] found, double tolerance) =>
        Assert.InRange(Difference(expected, found), 0, tolerance);

    // Root mean square of the difference over that of the first.
    private static double Difference(float[] expected, float[] found) => Math.Sqrt(
        expected.Zip(found, (a, b) => ((double)a - b) * (a - b)).Sum() / expected.Sum(a => (double)a * a));
}
