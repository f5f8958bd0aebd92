using CrossModalVae.Cli.Workflows;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae completion</c>: scripts by which shells complete command lines.</summary>
internal static class CompletionVerb
{
    internal static Command Create()
    {
        var command = new Command(
            "completion",
            "Print a script by which a shell completes verbs, options and their values; files too, where an option takes one.");
        command.Subcommands.Add(Create("bash", "Bash", "eval \"$(cmvae completion bash)\"", CompletionScripts.Bash));
        command.Subcommands.Add(Create("zsh", "Zsh, after compinit", "eval \"$(cmvae completion zsh)\"", CompletionScripts.Zsh));
        command.Subcommands.Add(Create(
            "pwsh", "PowerShell", "cmvae completion pwsh | Out-String | Invoke-Expression", CompletionScripts.PowerShell));
        return command;
    }

    private static Command Create(string name, string shell, string line, string script)
    {
        var command = new Verb(
            name,
            $"Print the script of {shell}. In the shell's start-up file: {line}",
            ("to look at it first", $"cmvae completion {name}"));
        return command.Runs((parsed, _) => parsed.InvocationConfiguration.Output.Write(script));
    }
}
