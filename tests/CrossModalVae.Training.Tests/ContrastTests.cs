using static TorchSharp.torch;

namespace CrossModalVae.Training.Tests;

public class ContrastTests
{
    private const double Rounding = 1e-9; // LengthFloor enters unit lengths

    [Fact]
    public void SymmetricInfoNce_AgainstTheDefinition_Agrees()
    {
        using var scope = NewDisposeScope();
        (double[] voice, long[] shape) = GradientCheck.Random("voice", 4, 3);
        (double[] face, _) = GradientCheck.Random("face", 4, 3);
        int[] identities = [0, 1, 0, 2];

        double value = Contrast.SymmetricInfoNce(tensor(voice, shape), tensor(face, shape), 0.3, identities).item<double>();

        Assert.Equal(Reference(voice, face, 4, 3, 0.3, identities), value, Rounding);
    }

    [Fact]
    public void SymmetricInfoNce_EqualSimilarities_IsLogOfTheBatch()
    {
        using var scope = NewDisposeScope();
        double[] same = [1, 0, 1, 0, 1, 0, 1, 0];

        double value = Contrast.SymmetricInfoNce(tensor(same, [4, 2]), tensor(same, [4, 2]), 0.1, [0, 1, 2, 3]).item<double>();

        Assert.Equal(Math.Log(4), value, Rounding);
    }

    [Fact]
    public void SymmetricInfoNce_OnlyOnePerson_HasNoNegativesAndIsZero()
    {
        using var scope = NewDisposeScope();
        (double[] voice, long[] shape) = GradientCheck.Random("voice", 3, 2);
        (double[] face, _) = GradientCheck.Random("face", 3, 2);

        Assert.Equal(0.0, Contrast.SymmetricInfoNce(tensor(voice, shape), tensor(face, shape), 0.1, [5, 5, 5]).item<double>(), Rounding);
    }

    [Fact]
    public void SymmetricInfoNce_LengthOfMeans_DoesNotMatter()
    {
        using var scope = NewDisposeScope();
        (double[] voice, long[] shape) = GradientCheck.Random("voice", 3, 4);
        (double[] face, _) = GradientCheck.Random("face", 3, 4);
        Tensor v = tensor(voice, shape);
        Tensor f = tensor(face, shape);

        Assert.Equal(
            Contrast.SymmetricInfoNce(v, f, 0.2, [0, 1, 2]).item<double>(),
            Contrast.SymmetricInfoNce(v * 7.0, f * 0.1, 0.2, [0, 1, 2]).item<double>(),
            1e-6);
    }

    [Fact]
    public void SymmetricInfoNce_Gradient_EqualsNumericOne()
    {
        GradientCheck.Run(
            p => Contrast.SymmetricInfoNce(p[0], p[1], 0.5, [0, 1, 0, 2]),
            GradientCheck.Random("voice", 4, 3),
            GradientCheck.Random("face", 4, 3));
    }

    private static double Reference(double[] voice, double[] face, int b, int d, double temperature, int[] identities)
    {
        double Similarity(int i, int j)
        {
            double dot = 0, vv = 0, ff = 0;
            for (int k = 0; k < d; k++)
            {
                double v = voice[(i * d) + k];
                double f = face[(j * d) + k];
                dot += v * f;
                vv += v * v;
                ff += f * f;
            }

            return dot / Math.Sqrt(vv * ff) / temperature;
        }

        double sum = 0;
        for (int i = 0; i < b; i++)
        {
            int[] candidates = [.. Enumerable.Range(0, b).Where(j => j == i || identities[j] != identities[i])];
            sum -= Similarity(i, i) - Math.Log(candidates.Sum(j => Math.Exp(Similarity(i, j))));
            sum -= Similarity(i, i) - Math.Log(candidates.Sum(j => Math.Exp(Similarity(j, i))));
        }

        return sum / (2 * b);
    }
}
