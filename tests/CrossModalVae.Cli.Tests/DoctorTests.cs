using CrossModalVae.Cli.Workflows;
using CrossModalVae.Numerics;

namespace CrossModalVae.Cli.Tests;

public class DoctorTests
{
    [Theory]
    [InlineData(true, true, true, "everything works here")]
    [InlineData(false, true, false, "does not work here: training (libtorch), voices other than wav (ffmpeg)")]
    [InlineData(true, false, true, "does not work here: export and embedding (ONNX Runtime)")]
    public void InShort_OfWhatIsThere_NamesWhatDoesNotWork(bool trains, bool scores, bool readsAnySound, string expected) =>
        Assert.Equal(expected, Doctor.InShort(trains, scores, readsAnySound));

    // A missing engine is what doctor is asked about: it must not end it.
    [Fact]
    public void Engine_ThatDoesNotLoad_IsAFinding()
    {
        (bool, string) found = Doctor.Engine(() => throw UserError.Mark(new DllNotFoundException("add the package")), () => "never");

        Assert.Equal((false, "add the package"), found);
    }

    [Fact]
    public async Task Doctor_OnThisMachine_EndsWithALineThatSumsUp()
    {
        (int exitCode, string output, _) = await Cmvae.RunAsync("doctor");

        Assert.Equal(0, exitCode);
        Assert.StartsWith("in short ", output.TrimEnd().Split('\n')[^1], StringComparison.Ordinal);
    }
}
