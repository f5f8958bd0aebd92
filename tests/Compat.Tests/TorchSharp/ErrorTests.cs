using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace CrossModalVae.Compat.Tests.TorchSharp;

[Collection(TorchTests.Name)]
public sealed class ErrorTests
{
    [Fact]
    public void MatrixProduct_OfMismatchedShapes_CarriesLibtorchsSentence()
    {
        using var scope = NewDisposeScope();

        var error = Assert.Throws<ExternalException>(() => ones(2, 3).mm(ones(2, 3)));

        Assert.StartsWith("mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Backward_WithoutAGraph_CarriesLibtorchsSentence()
    {
        using var scope = NewDisposeScope();

        var error = Assert.Throws<ExternalException>(() => ones(1).backward());

        Assert.StartsWith("element 0 of tensors does not require grad and does not have a grad_fn", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DisposedTensor_Used_IsRefused()
    {
        var t = ones(2);
        t.Dispose();

        var error = Assert.Throws<InvalidOperationException>(() => t.add(1));

        Assert.True(t.IsInvalid);
        Assert.Equal("Tensor invalid -- empty handle.", error.Message);
    }

    [Fact]
    public void SizeOutOfRange_CarriesLibtorchsSentence()
    {
        using var scope = NewDisposeScope();

        var error = Assert.Throws<ExternalException>(() => ones(2).size(4));

        Assert.StartsWith("Dimension out of range (expected to be in range of [-1, 0], but got 4)", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cpu", "cpu")]
    [InlineData("cuda", "cuda")]
    [InlineData("cuda:1", "cuda:1")]
    public void Device_FromText_KeepsTypeAndIndex(string text, string expected) => Assert.Equal(expected, new Device(text).ToString());

    [Fact]
    public void Device_Unknown_IsRefused() => Assert.Throws<ArgumentException>(() => new Device("gpu"));

    [SkippableFact]
    public void Cuda_WhereAbsent_IsRefusedByTensorsModulesAndFactories()
    {
        Skip.If(cuda.is_available(), "This machine has a GPU.");
        using var scope = NewDisposeScope();
        using var linear = nn.Linear(2, 2);

        Assert.Equal(0, cuda.device_count());
        var error = Assert.Throws<InvalidOperationException>(() => ones(2).to("cuda:0"));
        Assert.StartsWith("Torch device type CUDA did not initialise on the current machine", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => device("cuda:0"));
        Assert.Throws<InvalidOperationException>(() => zeros(2, device: new Device("cuda:0")));
        Assert.Throws<InvalidOperationException>(() => linear.to(new Device("cuda:0")));
    }

    [SkippableFact]
    public void Cuda_WherePresent_AgreesWithTheCpu()
    {
        Skip.IfNot(cuda.is_available(), "This machine has no GPU.");
        using var scope = NewDisposeScope();
        var gpu = new Device("cuda:0");
        using var generator = new Generator(1);
        var a = randn(64, 32, generator: generator); // [64, 32]
        var b = randn(32, 16, generator: generator); // [32, 16]

        var expected = a.mm(b).tanh(); // [64, 16]
        var actual = a.to(gpu).mm(b.to(gpu)).tanh(); // [64, 16]

        Assert.Equal(DeviceType.CUDA, actual.device_type);
        Assert.True(expected.allclose(actual.cpu(), 1e-3, 1e-3)); // TF32 may be on
    }
}
