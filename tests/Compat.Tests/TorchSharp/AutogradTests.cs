using TorchSharp;
using static TorchSharp.torch;

namespace CrossModalVae.Compat.Tests.TorchSharp;

[Collection(TorchTests.Name)]
public sealed class AutogradTests : IDisposable
{
    // Central differences in float64: an error of about h^2 from the step and 1e-16 / h from rounding.
    private const double StepSize = 1e-5;
    private const double Tolerance = 1e-7;

    private readonly DisposeScope _scope = NewDisposeScope();

    public static TheoryData<string, Func<Tensor, Tensor>> Functions => new()
    {
        { "sum of squares", x => x.square().sum() },
        { "exp, log, sqrt", x => ((x.exp() + 1).log() * (x.square() + 1).sqrt()).mean() },
        { "tanh, division", x => (x.tanh() / (x.square() + 2)).sum() },
        { "1 - x, 2 / x", x => ((1 - x) + (2 / (x.square() + 1))).sum() },
        { "matrix product", x => x.mm(x.t()).square().mean() },
        { "normalised rows", x => nn.functional.normalize(x).mm(nn.functional.normalize(x).t()).diagonal(1).sum() },
        { "logsumexp", x => (x.logsumexp(1) - x.logsumexp(0).mean()).square().sum() },
        { "log_softmax", x => nn.functional.log_softmax(x, 1).square().mean() },
        { "narrow, cat", x => cat([x.narrow(1, 0, 2) * 3, x.narrow(1, 2, 1)], 1).pow(3).sum() },
        { "index_select, stack", x => stack([x.index_select(0, tensor(new long[] { 1, 1 })), x.index_select(0, tensor(new long[] { 0, 2 }))], 0).pow(2).sum() },
        { "sums over dimensions", x => (x.sum(0L).square().sum() + x.mean([1], keepdim: true).pow(3).sum()) },
        { "clamp, abs, relu", x => (x.clamp(-0.5, 0.5) * x.abs() + x.relu()).sum() },
        { "mean squared error", x => nn.functional.mse_loss(x * 2, x.detach() * 0 + 0.3, nn.Reduction.Sum) },
        { "cross entropy", x => nn.functional.cross_entropy(x, tensor(new long[] { 0, 2, 1 })) },
        { "norm", x => x.norm() + x.reshape(-1).norm() },
        { "linear", x => nn.functional.linear(x, x, x.sum(1)).square().sum() },
    };

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Functions))]
    public void Backward_OfAFunction_EqualsFiniteDifferences(string name, Func<Tensor, Tensor> function)
    {
        double[] at = [0.9, -0.4, 0.2, -1.3, 0.7, 0.1, 0.35, -0.8, 1.6];
        var x = tensor(at, [3, 3], requires_grad: true); // [3, 3]

        function(x).backward();

        double[] gradient = x.grad!.data<double>().ToArray();
        for (int k = 0; k < at.Length; k++)
        {
            double slope = (At(k, StepSize) - At(k, -StepSize)) / (2 * StepSize);
            Assert.True(Math.Abs(slope - gradient[k]) < Tolerance * Math.Max(1, Math.Abs(slope)), $"{name}, element {k}: {gradient[k]}, by differences {slope}");
        }

        double At(int element, double by)
        {
            double[] moved = [.. at];
            moved[element] += by;

            // The same function with what it detaches held still would differ; none of the above depends on its detached part.
            return function(tensor(moved, [3, 3])).item<double>();
        }
    }

    [Fact]
    public void Backward_Twice_AddsUp()
    {
        var x = ones(2, requires_grad: true);

        (x * 3).sum().backward();
        (x * 4).sum().backward();

        TensorTests.Equal([7, 7], x.grad!);
        x.grad = null;
        Assert.Null(x.grad);
    }

    [Fact]
    public void Grad_BeforeBackward_IsNull() => Assert.Null(ones(1, requires_grad: true).grad);

    [Fact]
    public void Detach_CutsTheGraphAndSharesTheMemory()
    {
        var x = ones(2, requires_grad: true);
        var y = x.detach();

        Assert.False(y.requires_grad);
        y.add_(1);
        TensorTests.Equal([2, 2], x);
        Assert.True(x.is_leaf);
        Assert.False((x * 2).is_leaf);
    }

    [Fact]
    public void NoGrad_IsSwitchedOffAndOnAgain()
    {
        var x = ones(2, requires_grad: true);

        using (no_grad())
        {
            Assert.False(is_grad_enabled());
            Assert.False((x * 2).requires_grad);
        }

        Assert.True(is_grad_enabled());
        Assert.True((x * 2).requires_grad);
    }

    [Fact]
    public void NoGrad_OnOneThread_LeavesAnotherAlone()
    {
        using var off = no_grad();
        bool elsewhere = false;

        var thread = new Thread(() => elsewhere = is_grad_enabled());
        thread.Start();
        thread.Join();

        Assert.True(elsewhere);
    }

    [Fact]
    public void AutogradGrad_OfAnOutput_ReturnsOneGradientPerInput()
    {
        var x = tensor(new float[] { 2 }, requires_grad: true);
        var y = tensor(new float[] { 5 }, requires_grad: true);

        var gradients = autograd.grad([x * y], [x, y]);

        TensorTests.Equal([5], gradients[0]);
        TensorTests.Equal([2], gradients[1]);
        Assert.Null(x.grad);
    }
}
