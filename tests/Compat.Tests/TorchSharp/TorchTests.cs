namespace CrossModalVae.Compat.Tests.TorchSharp;

/// <summary>libtorch's generator, thread count and tensor counts are one per process: these tests run one after another.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class TorchTests
{
    public const string Name = "torch";
}
