using CrossModalVae.Cli;
using CrossModalVae.Cli.Terminal;

using var signals = StopSignals.Listen(Console.Error);
return await CommandLine.RunAsync(args, Console.Out, Console.Error, signals);
