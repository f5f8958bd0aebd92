using CrossModalVae.Cli.Workflows;
using CrossModalVae.Models;

namespace CrossModalVae.Cli.Verbs;

/// <summary>Options that several verbs share, so that names, help texts, defaults and checks are the same everywhere.</summary>
internal static class Options
{
    /// <summary>Bounds what would only use up memory or time: draws, people, epochs.</summary>
    internal const int MostDraws = 1_000_000;

    internal const string SkipBrokenName = "--skip-broken";

    private const int MostWorkers = 1024;

    internal static Option<string> Manifest() =>
        new("--manifest") { Description = "The corpus: a manifest (JSON Lines).", Required = true, HelpName = "FILE" };

    /// <summary>Where a manifest's files are, where neither it nor its first line says so.</summary>
    internal static Option<string?> Root() => Folder(
        "--root",
        "The folder that the manifest's paths are relative to. Default: what its first line says, else the manifest's own folder.");

    internal static Option<bool> SkipBroken() => new(SkipBrokenName)
    {
        Description = "Leave out clips with a missing or broken file: each is listed with its reason, here and in what is written. "
            + "Default: the first one is an error.",
    };

    internal static Option<string> Recipe()
    {
        Option<string> option = Recipe("The recipe");
        option.Required = true;
        return option;
    }

    /// <summary>A recipe by file or by name that need not be named.</summary>
    internal static Option<string> Recipe(string what) => new Option<string>("--recipe")
    {
        Description = $"{what}: a file (JSON), or by its name one that comes with the program: {string.Join(", ", ShippedRecipes.Names)}.",
        HelpName = "FILE",
    }.Completes(() => ShippedRecipes.Names);

    /// <summary>The folder, or where no files are named the one file, that a verb writes.</summary>
    internal static Output Out(string what, string helpName, params string[] files) =>
        new("--out", what, helpName, files) { Required = true };

    internal static Option<string> Embeddings() => new("--embeddings")
    {
        Description = "The embedding folder that 'cmvae embed' wrote.",
        Required = true,
        HelpName = "DIR",
    };

    internal static Option<string> Gallery() => new("--gallery")
    {
        Description = "The gallery folder that 'cmvae gallery create' made.",
        Required = true,
        HelpName = "DIR",
    };

    internal static Option<string?> Features() => File(
        "--features",
        "The feature store that 'cmvae prepare' made of the corpus by this recipe: no wav or jpg file is opened. Default: compute them.");

    /// <summary>Pictures into a folder that may hold others; the names are without .svg and .png, * for any characters.</summary>
    internal static Output Pictures(string what, params string[] names) => new(
        "--pictures",
        $"Also draw {what} into this folder, as SVG and PNG.",
        "DIR",
        [.. names.SelectMany(name => new[] { $"{name}.svg", $"{name}.png" })]);

    /// <summary>A file that may be left out; the description says what then.</summary>
    internal static Option<string?> File(string name, string what) => new(name) { Description = what, HelpName = "FILE" };

    /// <summary>A folder that may be left out; the description says what then.</summary>
    internal static Option<string?> Folder(string name, string what) => new(name) { Description = what, HelpName = "DIR" };

    internal static Option<bool> Json() =>
        new("--json") { Description = "Print the result as JSON on stdout; progress and prose go to stderr." };

    internal static Option<bool> Resume(string what) => new("--resume") { Description = what };

    /// <summary>Where a verb trains.</summary>
    internal static CheckedText TrainingDevice() => new CheckedText(
        "--device", value => ComputeDevice.TryParse(value, out _) ? null : $"--device is '{value}'; must be auto, cpu or cuda:N.")
    {
        Description = "Where to compute: the CPU, a CUDA GPU by its number, or auto: a GPU where the engine finds one.",
        DefaultValueFactory = _ => "auto",
        HelpName = "auto|cpu|cuda:N",
    }.Completes("auto", "cpu", "cuda:0");

    internal static Choice<RetrievalDirection> Direction() => new(
        "--direction", "What is asked: a voice among faces, or a face among voices.", RetrievalDirection.VoiceToFace);

    internal static Choice<RankingMetric> Metric() => new("--metric", "The similarity or distance.", RankingMetric.Cosine);

    internal static Choice<DistanceMetric> Distance() => new("--metric", "The distance.", DistanceMetric.Cosine);

    internal static Choice<FeaturePrecision> Precision(string what) => new("--precision", what, FeaturePrecision.Float32);

