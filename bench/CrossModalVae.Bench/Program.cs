using CrossModalVae.Bench;

// Every verb, one class each.
IBenchmark[] all =
[
    new TrainingBenchmark(),
    new ScoringBenchmark(),
    new VoiceBenchmark(),
    new FacesBenchmark(),
    new EncoderBenchmark(),
    new TowersBenchmark(),
    new PrecisionBenchmark(),
    new DeviceBenchmark(),
    new SoakBenchmark(),
    new FusedBenchmark(),
    new RecipesBenchmark(),
    new RequestsBenchmark(),
    new ServiceBenchmark(),
    new SwapsBenchmark(),
    new CorpusBenchmark(),
    new FeatureStoreBenchmark(),
    new DbscanBenchmark(),
    new HdbscanBenchmark(),
    new RankingBenchmark(),
    new TsneBenchmark(),
    new EvaluationBenchmark(),
    new ExploreBenchmark(),
];

if (args is [TrainingBenchmark.StepVerb, ..])
{
    TrainingBenchmark.RunSteps(new BenchOptions(args.AsSpan(1)));
    return 0;
}

var chosen = args.Length == 0 ? all : all.Where(benchmark => benchmark.Name == args[0]).ToArray();
if (chosen.Length == 0)
{
    Console.Error.WriteLine("usage: cmvae-bench [VERB [--name value]...]   all of them without a verb");
    foreach (var benchmark in all) Console.Error.WriteLine($"  {benchmark.Name,-12} {benchmark.Summary}");
    return 2;
}

foreach (var benchmark in chosen) benchmark.Run(new BenchOptions(args.AsSpan(Math.Min(1, args.Length))));
return 0;
