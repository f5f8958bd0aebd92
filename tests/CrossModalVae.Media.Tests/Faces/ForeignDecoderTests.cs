using CrossModalVae.Faces;

namespace CrossModalVae.Media.Tests.Faces;

public sealed class ForeignDecoderTests
{
    [Fact]
    public void Run_Result_IsReturnedAndFaultsAreThrownAsTheyAre()
    {
        Assert.Equal(7, ForeignDecoder.Run(() => 7, CancellationToken.None));
        var e = Assert.Throws<NotSupportedException>(() => ForeignDecoder.Run<int>(() => throw new NotSupportedException("x"), default));
        Assert.Equal("x", e.Message);
    }

    [Fact]
    public async Task Run_DecoderThatDoesNotEnd_IsCancelledAtOnce()
    {
        using var never = new ManualResetEventSlim();
        using var started = new ManualResetEventSlim();
        using var source = new CancellationTokenSource();
        Task<bool> run = Task.Run(() => ForeignDecoder.Run(
            () =>
            {
                started.Set();
                return never.Wait(TimeSpan.FromMinutes(1));
            },
            source.Token));

        started.Wait();
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(TimeSpan.FromSeconds(30)));
        never.Set();
    }

    [Fact]
    public void Run_DecoderThatDoesNotEnd_IsGivenUp()
    {
        using var never = new ManualResetEventSlim();

        var e = Assert.Throws<TimeoutException>(
            () => ForeignDecoder.Run(() => never.Wait(TimeSpan.FromMinutes(1)), CancellationToken.None, TimeSpan.FromMilliseconds(20)));

        Assert.Equal("its decoder has not ended after 0 s", e.Message);
        never.Set();
    }

    [Fact]
    public void Load_CancelledBefore_Throws()
    {
        var cancelled = new CancellationToken(canceled: true);

        Assert.ThrowsAny<OperationCanceledException>(() => FaceImage.Load(FaceFolder.Golden("noise.png"), cancelled));
        Assert.ThrowsAny<OperationCanceledException>(() => FaceImage.Load(FaceFolder.Golden("base420.jpg"), cancelled));
    }
}
