namespace CrossModalVae.Bench;

/// <summary>One verb of <c>cmvae-bench</c>: measures us and a rival in one run and prints a Markdown table.</summary>
internal interface IBenchmark
{
    /// <summary>The verb.</summary>
    string Name { get; }

    /// <summary>One line on what is compared with what.</summary>
    string Summary { get; }

    /// <summary>Runs; options are <c>--name value</c> pairs.</summary>
    void Run(BenchOptions options);
}
