using CrossModalVae.Models;

namespace CrossModalVae.Tests.Models;

public class ComputeDeviceTests
{
    [Theory]
    [InlineData("auto", true, null, "auto")]
    [InlineData("cpu", false, null, "cpu")]
    [InlineData("cuda", false, 0, "cuda:0")]
    [InlineData("cuda:0", false, 0, "cuda:0")]
    [InlineData("cuda:2147483646", false, 2147483646, "cuda:2147483646")]
    public void TryParse_ADevice_RoundTrips(string text, bool isAuto, int? cudaIndex, string canonical)
    {
        Assert.True(ComputeDevice.TryParse(text, out ComputeDevice device));

        Assert.Equal((isAuto, cudaIndex), (device.IsAuto, device.CudaIndex));
        Assert.Equal(canonical, device.ToString());
        Assert.True(ComputeDevice.TryParse(canonical, out ComputeDevice again));
        Assert.Equal(device, again);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("Auto")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda: 1")]
    [InlineData("cuda:2147483647")]
    public void TryParse_AnythingElse_IsNoDevice(string? text) => Assert.False(ComputeDevice.TryParse(text, out _));

    [Fact]
    public void Default_IsTheCpu() => Assert.Equal(ComputeDevice.Cpu, default);

    [Fact]
    public void Cuda_NegativeIndex_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => ComputeDevice.Cuda(-1));
}
