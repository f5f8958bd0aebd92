using System.Text.Json;
using CrossModalVae.Cli.Workflows;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae doctor</c>: what this machine has, and what it lacks.</summary>
internal static class DoctorVerb
{
    internal static Command Create()
    {
        Option<bool> json = Options.Json();
        var command = new Verb(
            "doctor",
            "Say which engines this machine has and what is missing for a GPU.",
            ("what to look at first when something does not run", "cmvae doctor"))
        {
            json,
        };
        return command.Runs((parsed, _) =>
        {
            var parts = CudaParts.OfThisProcess();
            (string Name, string Finding)[] findings = [.. Doctor.Examine(parts)];
            parsed.Print(json, () => ToJson(findings, parts), writer =>
            {
                foreach ((string name, string finding) in findings)
                {
                    writer.WriteLine($"{name,-17} {finding}");
                }
            });
        });
    }

    private static string ToJson((string Name, string Finding)[] findings, CudaParts parts)
    {
        return JsonSerializer.Serialize(new
        {
            findings = findings.Select(line => new { name = line.Name, finding = line.Finding }),
            cuda = parts.OfCuda().Select(Part),
            tensorrt = parts.OfTensorRt().Select(Part),
        }) + "\n";

        static object Part(CudaPart part) => new { name = part.Name, file = part.File, path = part.Path, how = part.How };
    }
}
