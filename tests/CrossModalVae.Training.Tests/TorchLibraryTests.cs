namespace CrossModalVae.Training.Tests;

public class TorchLibraryTests
{
    [Theory]
    [InlineData("")]
    [InlineData("libtorch.so: cannot open shared object file: No such file or directory")]
    public void Sentence_NoLibtorch_NamesThePackages(string loaderMessage)
    {
        Assert.Equal(
            "libtorch cannot be loaded: add the package TorchSharp-cpu (or TorchSharp-cuda-linux, TorchSharp-cuda-windows) "
            + "to the application, in the version of TorchSharp, or name the folder of such a libtorch in CMVAE_LIBTORCH.",
            TorchLibrary.Sentence(loaderMessage));
    }

    [Fact]
    public void Sentence_OlderLibStdCxx_NamesTheVersion()
    {
        const string Loader = "/lib/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /app/libLibTorchSharp.so)";

        Assert.StartsWith(
            "libtorch cannot be loaded: TorchSharp's libLibTorchSharp.so requires GLIBCXX_3.4.32 of libstdc++, "
            + "which this system lacks; it is part of gcc 13 (Debian 13, Ubuntu 24.04).",
            TorchLibrary.Sentence(Loader),
            StringComparison.Ordinal);
    }
}
