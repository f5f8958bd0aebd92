namespace CrossModalVae.Tests;

public class ToolTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("false")]
    [InlineData("true")]
    public void Require_ToolIsThere_GoesOn(string? buildServer) => Tool.Require(true, "Python with numpy", buildServer);

    [Theory]
    [InlineData(null)]
    [InlineData("false")]
    public void Require_ToolIsMissing_Skips(string? buildServer)
    {
        var e = Assert.Throws<SkipException>(() => Tool.Require(false, "Python with numpy", buildServer));

        Assert.Equal("Python with numpy is not here.", e.Message);
    }

    [Fact]
    public void Require_ToolIsMissingOnABuildServer_Fails()
    {
        var e = Assert.Throws<Xunit.Sdk.TrueException>(() => Tool.Require(false, "Python with numpy", "true"));

        Assert.StartsWith(
            "Python with numpy is not here; must be where CI=true: ./build.sh installs what tests need.",
            e.Message,
            StringComparison.Ordinal);
    }
}
