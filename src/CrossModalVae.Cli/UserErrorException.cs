namespace CrossModalVae.Cli;

/// <summary>What a user did wrong, found by the command line itself. Its message is printed alone, exit code 2.</summary>
internal sealed class UserErrorException(string message) : Exception(message);
