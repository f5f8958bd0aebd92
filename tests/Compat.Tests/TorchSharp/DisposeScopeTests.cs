using TorchSharp;
using static TorchSharp.torch;

namespace CrossModalVae.Compat.Tests.TorchSharp;

[Collection(TorchTests.Name)]
public sealed class DisposeScopeTests
{
    [Fact]
    public void Scope_Disposed_DisposesOfWhatWasMadeInIt()
    {
        Tensor a, b;

        using (NewDisposeScope())
        {
            a = ones(2);
            b = a + 1;
            Assert.False(b.IsInvalid);
        }

        Assert.True(a.IsInvalid);
        Assert.True(b.IsInvalid);
    }

    [Fact]
    public void MoveToOuterDisposeScope_OutlivesTheInnerOnly()
    {
        Tensor kept;

        using (NewDisposeScope())
        {
            using (NewDisposeScope()) kept = (ones(2) * 3).MoveToOuterDisposeScope();
            Assert.False(kept.IsInvalid);
        }

        Assert.True(kept.IsInvalid);
    }

    [Fact]
    public void MoveToOuter_OfAPair_ReturnsIt()
    {
        using var outer = NewDisposeScope();
        Tensor a, b;

        using (var inner = NewDisposeScope()) (a, b) = inner.MoveToOuter(ones(1), zeros(1));

        Assert.False(a.IsInvalid || b.IsInvalid);
        Assert.Equal(2, outer.DisposablesCount);
        Assert.True(outer.Contains(a));
    }

    [Fact]
    public void DetachFromDisposeScope_OutlivesAll()
    {
        Tensor kept;

        using (NewDisposeScope()) kept = ones(2).DetachFromDisposeScope();

        Assert.False(kept.IsInvalid);
        kept.Dispose();
    }

    [Fact]
    public void Scope_OfAnotherThread_DoesNotCatchThisThreadsTensors()
    {
        using var scope = NewDisposeScope();
        Tensor? made = null;

        var thread = new Thread(() => made = ones(2));
        thread.Start();
        thread.Join();

        Assert.Equal(0, scope.DisposablesCount);
        made!.Dispose();
    }

    [Fact]
    public void Statistics_OverManySteps_DoNotGrow()
    {
        using var weight = ones(4, 4, requires_grad: true);
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        GC.Collect();
        GC.WaitForPendingFinalizers(); // tensors that other tests left to the collector would leave the count at any time
        long total = Tensor.TotalCount;

        for (int step = 0; step < 50; step++)
        {
            using var scope = NewDisposeScope();
            weight.mm(weight).sum().backward();
            using var gradient = weight.grad!;
            gradient.zero_();
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.Equal(total, Tensor.TotalCount);
        Assert.True(Tensor.PeakCount > total);
    }

    [Fact]
    public void Statistics_OfOneScope_CountItsTensors()
    {
        DisposeScopeManager.Statistics.Reset();

        using (NewDisposeScope())
        {
            _ = ones(1);
            ones(1).DetachFromDisposeScope().Dispose();
        }

        var statistics = DisposeScopeManager.Statistics;
        Assert.Equal(2, statistics.CreatedInScopeCount);
        Assert.Equal(1, statistics.DetachedFromScopeCount);
        Assert.Equal(1, statistics.DisposedInScopeCount);
        Assert.Equal(1, statistics.DisposedOutsideScopeCount);
        Assert.Equal(0, statistics.ThreadTotalLiveCount);
    }
}
