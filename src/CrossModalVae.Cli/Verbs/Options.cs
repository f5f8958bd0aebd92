using System.CommandLine.Parsing;

namespace CrossModalVae.Cli.Verbs;

/// <summary>Options that several verbs share, so that names, help texts, defaults and checks are the same everywhere.</summary>
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

    internal static Option<string> Gallery() => new("--gallery")
    {
        Description = "The gallery folder that 'cmvae gallery create' made.",
        Required = true,
        HelpName = "DIR",
    };

    internal static Option<string?> Features() => File(
        "--features",
        "The feature store that 'cmvae prepare' made of the corpus by this recipe: no wav or jpg file is opened. Default: compute them.");

    internal static Option<string?> Pictures(string what) => Folder("--pictures", $"Also draw {what} into this folder, as SVG and PNG.");

    /// <summary>A file that may be left out; the description says what then.</summary>
    internal static Option<string?> File(string name, string what) => new(name) { Description = what, HelpName = "FILE" };

    /// <summary>A folder that may be left out; the description says what then.</summary>
    internal static Option<string?> Folder(string name, string what) => new(name) { Description = what, HelpName = "DIR" };

    internal static Option<bool> Json() =>
        new("--json") { Description = "Print the result as JSON on stdout; progress and prose go to stderr." };

    internal static Option<bool> Resume(string what) => new("--resume") { Description = what };

    internal static Option<string> Device() => new("--device")
    {
        Description = "cpu, cuda:N, or auto (a GPU where the engine finds one).",
        DefaultValueFactory = _ => "auto",
        HelpName = "auto|cpu|cuda:N",
    };

    internal static Choice<RetrievalDirection> Direction() => new("--direction", "The query's modality.", RetrievalDirection.VoiceToFace);

    internal static Choice<RankingMetric> Metric() => new("--metric", "The similarity or distance.", RankingMetric.Cosine);

    internal static Choice<DistanceMetric> Distance() => new("--metric", "The distance.", DistanceMetric.Cosine);

    internal static Choice<FeaturePrecision> Precision(string what) => new("--precision", what, FeaturePrecision.Float32);

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

    /// <summary>The probability of a target trial before its score is known.</summary>
    internal static Option<double?> Prior(string what) => Checked(
        new Option<double?>("--prior") { Description = what, HelpName = "P" },
        value => value is null or (> 0 and < 1) ? null : Invariant($"--prior is {value}; must be > 0 and < 1."));

    internal static Option<long> Seed(string what) => new("--seed") { Description = what, DefaultValueFactory = _ => 1, HelpName = "N" };

    internal static Option<int> Count(string name, string what, int standard, int least) => Checked(
        new Option<int>(name) { Description = what, DefaultValueFactory = _ => standard, HelpName = "N" },
        value => value >= least ? null : $"{name} is {value}; must be at least {least}.");

    /// <summary>A count that may be left out; the description says what then.</summary>
    internal static Option<int?> OptionalCount(string name, string what, int least) => Checked(
        new Option<int?>(name) { Description = what, HelpName = "N" },
        value => value < least ? $"{name} is {value}; must be at least {least}." : null);

    /// <summary>Adds a check whose sentence is the message of the fault.</summary>
    internal static Option<T> Checked<T>(Option<T> option, Func<T, string?> fault)
    {
        option.Validators.Add(result =>
        {
            if (!result.Errors.Any() && fault(result.GetValue(option)!) is string message)
            {
                result.AddError(message);
            }
        });
        return option;
    }
}

/// <summary>An option whose values are the members of an enum in the spelling of our files.</summary>
internal sealed class Choice<T> : Option<T?>
    where T : struct, Enum
{
    private readonly T _standard;

    /// <summary>A choice with a default, which the description names.</summary>
    internal Choice(string name, string what, T standard)
        : this(name, $"{what} Default {EnumText.Of(standard)}.") => _standard = standard;

    /// <summary>A choice that may be left out; the description says what then.</summary>
    internal Choice(string name, string what)
        : base(name)
    {
        Description = what;
        HelpName = string.Join('|', EnumText.All<T>());
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (EnumText.TryParse(text, out T value))
            {
                return value;
            }

            result.AddError($"{name} is '{text}'; must be one of {string.Join(", ", EnumText.All<T>())}.");
            return null;
        };
    }

    /// <summary>What was chosen, or the default.</summary>
    internal T ValueOrDefault(ParseResult parsed) => parsed.GetValue(this) ?? _standard;
}

/// <summary>What every verb does: it refuses options that do not go together, works, and prints its result.</summary>
internal static class VerbExtensions
{
    /// <summary>Adds a check of the command's options whose sentence is the message of the fault.</summary>
    internal static void RefuseIf(this Command command, Func<CommandResult, bool> condition, string message) =>
        command.Validators.Add(result =>
        {
            try
            {
                if (condition(result))
                {
                    result.AddError(message);
                }
            }
            catch (InvalidOperationException e) when (e.Source == typeof(Command).Assembly.GetName().Name)
            {
                // The condition read an option whose value cannot be parsed; that option's own message refuses it.
            }
        });

    /// <summary>Whether an option stands on the command line.</summary>
    internal static bool IsGiven(this CommandResult result, Option option) => result.GetResult(option) is { Implicit: false };

    /// <summary>Sets the verb's work. It runs on a thread of the pool, so that Ctrl-C is seen at once.</summary>
    internal static Command Runs(this Command command, Action<ParseResult, CancellationToken> work) =>
        command.Runs((parsed, cancellationToken) =>
        {
            work(parsed, cancellationToken);
            return CommandLine.Done;
        });

    /// <summary>The same of work that ends with an exit code.</summary>
    internal static Command Runs(this Command command, Func<ParseResult, CancellationToken, int> work)
    {
        command.SetAction((parsed, cancellationToken) => Task.Run(() => work(parsed, cancellationToken), CancellationToken.None));
        return command;
    }

    /// <summary>Prints a result on stdout: as JSON where --json asks for it, else as text.</summary>
    internal static void Print(this ParseResult parsed, Option<bool> json, Func<string> text, Action<TextWriter> print)
    {
        TextWriter writer = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(json))
        {
            writer.Write(text());
        }
        else
        {
            print(writer);
        }
    }

    /// <summary>The same of one line each.</summary>
    internal static void PrintLine(this ParseResult parsed, Option<bool> json, object result, string text) =>
        parsed.InvocationConfiguration.Output.WriteLine(
            parsed.GetValue(json) ? System.Text.Json.JsonSerializer.Serialize(result) : text);
}
