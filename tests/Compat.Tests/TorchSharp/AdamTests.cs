using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CrossModalVae.Compat.Tests.TorchSharp;

[Collection(TorchTests.Name)]
public sealed class AdamTests : IDisposable
{
    // float32 against the same formulas in double, over the steps of one test.
    private const double Tolerance = 2e-6;

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(0.0, false, false)]
    [InlineData(0.1, false, false)]
    [InlineData(0.0, true, false)]
    [InlineData(0.05, true, true)]
    public void Step_OverManySteps_FollowsThePaper(double weightDecay, bool amsgrad, bool maximize)
    {
        const double Rate = 0.01, Beta1 = 0.8, Beta2 = 0.95, Eps = 1e-6;
        double[] p = [0.5, -1.5, 2.0, 0.01, -0.3], m = new double[5], v = new double[5], top = new double[5];
        using var parameter = new Parameter(tensor([.. p.Select(x => (float)x)], new long[] { 5 }));
        using var adam = optim.Adam([parameter], Rate, Beta1, Beta2, Eps, weightDecay, amsgrad, maximize);

        for (int step = 1; step <= 25; step++)
        {
            using var scope = NewDisposeScope();
            adam.zero_grad();
            (parameter * parameter * parameter).sum().backward();
            adam.step();
            for (int k = 0; k < p.Length; k++)
            {
                double g = ((maximize ? -3 : 3) * p[k] * p[k]) + (weightDecay * p[k]);
                m[k] = (Beta1 * m[k]) + ((1 - Beta1) * g);
                v[k] = (Beta2 * v[k]) + ((1 - Beta2) * g * g);
                top[k] = Math.Max(top[k], v[k]);
                double mHat = m[k] / (1 - Math.Pow(Beta1, step)), vHat = (amsgrad ? top[k] : v[k]) / (1 - Math.Pow(Beta2, step));
                p[k] -= Rate * mHat / (Math.Sqrt(vHat) + Eps);
            }
        }

        float[] actual = parameter.data<float>().ToArray();
        for (int k = 0; k < p.Length; k++) Assert.Equal(p[k], actual[k], Tolerance);
    }

    [Fact]
    public void Step_OfALargeTensor_TreatsEveryElementAlike()
    {
        const int Count = 100_003; // several threads' share, and no multiple of a vector's width
        using var parameter = new Parameter(ones(Count));
        using var adam = optim.Adam([parameter], lr: 0.1);

        (parameter * 2).sum().backward();
        adam.step();

        Assert.All(parameter.data<float>().ToArray(), value => Assert.Equal(0.9f, value, 1e-6f));
    }

    [Fact]
    public void Step_OfANonContiguousParameter_AgreesWithAContiguousOne()
    {
        float[] start = [1, 2, 3, 4, 5, 6];
        using var straight = new Parameter(tensor(start, new long[] { 2, 3 }));
        using var turned = new Parameter(tensor(start, new long[] { 2, 3 }).t());
        using var first = optim.Adam([straight], lr: 0.1, weight_decay: 0.01);
        using var second = optim.Adam([turned], lr: 0.1, weight_decay: 0.01);

        for (int step = 0; step < 3; step++)
        {
            straight.pow(2).sum().backward();
            turned.pow(2).sum().backward();
            first.step();
            second.step();
        }

        Assert.True(straight.allclose(turned.t(), rtol: 1e-6));
    }

    [Fact]
    public void Step_WithoutGradients_ChangesNothing()
    {
        using var parameter = new Parameter(ones(2));
        using var adam = optim.Adam([parameter]);

        adam.step();

        TensorTests.Equal([1, 1], parameter);
        Assert.Equal(0, ((Adam.State)adam.state_dict().State[0]).step);
    }

    [Fact]
    public void ParamGroups_LearningRateChanged_CountsFromTheNextStep()
    {
        using var parameter = new Parameter(zeros(1));
        using var adam = optim.Adam([parameter], lr: 0.5);

        parameter.sum().backward();
        adam.step();
        foreach (var group in adam.ParamGroups)
        {
            Assert.Equal(0.5, group.LearningRate);
            group.LearningRate = 0;
        }

        adam.step();

        Assert.Equal(-0.5f, parameter.item<float>(), 1e-6f);
    }

    [Fact]
    public void State_CopiedIntoAFreshOptimiser_ContinuesToTheSameNumbers()
    {
        using var one = new Parameter(tensor(new float[] { 1, -2, 3 }));
        using var first = optim.Adam([one], lr: 0.05);
        Train(one, first, 5);
        using var two = new Parameter(one.detach().clone());
        using var second = optim.Adam([two], lr: 0.05);

        var from = (Adam.State)first.state_dict().State[0];
        var to = (Adam.State)second.state_dict().State[0];
        to.step = from.step;
        to.exp_avg.copy_(from.exp_avg);
        to.exp_avg_sq.copy_(from.exp_avg_sq);
        Train(one, first, 5);
        Train(two, second, 5);

        Assert.Equal(one.data<float>().ToArray(), two.data<float>().ToArray());
    }

    [Fact]
    public void ZeroGrad_FillsWithZeros()
    {
        using var parameter = new Parameter(ones(2));
        using var adam = optim.Adam([parameter]);
        parameter.sum().backward();

        adam.zero_grad();

        TensorTests.Equal([0, 0], parameter.grad!);
    }

    [Fact]
    public void Adam_WithANegativeRate_IsRefused()
    {
        using var parameter = new Parameter(ones(2));

        var error = Assert.Throws<ArgumentException>(() => optim.Adam([parameter], lr: -1));

        Assert.Equal("Invalid learning rate: -1", error.Message);
    }

    private static void Train(Parameter parameter, Adam adam, int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            adam.zero_grad();
            (parameter * parameter).sum().backward();
            adam.step();
        }
    }
}
