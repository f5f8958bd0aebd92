using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CrossModalVae.Models;

namespace CrossModalVae.Cli.Tests;

/// <summary>
/// README and docs say what is there: files that they link to, commands and options that exist, every option of a recipe.
/// </summary>
public partial class DocumentTests
{
    private const string Begin =
        "<!-- options: made from data-schemas/recipe.schema.json; a test compares, CMVAE_UPDATE_DOCS=1 rewrites -->\n";
    private const string End = "<!-- /options -->";

    private const string CardBegin = "<!-- card: made from onnx/demo/card.json; a test compares, CMVAE_UPDATE_DOCS=1 rewrites -->\n";
    private const string CardEnd = "<!-- /card -->";

    /// <summary>The pages whose links, commands and code are checked.</summary>
    internal static IReadOnlyList<string> Pages { get; } =
    [
        "README.md", "bench/README.md", "onnx/README.md", "samples/DropIn/README.md", "samples/PredictionEngine/README.md",
        "samples/Service/README.md", "eng/package/README.md",
        .. Directory.GetFiles(Repository.File("docs"), "*.md")
            .Select(file => $"docs/{Path.GetFileName(file)}")
            .Order(StringComparer.Ordinal),
    ];

    public static TheoryData<string> Documents => [.. Pages];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Links_ToFiles_Exist(string document)
    {
        string folder = Path.GetDirectoryName(Repository.File(document))!;

        string[] missing =
        [
            .. Link().Matches(File.ReadAllText(Repository.File(document)))
                .Select(link => link.Groups[1].Value.Split('#')[0])
                .Where(target => target.Length > 0 && !Path.Exists(Path.Combine(folder, target))),
        ];

        Assert.Empty(missing);
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void IndentedCommands_OfCmvae_AreOnesItTakes(string document)
    {
        RootCommand root = CommandLine.CreateRoot();

        string[] faults =
        [
            .. File.ReadLines(Repository.File(document))
                .Where(line => line.StartsWith("    cmvae ", StringComparison.Ordinal))
                .Select(line => line.Split(" # ")[0].Trim())
                .SelectMany(line => root.Parse(line["cmvae ".Length..]).Errors.Select(error => $"{line}: {error.Message}")),
        ];

        Assert.Empty(faults);
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void CommandsInText_OfCmvae_NameVerbsAndOptionsThatItHas(string document)
    {
        string[] faults =
        [
            .. InlineCommand().Matches(File.ReadAllText(Repository.File(document)))
                .Select(command => command.Groups[1].Value.ReplaceLineEndings(" "))
                .Select(command => (Command: command, Fault: FaultOf(command)))
                .Where(checkedOne => checkedOne.Fault is not null)
                .Select(checkedOne => $"`cmvae {checkedOne.Command}`: {checkedOne.Fault}"),
        ];

        Assert.Empty(faults);
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void BuildCommands_Verbs_AreThoseOfBuildSh(string document)
    {
        string[] verbs =
        [
            .. BuildVerb().Matches(File.ReadAllText(Repository.File("build.sh"))).SelectMany(line => line.Groups[1].Value.Split(" | ")),
        ];
        string[] benchmarks =
        [
            .. BenchRow().Matches(File.ReadAllText(Repository.File("bench", "README.md"))).Select(row => row.Groups[1].Value),
        ];

        string[] unknown =
        [
            .. BuildCommand().Matches(File.ReadAllText(Repository.File(document)))
                .Where(command => !verbs.Contains(command.Groups[1].Value)
                    || (command.Groups[2].Success && command.Groups[1].Value == "bench" && !benchmarks.Contains(command.Groups[2].Value)))
                .Select(command => command.Value),
        ];

        Assert.Contains("docs", verbs);
        Assert.Contains("training", benchmarks);
        Assert.Empty(unknown);
    }

    [Fact]
    public void Site_Contents_HaveEveryPageOfDocs()
    {
        string contents = File.ReadAllText(Repository.File("docs", "toc.yml"));

        string[] missing =
        [
            .. Directory.GetFiles(Repository.File("docs"), "*.md").Select(file => Path.GetFileName(file)!)
                .Where(page => page != "index.md" && !contents.Contains($"href: {page}\n", StringComparison.Ordinal)),
        ];

        Assert.Empty(missing);
    }

    [Fact]
    public void ModelCardsPage_Demo_IsItsCard()
    {
        string file = Repository.File("docs", "model-cards.md");
        string page = File.ReadAllText(file);
        int begin = page.IndexOf(CardBegin, StringComparison.Ordinal) + CardBegin.Length;
        int end = page.IndexOf(CardEnd, StringComparison.Ordinal);
        string expected = CardText(ModelCardReader.Read(Repository.File("onnx", "demo")));
        if (Environment.GetEnvironmentVariable("CMVAE_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(file, page[..begin] + expected + page[end..]);
            return;
        }

        Assert.Equal(expected, page[begin..end]);
    }

    [Fact]
    public void CommandLinePage_Verbs_AreAllOfThem()
    {
        string page = File.ReadAllText(Repository.File("docs", "command-line.md"));

        Assert.All(CommandLine.CreateRoot().Subcommands, verb => Assert.Contains($"`cmvae {verb.Name}", page, StringComparison.Ordinal));
    }

    [Fact]
    public void RecipesPage_OptionTables_AreTheSchemas()
    {
        string file = Repository.File("docs", "recipes.md");
        string page = File.ReadAllText(file);
        int begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = page.IndexOf(End, StringComparison.Ordinal);
        string expected = OptionTables(JsonNode.Parse(File.ReadAllText(Repository.File("data-schemas", "recipe.schema.json")))!["$defs"]!);
        if (Environment.GetEnvironmentVariable("CMVAE_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(file, page[..begin] + expected + page[end..]);
            return;
        }

        Assert.Equal(expected, page[begin..end]);
    }

    // Commands in text leave things out: their verbs and options must be there, their values need not.
    private static string? FaultOf(string command)
    {
        Command verb = CommandLine.CreateRoot();
        foreach (string word in command.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (word.StartsWith("--", StringComparison.Ordinal))
            {
                string option = word.Split('=')[0].TrimEnd(',', ';', '.', ']');
                if (option is not ("--help" or "--version") && !OptionsOf(verb).Contains(option))
                {
                    return $"'{verb.Name}' has no option {option}.";
                }
            }
            else if (verb.Subcommands.FirstOrDefault(child => child.Name == word) is Command child)
            {
                verb = child;
            }
            else if (verb is RootCommand)
            {
                return word.All(char.IsUpper) || word is "help" || word[0] is '"' ? null : $"there is no verb {word}.";
            }
        }

        return null;
    }

    private static IEnumerable<string> OptionsOf(Command verb) =>
        verb.Options.Concat(verb.Subcommands.SelectMany(child => child.Options)).SelectMany(option => option.Aliases.Append(option.Name));

    private static string CardText(ModelCard card)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"\n## {card.Name}\n\n{card.Description}\n\n| | |\n|---|---|\n");
        string people = $"{card.Data.Identities} people, {card.Data.Clips} clips";
        text.Append(CultureInfo.InvariantCulture, $"| trained on | {card.Data.Description}: {people}; licence: {card.Data.Licence} |\n");
        text.Append(CultureInfo.InvariantCulture, $"| intended use | {card.IntendedUse} |\n| misuse | {card.Misuse} |\n");
        foreach ((string name, double value) in card.Metrics.OrderBy(metric => metric.Key, StringComparer.Ordinal))
        {
            string shown = name.EndsWith("identities", StringComparison.Ordinal) ? "F0" : "F3";
            text.Append(CultureInfo.InvariantCulture, $"| `{name}` | {value.ToString(shown, CultureInfo.InvariantCulture)} |\n");
        }

        double worst = card.Parity.Measured.Max(measured => measured.LargestError);
        text.Append(CultureInfo.InvariantCulture, $"| graphs against the trainer | at most {worst:0.0e+0} ");
        text.Append(CultureInfo.InvariantCulture, $"(limit {card.Parity.Tolerance:0e+0}) |\n");
        text.Append(CultureInfo.InvariantCulture, $"| recipe hash | `{card.RecipeHash}` |\n| weights hash | `{card.WeightsHash}` |\n\n");
        text.Append(CultureInfo.InvariantCulture, $"| graph, opset {card.Opset} | inputs | outputs | SHA-256 |\n|---|---|---|---|\n");
        foreach (ModelCardFile file in card.Files)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {file.File} | {Tensors(file.Inputs)} | {Tensors(file.Outputs)} ");
            text.Append(CultureInfo.InvariantCulture, $"| `{file.Sha256[..16]}...` |\n");
        }

        return text.Append('\n').ToString();
    }

    private static string Tensors(IReadOnlyList<ModelCardTensor> tensors) => string.Join(", ", tensors.Select(tensor =>
        $"`{tensor.Name}` [{string.Join(", ", tensor.Shape.Select(size => size?.ToString(CultureInfo.InvariantCulture) ?? "batch"))}]"));

    private static string OptionTables(JsonNode sections)
    {
        var text = new StringBuilder();
        foreach ((string name, JsonNode? section) in sections.AsObject())
        {
            // What training fills in is no option.
            if (section!["properties"] is not JsonObject options || name.EndsWith("statistics", StringComparison.Ordinal))
            {
                continue;
            }

            string title = name is "voice_augmentation" or "face_augmentation" ? $"augmentation.{name.Split('_')[0]}"
                : name.EndsWith("_encoder", StringComparison.Ordinal) ? name.Replace('_', '.')
                : options["term"]?["const"] is JsonNode term ? $"objective.terms: {term}"
                : name;
            text.Append(CultureInfo.InvariantCulture, $"\n### {title}\n\n{section["description"]}\n\n");
            text.Append("| option | values | default | |\n|---|---|---|---|\n");
            foreach ((string option, JsonNode? rule) in options)
            {
                text.Append(
                    CultureInfo.InvariantCulture, $"| `{option}` | {Values(rule!)} | {Default(rule!)} | {rule!["description"]} |\n");
            }
        }

        return text.Append('\n').ToString();
    }

    private static string Values(JsonNode rule) => rule switch
    {
        _ when rule["enum"] is JsonArray names => string.Join(", ", names.Select(name => $"`{name}`")),
        _ when rule["anyOf"] is JsonArray kinds => string.Join(" or ", kinds.Select(kind => Values(kind!))),
        _ when rule["const"] is JsonNode value => $"`{value}`",
        _ when rule["items"]?["anyOf"] is not null => "a list of sections, below",
        _ when rule["$ref"]?.ToString() == "#/$defs/widths" => "a list of integers above 0",
        _ when rule["$ref"] is not null => "a section, below",
        _ when rule["type"]?.ToString() == "boolean" => "`true`, `false`",
        _ => Range(rule),
    };

    private static string Range(JsonNode rule)
    {
        string kind = rule["type"]!.ToString();
        (string Name, string Word)[] bounds =
            [("minimum", "from"), ("exclusiveMinimum", "above"), ("maximum", "to"), ("exclusiveMaximum", "below")];
        return string.Join(
            ' ', bounds.Where(bound => rule[bound.Name] is not null).Select(bound => $"{bound.Word} {rule[bound.Name]}").Prepend(kind));
    }

    private static string Default(JsonNode rule) => rule["default"] is JsonNode value ? $"`{value.ToJsonString().Trim('"')}`" : "";

    [GeneratedRegex(@"\]\(((?!https?:)[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<!`)`cmvae ([^`]+)`(?!`)")]
    private static partial Regex InlineCommand();

    [GeneratedRegex(@"\./build\.sh ([a-z]+)(?: ([a-z]+)\b)?")]
    private static partial Regex BuildCommand();

    [GeneratedRegex(@"^  ([a-z][a-z |-]*)\) \S", RegexOptions.Multiline)]
    private static partial Regex BuildVerb();

    [GeneratedRegex(@"^\| `([a-z]+)`", RegexOptions.Multiline)]
    private static partial Regex BenchRow();
}