    /// <summary>DBSCAN's eps; null means auto.</summary>
    internal static Option<double?> Eps() => new NumberOption<double?>("--eps", new NumberRange(Whole: false, 0, Above: true), word: "auto")
    {
        Description = "DBSCAN's largest distance of neighbours, or auto: the knee of the k-distance curve. Default: auto.",
        HelpName = "X|auto",
    };

    /// <summary>The probability of a target trial before its score is known.</summary>
    internal static Option<double?> Prior(string what) =>
        OptionalNumber("--prior", what, "P", new NumberRange(Whole: false, 0, 1, Above: true, Below: true));

    internal static Option<long> Seed(string what) => new NumberOption<long>("--seed", new NumberRange(Whole: true, null))
    {
        Description = what,
        DefaultValueFactory = _ => 1,
        HelpName = "N",
    };

    internal static Option<int> Count(string name, string what, int standard, int least, int most = int.MaxValue) =>
        new NumberOption<int>(name, new NumberRange(Whole: true, least, most == int.MaxValue ? null : most))
        {
            Description = what,
            DefaultValueFactory = _ => standard,
            HelpName = "N",
        };

    /// <summary>A count that may be left out; the description says what then.</summary>
    internal static Option<int?> OptionalCount(string name, string what, int least, int most = int.MaxValue) =>
        new NumberOption<int?>(name, new NumberRange(Whole: true, least, most == int.MaxValue ? null : most))
        {
            Description = what,
            HelpName = "N",
        };

    /// <summary>How many threads or files at once; more than the largest is a slip of the finger.</summary>
    internal static Option<int?> Workers(string name, string what) =>
        OptionalCount(name, $"{what} Default: one per processor.", 1, MostWorkers);

    /// <summary>A number with decimals.</summary>
    internal static Option<double> Number(string name, string what, string helpName, double standard, NumberRange range) =>
        new NumberOption<double>(name, range) { Description = what, DefaultValueFactory = _ => standard, HelpName = helpName };

    /// <summary>A number with decimals that may be left out; the description says what then.</summary>
    internal static Option<double?> OptionalNumber(string name, string what, string helpName, NumberRange range) =>
        new NumberOption<double?>(name, range) { Description = what, HelpName = helpName };

    /// <summary>One of a few words.</summary>
    internal static CheckedText Word(string name, string what, string? standard, params string[] words)
    {
        var option = new CheckedText(
            name, value => words.Contains(value) ? null : $"{name} is '{value}'; must be one of {string.Join(", ", words)}.")
        {
            Description = what,
            HelpName = string.Join('|', words),
        }.Completes(words);
        if (standard is not null)
        {
            option.DefaultValueFactory = _ => standard;
        }

        return option;
    }
}

/// <summary>An option of a text of a certain form.</summary>
/// <param name="name">The name, with its dashes.</param>
/// <param name="fault">What is wrong with a text; null where nothing is.</param>
internal sealed class CheckedText(string name, Func<string, string?> fault) : Option<string?>(name), ICheckedOption
{
    /// <inheritdoc/>
    public string? Fault(string text) => fault(text);
}

/// <summary>A choice as the help text sees it.</summary>
internal interface IChoice
{
    /// <summary>The default's word; null where there is none.</summary>
    string? Standard { get; }

    /// <summary>What can be chosen.</summary>
    IReadOnlyList<string> Words { get; }
}

/// <summary>An option whose values are the members of an enum in the spelling of our files.</summary>
internal sealed class Choice<T> : Option<T?>, IChoice, ICheckedOption
    where T : struct, Enum
{
    private readonly T _standard;

    /// <summary>A choice with a default, which the description names.</summary>
    internal Choice(string name, string what, T standard)
        : this(name, what)
    {
        _standard = standard;
        Standard = EnumText.Of(standard);
    }

    /// <summary>A choice that may be left out; the description says what then.</summary>
    internal Choice(string name, string what)
        : base(name)
    {
        Description = what;
        HelpName = string.Join('|', EnumText.All<T>());
        this.Completes(() => Words);
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (EnumText.TryParse(text, out T value))
            {
                return value;
            }

            result.AddError(Fault(text)!);
            return null;
        };
    }

    /// <inheritdoc/>
    public string? Fault(string text) =>
        EnumText.TryParse(text, out T _) ? null : $"{Name} is '{text}'; must be one of {string.Join(", ", Words)}.";

    /// <inheritdoc/>
    public string? Standard { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Words => [.. EnumText.All<T>()];

    /// <summary>What was chosen, or the default.</summary>
    internal T ValueOrDefault(ParseResult parsed) => parsed.GetValue(this) ?? _standard;
}
