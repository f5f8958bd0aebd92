using TorchSharp;
using static TorchSharp.torch;

namespace CrossModalVae.Compat.Tests.TorchSharp;

[Collection(TorchTests.Name)]
public sealed class RandomTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    // TorchSharp 0.107 on libtorch 2.10 and PyTorch 1.13 give these after manual_seed(0).
    [Fact]
    public void ManualSeed_ThenRandn_IsLibtorchsStream()
    {
        manual_seed(0);

        TensorTests.Equal([1.5409961f, -0.2934289f, -2.1787894f, 0.56843126f], randn(4));
    }

    [Fact]
    public void Randperm_AfterASeed_IsLibtorchsPermutation()
    {
        using var generator = new Generator(0);

        long[] order = randperm(8, generator: generator).data<long>().ToArray();

        Assert.Equal(Enumerable.Range(0, 8).Select(k => (long)k), order.Order());
        Assert.Equal(order, randperm(8, generator: new Generator(0)).data<long>().ToArray());
    }

    [Fact]
    public void Generator_OfItsOwn_LeavesTheDefaultAlone()
    {
        manual_seed(3);
        float[] expected = rand(5).data<float>().ToArray();
        manual_seed(3);
        using var generator = new Generator(5);

        TensorTests.Equal([-0.48678076f, -0.6038216f, -0.55809623f], randn(3, generator: generator));

        TensorTests.Equal(expected, rand(5));
        Assert.Equal(5, generator.initial_seed());
    }

    [Fact]
    public void State_SetBack_RepeatsTheStream()
    {
        manual_seed(11);
        _ = randn(7);
        var state = get_rng_state();
        float[] first = randn(33).data<float>().ToArray();

        set_rng_state(state);

        TensorTests.Equal(first, randn(33));
        Assert.Equal(ScalarType.Byte, state.dtype);
    }

    [Fact]
    public void GeneratorState_SetOnAnother_RepeatsTheStream()
    {
        using var one = new Generator(17);
        using var two = new Generator(99);
        _ = rand(3, generator: one);

        two.set_state(one.get_state());

        TensorTests.Equal(rand(9, generator: one).data<float>().ToArray(), rand(9, generator: two));
    }

    [Fact]
    public void UniformAndNormal_StayInTheirRanges()
    {
        using var generator = new Generator(1);

        float[] uniform = zeros(1000).uniform_(-2, 3, generator).data<float>().ToArray();
        float[] normal = zeros(10000).normal_(4, 0.5, generator).data<float>().ToArray();

        Assert.All(uniform, v => Assert.InRange(v, -2f, 3f));
        Assert.Equal(4.0, normal.Average(), 0.025); // 5 standard errors of 0.5 / 100
    }

    [Fact]
    public void Threads_Set_AreWhatIsAsked()
    {
        int before = get_num_threads();

        set_num_threads(1);

        Assert.Equal(1, get_num_threads());
        set_num_threads(before);
        Assert.Equal(before, get_num_threads());
    }
}
