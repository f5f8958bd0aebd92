using TorchSharp;
using static TorchSharp.torch;

namespace CrossModalVae.Compat.Tests.TorchSharp;

[Collection(TorchTests.Name)]
public sealed class TensorTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Tensor_FromArrayWithShape_IsRowMajorCopy()
    {
        float[] source = [1, 2, 3, 4, 5, 6];

        var t = tensor(source, [2, 3]); // [2, 3]
        source[0] = 99;

        Assert.Equal([2L, 3L], t.shape);
        Assert.Equal([3L, 1L], t.stride());
        Assert.Equal(6, t.numel());
        Assert.Equal(2, t.ndim);
        Assert.Equal(3, t.size(1));
        Assert.Equal(3, t.size(-1));
        Assert.Equal(ScalarType.Float32, t.dtype);
        Assert.Equal(DeviceType.CPU, t.device_type);
        Assert.Equal("cpu", t.device.ToString());
        Assert.Equal([1f, 2, 3, 4, 5, 6], t.data<float>().ToArray());
    }

    [Fact]
    public void Tensor_ShapeLargerThanArray_IsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => tensor(new float[] { 1, 2 }, new long[] { 2, 2 }));

        Assert.Equal("mismatched total size creating a tensor from an array: 4 vs. 2", error.Message);
    }

    [Fact]
    public void Tensor_EmptyArray_HasNoElements()
    {
        var t = tensor(Array.Empty<float>(), new long[] { 0, 3 }); // [0, 3]

        Assert.Equal([0L, 3L], t.shape);
        Assert.Equal(0, t.numel());
    }

    [Fact]
    public void Tensor_OtherTypes_KeepTheirElementType()
    {
        Assert.Equal(ScalarType.Int64, tensor(new long[] { 1, 2 }).dtype);
        Assert.Equal(ScalarType.Float64, tensor(new[] { 1.0, 2.0 }).dtype);
        Assert.Equal(ScalarType.Byte, tensor(new byte[] { 1, 2 }).dtype);
        Assert.Equal(ScalarType.Float32, tensor(0.5f).dtype);
        Assert.Equal(ScalarType.Float64, tensor(new float[] { 1 }, dtype: float64).dtype);
        Assert.Equal(0.5f, tensor(0.5f).item<float>());
    }

    [Fact]
    public void Data_OfTransposedTensor_FollowsItsStrides()
    {
        var t = tensor(new float[] { 1, 2, 3, 4, 5, 6 }, new long[] { 2, 3 }).t(); // [3, 2]

        Assert.False(t.is_contiguous());
        Assert.Equal([1f, 4, 2, 5, 3, 6], t.data<float>().ToArray());
        Assert.Equal(5f, t.data<float>()[1, 1]);
        Assert.Equal(4f, t.data<float>()[1]);
        Assert.True(t.contiguous().is_contiguous());
    }

    [Fact]
    public void Data_CopyTo_FillsTheSpan()
    {
        var target = new float[4];

        tensor(new float[] { 1, 2, 3 }).data<float>().CopyTo(target, 1);

        Assert.Equal([0f, 1, 2, 3], target);
    }

    [Fact]
    public void Data_OfAnotherType_IsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => ones(1).item<double>());

        Assert.Equal("Double is not compatible with Float32", error.Message);
    }

    [Fact]
    public void Item_OfSeveralElements_IsRefused()
    {
        var error = Assert.Throws<ArgumentException>(() => ones(2).item<float>());

        Assert.Equal("Number of elements in the tensor must be 1", error.Message);
    }

    [Fact]
    public void Operators_WithTensorsAndNumbers_KeepTheirOrder()
    {
        var a = tensor(new float[] { 1, 2, 4 });
        var b = tensor(new float[] { 2, 4, 8 });

        Equal([3, 6, 12], a + b);
        Equal([-1, -2, -4], a - b);
        Equal([2, 8, 32], a * b);
        Equal([0.5f, 0.5f, 0.5f], a / b);
        Equal([3, 4, 6], a + 2);
        Equal([1, 0, -2], 2 - a);
        Equal([2.5f, 5, 10], 2.5 * a);
        Equal([8, 4, 2], 8f / a);
        Equal([-1, -2, -4], -a);
        Equal([1, 4, 16], a.pow(2));
        Equal([1, 4, 16], a.square());
    }

    [Fact]
    public void Operators_WithAColumn_Broadcast()
    {
        var rows = tensor(new float[] { 1, 2, 3, 4 }, new long[] { 2, 2 }); // [2, 2]
        var column = tensor(new float[] { 10, 20 }, new long[] { 2, 1 }); // [2, 1]

        Equal([11, 12, 23, 24], rows + column);
    }

    [Fact]
    public void Functions_OfOneTensor_AreTheMathematicalOnes()
    {
        float[] x = [0.25f, 1, 4];
        var t = tensor(x);

        Near(x.Select(v => Math.Exp(v)), t.exp());
        Near(x.Select(v => Math.Log(v)), t.log());
        Near(x.Select(v => Math.Sqrt(v)), t.sqrt());
        Near(x.Select(v => Math.Tanh(v)), t.tanh());
        Near(x.Select(v => (double)Math.Abs(v - 1)), (t - 1).abs());
        Equal([0, 0, 3], (t - 1).relu());
        Equal([0.5f, 1, 2], t.clamp(0.5, 2));
        Equal([0.5f, 1, 4], t.clamp(min: 0.5));
    }

    [Fact]
    public void InPlaceFunctions_ChangeTheTensorAndReturnIt()
    {
        var t = tensor(new float[] { 1, 2 });

        Assert.Same(t, t.add_(1));
        Assert.Same(t, t.mul_(10));
        Assert.Same(t, t.sub_(tensor(new float[] { 1, 2 })));
        Assert.Same(t, t.div_(2));
        Equal([9.5f, 14], t);
        Assert.Same(t, t.copy_(tensor(new float[] { 7, 8 })));
        Assert.Same(t, t.add_(tensor(new float[] { 1, 1 }), alpha: 3));
        Equal([10, 11], t);
        t.fill_(5);
        Equal([5, 5], t);
        t.zero_();
        Equal([0, 0], t);
    }

    [Fact]
    public void MatrixProduct_OfTwoMatrices_IsTheProduct()
    {
        var a = tensor(new float[] { 1, 2, 3, 4, 5, 6 }, new long[] { 2, 3 }); // [2, 3]
        var b = tensor(new float[] { 1, 0, 0, 1, 1, 1 }, new long[] { 3, 2 }); // [3, 2]

        Equal([4, 5, 10, 11], a.mm(b));
        Equal([4, 5, 10, 11], a.matmul(b));
    }

    [Fact]
    public void Reductions_OverAllAndOverADimension_AgreeWithHand()
    {
        var t = tensor(new float[] { 1, 2, 3, 4, 5, 6 }, new long[] { 2, 3 }); // [2, 3]

        Equal([21], t.sum());
        Equal([5, 7, 9], t.sum(0L));
        Equal([6, 15], t.sum(1));
        Assert.Equal([2L, 1L], t.sum([1], keepdim: true).shape);
        Equal([3.5f], t.mean());
        Equal([2, 5], t.mean([1]));
        Equal([5], tensor(new float[] { 3, 4 }).norm());
        Near([Math.Log(Math.E + Math.Exp(2) + Math.Exp(3)), Math.Log(Math.Exp(4) + Math.Exp(5) + Math.Exp(6))], t.logsumexp(1));
        Equal([6], t.max());
        Equal([1], t.min());
        Assert.Equal([2L, 2L], t.argmax(1).data<long>().ToArray());
    }

    [Fact]
    public void ShapeFunctions_MoveNoElement()
    {
        var t = arange(6, dtype: float32); // [6]

        Assert.Equal([2L, 3L], t.view(2, 3).shape);
        Assert.Equal([3L, 2L], t.reshape(3, -1).shape);
        Assert.Equal([1L, 6L], t.unsqueeze(0).shape);
        Assert.Equal([6L], t.unsqueeze(0).squeeze(0).shape);
        Equal([2, 3], t.narrow(0, 2, 2));
        Equal([1, 3, 5], t.slice(0, 1, 6, 2));
        Equal([0, 4], t.view(2, 3).diagonal());
        Equal([0, 3, 1, 4, 2, 5], t.view(2, 3).t());
        Equal([5, 0], t.index_select(0, tensor(new long[] { 5, 0 })));
    }

    [Fact]
    public void Cat_AndStack_JoinInOrder()
    {
        var a = tensor(new float[] { 1, 2 });
        var b = tensor(new float[] { 3, 4 });

        Equal([1, 2, 3, 4], cat([a, b], 0));
        Equal([1, 3, 2, 4], stack([a, b], 1));
    }

    [Fact]
    public void Where_ByACondition_PicksPerElement() =>
        Equal([1, 0], where(tensor(new float[] { 1, -1 }).gt(0), ones(2), zeros(2)));

    [Fact]
    public void Eq_OfTwoTensors_IsTrueWhereTheyAgree() =>
        Assert.Equal([true, false], tensor(new float[] { 1, 2 }).eq(tensor(new float[] { 1, 3 })).data<bool>().ToArray());

    [Fact]
    public void Isfinite_All_SeesTheOneBadValue()
    {
        Assert.True(ones(3).isfinite().all().item<bool>());
        Assert.False(tensor(new[] { 1f, float.NaN }).isfinite().all().item<bool>());
    }

    [Fact]
    public void Factories_MakeWhatTheyName()
    {
        Equal([0, 0], zeros(2));
        Equal([1, 1, 1, 1], ones(2, 2));
        Assert.Equal([2L, 3L], empty(2, 3).shape);
        Equal([1, 0, 0, 1], eye(2));
        Equal([7, 7], full([2], 7.0f));
        Assert.Equal([1L, 3L], arange(1, 5, 2).data<long>().ToArray());
        Assert.Equal(ScalarType.Float64, zeros([2], dtype: float64).dtype);
        Equal([0, 0], zeros_like(ones(2)));
        Equal([1, 1], ones_like(zeros(2)));
        Assert.True(zeros(1, requires_grad: true).requires_grad);
    }

    [Fact]
    public void To_AnotherType_Converts()
    {
        var t = tensor(new float[] { 1.5f, 2.5f });

        Assert.Equal([1.5, 2.5], t.to(float64).data<double>().ToArray());
        Assert.Equal([1L, 2L], t.to(int64).data<long>().ToArray());
        Equal([1.5f, 2.5f], t.to(CPU));
        Equal([1.5f, 2.5f], t.cpu());
    }

    internal static void Equal(float[] expected, Tensor actual) => Assert.Equal(expected, actual.data<float>().ToArray());

    private static void Near(IEnumerable<double> expected, Tensor actual)
    {
        // A few units in the last place of float32 around 50.
        const double Tolerance = 1e-5;
        foreach (var (e, a) in expected.Zip(actual.data<float>().ToArray())) Assert.Equal(e, a, Tolerance);
    }
}
