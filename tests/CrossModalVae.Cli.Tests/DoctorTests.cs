using System.Text.Json;
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

    [Fact]
    public async Task Doctor_Json_HasEveryPartAndHowToGetIt()
    {
        (int exitCode, string output, _) = await Cmvae.RunAsync("doctor", "--json");

        Assert.Equal(0, exitCode);
        using JsonDocument json = JsonDocument.Parse(output);
        JsonElement cudnn = json.RootElement.GetProperty("cuda").EnumerateArray()
            .Single(part => part.GetProperty("file").GetString() == "libcudnn.so.9");
        Assert.Contains("nvidia-cudnn-cu13", cudnn.GetProperty("how").GetString(), StringComparison.Ordinal);
        Assert.Equal("in short", json.RootElement.GetProperty("findings").EnumerateArray().Last().GetProperty("name").GetString());
    }

    [Fact]
    public void CudaParts_EmptyFolder_LacksAllAndSaysHow()
    {
        using var folder = new TemporaryFolder();

        IReadOnlyList<CudaPart> parts = new CudaParts([folder.Root]).OfCuda();

        Assert.All(parts, part => Assert.Null(part.Path));
        Assert.Equal(
            "lacks libcudart.so.13: pip install nvidia-cuda-runtime, and its folder lib in LD_LIBRARY_PATH; "
            + "or from NVIDIA's apt repository cuda-cudart-13-0",
            CudaParts.Finding(parts.Single(part => part.File == "libcudart.so.13")));
        Assert.StartsWith("cannot start: lacks libcuda.so.1, libcudart.so.13, ", CudaParts.InShort(parts), StringComparison.Ordinal);
    }

    // Libraries come as a link without a version to the file with it.
    [Fact]
    public void CudaParts_LibrariesInSeveralFolders_AreFoundWithTheirVersions()
    {
        using TemporaryFolder first = new(), second = new();
        var all = new CudaParts([first.Root, second.Root]);
        foreach (CudaPart part in all.OfCuda())
        {
            File.WriteAllText(second[$"{part.File}.9.1"], "");
            File.CreateSymbolicLink(second[part.File], second[$"{part.File}.9.1"]);
        }

        Assert.Equal("all parts are here", CudaParts.InShort(all.OfCuda()));
        Assert.Equal(second["libcudnn.so.9.9.1"], CudaParts.Finding(all.OfCuda().Single(part => part.File == "libcudnn.so.9")));
        Assert.Equal(
            "cannot start: lacks libonnxruntime_providers_tensorrt.so, libnvinfer.so.10, libnvonnxparser.so.10",
            CudaParts.InShort(all.OfCuda().Concat(all.OfTensorRt())));
    }
}
