using CrossModalVae.Cli;
using CrossModalVae.Training;

OpenMpThreads.BoundSpinning(); // before any verb loads libtorch
return await CommandLine.RunAsync(args, Console.Out, Console.Error);
