namespace CrossModalVae.Scoring.Tests.Sessions;

public class ExecutionDeviceTests
{
    [Theory]
    [InlineData("cpu", null, "cpu")]
    [InlineData("cuda", 0, "cuda:0")]
    [InlineData("cuda:0", 0, "cuda:0")]
    [InlineData("cuda:3", 3, "cuda:3")]
    public void Parse_KnownDevice_RoundTrips(string text, int? index, string canonical)
    {
        ExecutionDevice device = ExecutionDevice.Parse(text);

        Assert.Equal(index, device.CudaIndex);
        Assert.Equal(canonical, device.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("gpu")]
    [InlineData("CPU")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda: 1")]
    [InlineData("cuda:2147483647")]
    public void Parse_AnythingElse_Throws(string text)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => ExecutionDevice.Parse(text));

        Assert.Equal($"'device' is '{text}'; must be cpu, cuda or cuda:N with N from 0.", error.Message);
    }

    [Fact]
    public void Default_IsTheCpu() => Assert.Equal(ExecutionDevice.Cpu, default);
}
