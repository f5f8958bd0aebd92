namespace CrossModalVae.Training.Tests;

public class DeviceChoiceTests
{
    [Theory]
    [InlineData("cpu", 0, "cpu")]
    [InlineData("cpu", 2, "cpu")]
    [InlineData("auto", 0, "cpu (auto: no CUDA)")]
    [InlineData("auto", 1, "cuda:0 (auto: 1 CUDA device)")]
    [InlineData("auto", 2, "cuda:0 (auto: 2 CUDA devices)")]
    [InlineData("cuda", 1, "cuda:0")]
    [InlineData("cuda:1", 2, "cuda:1")]
    public void Resolve_Possible_SaysWhatWasChosen(string name, int cudaCount, string description)
    {
        Assert.Equal(description, DeviceChoice.Resolve(name, cudaCount, hasDriver: cudaCount > 0).Description);
    }

    [Theory]
    [InlineData("cuda:0", 0, false,
        "Device 'cuda:0' cannot be used: no NVIDIA driver is loaded (/proc/driver/nvidia/version is absent); or choose --device cpu.")]
    [InlineData("cuda", 0, true,
        "Device 'cuda:0' cannot be used: the NVIDIA driver is there, but this libtorch has no CUDA or cannot use the device; "
        + "build with -p:Accelerator=cuda; or choose --device cpu.")]
    [InlineData("cuda:3", 2, true, "Device 'cuda:3' does not exist; this machine has cuda:0 to cuda:1.")]
    [InlineData("cuda:1", 1, true, "Device 'cuda:1' does not exist; this machine has cuda:0.")]
    [InlineData("gpu", 1, true, "'gpu' is no device; must be auto, cpu or cuda:N.")]
    [InlineData("cuda:x", 1, true, "'cuda:x' is no device; must be auto, cpu or cuda:N.")]
    [InlineData("cuda:-1", 1, true, "'cuda:-1' is no device; must be auto, cpu or cuda:N.")]
    public void Resolve_Impossible_NamesWhatIsMissing(string name, int cudaCount, bool hasDriver, string message)
    {
        var error = Assert.Throws<ArgumentException>(() => DeviceChoice.Resolve(name, cudaCount, hasDriver));

        Assert.Equal($"{message} (Parameter 'name')", error.Message);
    }

    [SkippableFact]
    public void Resolve_CudaOnAMachineWithoutDriver_Refuses()
    {
        Skip.If(File.Exists("/proc/driver/nvidia/version"), "This machine has an NVIDIA driver.");

        var error = Assert.Throws<ArgumentException>(() => DeviceChoice.Resolve("cuda:0"));

        Assert.StartsWith("Device 'cuda:0' cannot be used: no NVIDIA driver is loaded", error.Message, StringComparison.Ordinal);
    }
}
