using CrossModalVae.Models;

namespace CrossModalVae.Cli.Verbs;

/// <summary>
/// The line by which every verb says that what it reads comes from a model whose posteriors collapsed in training: its figures would look
/// like any others.
/// </summary>
internal static class CollapseWarning
{
    // The options that name an embedding folder or a gallery, whatever the verb.
    private static readonly string[] Names = ["--embeddings", "--against", "--gallery"];

    /// <summary>Warns of every embedding folder and gallery on the command line that comes from a collapsed model.</summary>
    internal static void OfInputs(ParseResult parsed)
    {
        foreach (Option option in parsed.CommandResult.Command.Options.Where(option => Names.Contains(option.Name)))
        {
            if (option is Option<string> named && parsed.GetValue(named) is string folder
                && EmbeddingOrigin.Read(folder) is EmbeddingOrigin origin)
            {
                Write(parsed, folder, origin.Collapse);
            }
        }
    }

    /// <summary>Warns where something has collapsed.</summary>
    internal static void Write(ParseResult parsed, string place, PosteriorCollapse collapse)
    {
        if (collapse != PosteriorCollapse.None)
        {
            parsed.InvocationConfiguration.Error.WriteLine($"warning: {collapse.Warning(place)}");
        }
    }
}
