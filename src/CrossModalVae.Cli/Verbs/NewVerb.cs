using CrossModalVae.Cli.Workflows;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae new</c>: a folder to start an own corpus in.</summary>
internal static class NewVerb
{
    // What docs/recipes.md advises for small real corpora where no pretrained network is at hand.
    private const string StandardRecipe = "best-scratch";

    internal static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "The folder to make: new, or empty." };
        Option<string> recipe = Options.Recipe("The recipe to start from, which is copied");
        recipe.DefaultValueFactory = _ => StandardRecipe;
        var output = new Output(folder.Name, folder.Description, folder.Name, StartingPoint.Files)
        {
            Argument = folder,
            IsOwnFolder = true,
        };
        var command = new Verb(
            "new",
            "Make a folder to start an own corpus in: where clips go, a recipe, and the commands from clips to a report, to read or to "
            + "run.",
            ("then put clips into my-corpus/clips and follow my-corpus/README.md", "cmvae new my-corpus"),
            ("with a linear model that trains in seconds", "cmvae new my-corpus --recipe cca"))
        {
            folder, recipe,
        };
        command.OutputArgument = output;
        command.RefuseIf(
            result => result.GetValue(folder) is string path && string.IsNullOrWhiteSpace(path), "DIR is empty; must have a value.");
        return command.Runs((parsed, _) =>
        {
            string path = parsed.GetValue(folder)!;
            StartingPoint.Write(path, ShippedRecipes.Resolve(parsed.GetValue(recipe)!));
            parsed.InvocationConfiguration.Output.WriteLine($"{path}: put your clips into clips/ and follow README.md");
        });
    }
}
