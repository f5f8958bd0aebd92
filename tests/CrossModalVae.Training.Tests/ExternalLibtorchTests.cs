using CrossModalVae.Numerics;

namespace CrossModalVae.Training.Tests;

public sealed class ExternalLibtorchTests : IDisposable
{
    private readonly TemporaryFolder _own = new();
    private readonly TemporaryFolder _named = new();

    [Fact]
    public void Load_ApplicationWithALibtorch_Refused()
    {
        string carried = _own["libtorch_cpu.so"];
        File.WriteAllText(carried, "");

        Assert.Equal(
            $"CMVAE_LIBTORCH is set, but this application carries a libtorch of its own, {carried}: unset it, "
            + "or build the application without one (LIBTORCH=external ./build.sh build).",
            Refusal());
    }

    [Fact]
    public void Load_FolderWithoutALibtorch_Refused() => Assert.Equal(
        $"CMVAE_LIBTORCH is '{_named.Root}': libc10.so is not there; expected the folder of a libtorch.", Refusal());

    [Fact]
    public void Load_BrokenLibrary_NamesIt()
    {
        string broken = _named["libc10.so"];
        File.WriteAllText(broken, "no library");

        Assert.StartsWith($"{broken}: cannot be loaded: ", Refusal(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _own.Dispose();
        _named.Dispose();
    }

    private string Refusal()
    {
        DllNotFoundException refused = Assert.Throws<DllNotFoundException>(() => ExternalLibtorch.Load(_named.Root, [_own.Root]));
        Assert.True(UserError.IsMarked(refused));
        return refused.Message;
    }
}
