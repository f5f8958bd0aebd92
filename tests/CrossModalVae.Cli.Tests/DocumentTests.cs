using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CrossModalVae.Cli.Tests;

/// <summary>
/// README and docs say what is there: files that they link to, commands and options that exist, every option of a recipe.
/// </summary>
public partial class DocumentTests
{
    private const string Begin =
        "<!-- options: made from data-schemas/recipe.schema.json; a test compares, CMVAE_UPDATE_DOCS=1 rewrites -->\n";
    private const string End = "<!-- /options -->";

    public static TheoryData<string> Documents =>
    [
        "README.md", "bench/README.md", "onnx/README.md", "samples/DropIn/README.md", "samples/PredictionEngine/README.md",
        .. Directory.GetFiles(Repository.File("docs"), "*.md")
            .Select(file => $"docs/{Path.GetFileName(file)}")
            .Order(StringComparer.Ordinal),
    ];

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
                .SelectMany(line => root.Parse(line.Trim()["cmvae ".Length..]).Errors.Select(error => $"{line.Trim()}: {error.Message}")),
        ];

        Assert.Empty(faults);
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
}
