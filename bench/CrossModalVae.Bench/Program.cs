using CrossModalVae.Bench;

// Every verb, one class each.
IBenchmark[] all = [new TrainingBenchmark(), new ScoringBenchmark()];

var chosen = args.Length == 0 ? null : all.FirstOrDefault(benchmark => benchmark.Name == args[0]);
if (chosen is null)
{
    Console.Error.WriteLine("usage: cmvae-bench VERB [--name value]...");
    foreach (var benchmark in all) Console.Error.WriteLine($"  {benchmark.Name,-12} {benchmark.Summary}");
    return 2;
}

chosen.Run(new BenchOptions(args.AsSpan(1)));
return 0;
