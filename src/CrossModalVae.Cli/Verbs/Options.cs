using System.CommandLine.Parsing;

namespace CrossModalVae.Cli.Verbs;

/// <summary>Options that several verbs share, made anew for each, so that names and help texts are the same everywhere.</summary>
internal static class Options
{
    internal static Option<string> Manifest() =>
        new("--manifest") { Description = "The corpus: a manifest (JSON Lines).", Required = true, HelpName = "FILE" };

    internal static Option<string> Recipe() => new("--recipe") { Description = "The recipe (JSON).", Required = true, HelpName = "FILE" };

    internal static Option<string> Out(string what, string helpName) =>
        new("--out") { Description = what, Required = true, HelpName = helpName };

    internal static Option<string> Embeddings() => new("--embeddings")
    {
        Description = "The embedding folder that 'cmvae embed' wrote.",
        Required = true,
        HelpName = "DIR",
    };

    internal static Option<string?> Gallery(bool isRequired) => new("--gallery")
    {
        Description = "The gallery folder that 'cmvae gallery create' made.",
        Required = isRequired,
        HelpName = "DIR",
    };

    internal static Option<string?> Features() => new("--features")
    {
        Description = "The feature store that 'cmvae prepare' made of the corpus by this recipe: "
            + "no wav or jpg file is opened. Default: compute them.",
        HelpName = "FILE",
    };

    internal static Option<string?> Pictures(string what) =>
        new("--pictures") { Description = $"Also draw {what} into this folder, as SVG and PNG.", HelpName = "DIR" };

    internal static Option<bool> Json() =>
        new("--json") { Description = "Print the result as JSON on stdout; progress and prose go to stderr." };

    internal static Option<string> Device() => new("--device")
    {
        Description = "cpu, cuda:N, or auto (a GPU where the engine finds one).",
        DefaultValueFactory = _ => "auto",
        HelpName = "auto|cpu|cuda:N",
    };

    /// <summary>DBSCAN's eps; null means auto.</summary>
    internal static Option<double?> Eps() => new("--eps")
    {
        Description = "DBSCAN's largest distance of neighbours, or auto: the knee of the k-distance curve. Default auto.",
        HelpName = "X|auto",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (text == "auto")
            {
                return null;
            }

            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double eps) && double.IsFinite(eps) && eps > 0)
            {
                return eps;
            }

            result.AddError($"--eps is '{text}'; must be a number above 0, or auto.");
            return null;
        },
    };

    internal static Option<long> Seed(string what) => new("--seed") { Description = what, DefaultValueFactory = _ => 1, HelpName = "N" };

    internal static Option<int> Count(string name, string what, int standard, int least) =>
        Checked(
            new Option<int>(name) { Description = $"{what} Default {standard}.", DefaultValueFactory = _ => standard, HelpName = "N" },
            value => value >= least ? null : $"{name} is {value}; must be at least {least}.");

    /// <summary>A count that may be left out; the description says what then.</summary>
    internal static Option<int?> OptionalCount(string name, string what, int least) =>
        Checked(new Option<int?>(name) { Description = what, HelpName = "N" }, value =>
            value < least ? $"{name} is {value}; must be at least {least}." : null);

    /// <summary>An option whose values are the members of an enum in the spelling of our files.</summary>
    internal static Option<T?> Choice<T>(string name, string what)
        where T : struct, Enum => new(name)
        {
            Description = what,
            HelpName = string.Join('|', EnumText.All<T>()),
            CustomParser = result => Parse<T>(result, name),
        };

    /// <summary>Adds a check whose sentence is the message of the fault.</summary>
    internal static Option<T> Checked<T>(Option<T> option, Func<T, string?> fault)
    {
        option.Validators.Add(result =>
        {
            if (result.Errors.Any())
            {
                return;
            }

            if (fault(result.GetValue(option)!) is string message)
            {
                result.AddError(message);
            }
        });
        return option;
    }

    private static T? Parse<T>(ArgumentResult result, string name)
        where T : struct, Enum
    {
        string text = result.Tokens[0].Value;
        if (EnumText.TryParse(text, out T value))
        {
            return value;
        }

        result.AddError($"{name} is '{text}'; must be one of {string.Join(", ", EnumText.All<T>())}.");
        return null;
    }
}
