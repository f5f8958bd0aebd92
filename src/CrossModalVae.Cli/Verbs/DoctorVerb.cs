using CrossModalVae.Cli.Workflows;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae doctor</c>: what this machine has, and what it lacks.</summary>
internal static class DoctorVerb
{
    internal static Command Create()
    {
        var command = new Verb(
            "doctor",
            "Say which engines this machine has and what is missing for a GPU.",
            ("what to look at first when something does not run", "cmvae doctor"));
        return command.Runs((parsed, _) =>
        {
            foreach ((string name, string finding) in Doctor.Examine())
            {
                parsed.InvocationConfiguration.Output.WriteLine($"{name,-14} {finding}");
            }
        });
    }
}
