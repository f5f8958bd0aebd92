using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CrossModalVae.Compat.Tests.TorchSharp;

[Collection(TorchTests.Name)]
public sealed class ModuleTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Linear_CalledAfterWeightsAreSet_IsAffine()
    {
        using var linear = nn.Linear(2, 3);
        using (no_grad())
        {
            linear.weight.copy_(tensor(new float[] { 1, 0, 0, 1, 1, 1 }, new long[] { 3, 2 }));
            linear.bias!.copy_(tensor(new float[] { 0, 0, 10 }));
        }

        var y = linear.call(tensor(new float[] { 2, 5 }, new long[] { 1, 2 })); // [1, 3]

        TensorTests.Equal([2, 5, 17], y);
        TensorTests.Equal([2, 5, 17], linear.forward(tensor(new float[] { 2, 5 }, new long[] { 1, 2 })));
    }

    // TorchSharp 0.107 on libtorch 2.10 gives these after manual_seed(7).
    [Fact]
    public void Linear_AfterASeed_StartsAsLibtorchDoes()
    {
        manual_seed(7);

        using var linear = nn.Linear(3, 2);

        TensorTests.Equal([0.040325075f, -0.34779212f, 0.18384182f, 0.18116128f, -0.30858037f, -0.08653163f], linear.weight);
        TensorTests.Equal([-0.33822793f, 0.14980665f], linear.bias!);
        Assert.True(linear.weight.requires_grad);
    }

    [Fact]
    public void Linear_WithoutBias_HasOneParameter()
    {
        using var linear = nn.Linear(3, 2, hasBias: false);

        Assert.Null(linear.bias);
        Assert.Equal(["weight"], linear.named_parameters().Select(p => p.name));
    }

    [Fact]
    public void RegisterComponents_OfNestedModules_NamesParametersByField()
    {
        using var model = new Autoencoder();

        Assert.Equal(
            ["encoder.weight", "encoder.bias", "head.0.weight", "head.0.bias", "head.2.weight", "head.2.bias", "scale"],
            model.named_parameters().Select(p => p.name).OrderBy(n => n == "scale"));
        Assert.Equal(7, model.parameters().Count());
        Assert.Equal(["offset"], model.named_buffers().Select(b => b.name));
        Assert.Equal(["encoder", "head"], model.named_children().Select(c => c.name));
        Assert.Equal(8, model.state_dict().Count);
    }

    [Fact]
    public void TrainAndEval_ReachEveryModule()
    {
        using var model = new Autoencoder();

        Assert.True(model.training);
        model.eval();
        Assert.False(model.training);
        Assert.All(model.named_children(), child => Assert.False(child.module.training));
        model.train();
        Assert.All(model.named_children(), child => Assert.True(child.module.training));
    }

    [Fact]
    public void ZeroGrad_DropsGradients()
    {
        using var model = new Autoencoder();
        model.call(ones(2, 3)).sum().backward();
        Assert.All(model.parameters(), p => Assert.NotNull(p.grad));

        model.zero_grad();

        Assert.All(model.parameters(), p => Assert.Null(p.grad));
    }

    [Fact]
    public void To_TheDeviceItIsOn_KeepsTheParameters()
    {
        using var linear = nn.Linear(2, 2);
        var weight = linear.weight;

        var same = linear.to(CPU);

        Assert.Same(linear, same);
        Assert.Same(weight, linear.weight);
    }

    [Fact]
    public void To_AnotherType_ReplacesTheParameters()
    {
        using var model = new Autoencoder();

        model.to(float64);

        Assert.All(model.parameters(), p => Assert.Equal(ScalarType.Float64, p.dtype));
        Assert.All(model.parameters(), p => Assert.True(p.requires_grad && p.is_leaf));
        Assert.Equal(ScalarType.Float64, model.call(ones([2, 3], dtype: float64)).dtype);
    }

    [Fact]
    public void Dispose_OfAModule_DisposesOfItsParameters()
    {
        var model = new Autoencoder();
        var parameters = model.parameters().ToList();

        model.Dispose();

        Assert.All(parameters, p => Assert.True(p.IsInvalid));
    }

    [Fact]
    public void RegisterModule_TwiceUnderOneName_IsRefused()
    {
        using var model = new Autoencoder();

        Assert.Throws<InvalidOperationException>(() => model.register_module("encoder", nn.Linear(1, 1)));
    }

    [Fact]
    public void ClipGradNorm_AboveTheLimit_ScalesAllGradientsTogether()
    {
        using var a = new Parameter(zeros(2));
        using var b = new Parameter(zeros(1));
        a.grad = tensor(new float[] { 3, 0 });
        b.grad = tensor(new float[] { 4 });

        double norm = nn.utils.clip_grad_norm_([a, b], 1.0);

        Assert.Equal(5.0, norm, 1e-6);
        Assert.Equal(0.6f, a.grad!.data<float>()[0], 1e-6f); // the 1e-6 in libtorch's denominator
        Assert.Equal(0.8f, b.grad!.data<float>()[0], 1e-6f);
        Assert.Equal(1.0, nn.utils.clip_grad_norm_([a, b], 10.0), 1e-6);
        Assert.Equal(0.8f, b.grad!.data<float>()[0], 1e-6f);
    }

    [Fact]
    public void Losses_OnSmallExamples_AgreeWithHand()
    {
        var x = tensor(new float[] { 1, 2, 3, 5 }, new long[] { 2, 2 }); // [2, 2]
        var y = tensor(new float[] { 0, 2, 3, 7 }, new long[] { 2, 2 }); // [2, 2]

        Assert.Equal(1.25f, nn.functional.mse_loss(x, y).item<float>());
        Assert.Equal(5f, nn.functional.mse_loss(x, y, nn.Reduction.Sum).item<float>());
        TensorTests.Equal([1, 0, 0, 4], nn.functional.mse_loss(x, y, nn.Reduction.None));
        double entropy = (Math.Log(1 + Math.Exp(1)) + Math.Log(1 + Math.Exp(-2))) / 2;
        Assert.Equal(entropy, nn.functional.cross_entropy(x, tensor(new long[] { 0, 1 })).item<float>(), 1e-6); // float32
        TensorTests.Equal([0.6f, 0.8f], nn.functional.normalize(tensor(new float[] { 3, 4 }, new long[] { 1, 2 })));
    }

    private sealed class Autoencoder : nn.Module<Tensor, Tensor>
    {
        // A module's fields name its parameters, in lower case as the field has it.
        internal readonly Linear encoder;
        internal readonly Sequential head;
        internal readonly Parameter scale;
        internal readonly Tensor offset;

        public Autoencoder()
            : base(nameof(Autoencoder))
        {
            encoder = nn.Linear(3, 4);
            head = nn.Sequential(nn.Linear(4, 4), nn.ReLU(), nn.Linear(4, 2));
            scale = nn.Parameter(ones(1));
            offset = zeros(2);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => (head.call(nn.functional.relu(encoder.call(input))) * scale) + offset; // [B, 2]
    }
}
