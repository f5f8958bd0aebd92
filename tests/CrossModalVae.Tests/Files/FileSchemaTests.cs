using System.Diagnostics;
using System.Text.Json.Nodes;
using CrossModalVae.Files;

namespace CrossModalVae.Tests.Files;

public sealed class FileSchemaTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string> Names => [.. FileSchema.Names];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public void Validate_DocumentThatFollowsTheSchema_HasNoFault(string name)
    {
        Assert.Null(Validate(name, SchemaSamples.Valid(name)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Validate_DocumentThatBreaksOneRule_HasAFault(string name)
    {
        (string Rule, JsonNode? Document)[] broken = [.. SchemaSamples.Invalid(name)];

        Assert.NotEmpty(broken);
        Assert.All(broken, one => Assert.True(Validate(name, one.Document) is not null, $"{one.Rule}: {one.Document?.ToJsonString()}"));
    }

    [SkippableFact]
    public void Validate_EverySample_AgreesWithAnIndependentValidator()
    {
        Skip.IfNot(Run("from jsonschema import Draft202012Validator\nfrom referencing import Registry").ExitCode == 0, "no Python with jsonschema");
        var cases = new JsonArray();
        foreach (string name in FileSchema.Names)
        {
            cases.Add(new JsonObject { ["schema"] = name, ["document"] = SchemaSamples.Valid(name), ["valid"] = true });
            foreach ((string rule, JsonNode? document) in SchemaSamples.Invalid(name))
            {
                cases.Add(new JsonObject { ["schema"] = name, ["rule"] = rule, ["document"] = document?.DeepClone(), ["valid"] = false });
            }
        }

        var schemas = new JsonObject(FileSchema.Names.Select(name => KeyValuePair.Create(name, JsonNode.Parse(FileSchema.Text(name)))));
        string path = _folder.Write("cases.json", new JsonObject { ["schemas"] = schemas, ["cases"] = cases }.ToJsonString());

        (int exitCode, string output) = Run(
            """
            import json, sys
            from jsonschema import Draft202012Validator
            from referencing import Registry, Resource
            data = json.load(open(sys.argv[1], encoding="utf-8"))
            for schema in data["schemas"].values():
                Draft202012Validator.check_schema(schema)
            registry = Registry().with_resources([(s["$id"], Resource.from_contents(s)) for s in data["schemas"].values()])
            validators = {n: Draft202012Validator(s, registry=registry) for n, s in data["schemas"].items()}
            for case in data["cases"]:
                if validators[case["schema"]].is_valid(case["document"]) != case["valid"]:
                    print(json.dumps(case))
            print(len(data["cases"]), "cases")
            """,
            path);

        Assert.Equal(0, exitCode);
        Assert.Equal($"{cases.Count} cases", output.Trim());
        Assert.True(cases.Count > 300, $"{cases.Count} cases are fewer than the schemas have rules.");
    }

    [Fact]
    public void Id_OfEveryWholeFile_IsWhatItsSchemaAsksFor()
    {
        foreach (string name in FileSchema.Names)
        {
            JsonObject schema = SchemaSamples.Load(name);

            Assert.Equal($"{name}.schema.json", schema["$id"]!.GetValue<string>());
            if (schema["properties"]!["schema"] is JsonNode field)
            {
                Assert.Equal(FileSchema.Id(name), field["const"]!.GetValue<string>());
                Assert.Contains("schema", schema["required"]!.AsArray().Select(required => required!.GetValue<string>()));
            }
        }
    }

    [Fact]
    public void Text_UnknownName_ListsTheKnownOnes()
    {
        var e = Assert.Throws<ArgumentException>(() => FileSchema.Text("recipes"));

        Assert.Equal($"There is no schema 'recipes'; must be one of {string.Join(", ", FileSchema.Names)}. (Parameter 'name')", e.Message);
    }

    [Theory]
    [InlineData("""{ "type": "object", "dependentRequired": {} }""", "x: line 1: keyword 'dependentRequired' is not one this validator knows.")]
    [InlineData("""{ "type": "text" }""", "x: line 1: 'text' is not a type of JSON Schema.")]
    [InlineData("""{ "properties": { "a": { "$ref": "#/$defs/b", "minimum": 1 } } }""",
        "x: line 1: 'properties.a.minimum' stands beside '$ref', where this validator would not look at it.")]
    public void Parse_KeywordThatWouldGoUnchecked_IsRefused(string schema, string message)
    {
        var e = Assert.Throws<InvalidOperationException>(() => JsonSchema.Parse(schema, "x"));

        Assert.Equal(message, e.Message);
    }

    private static List<string>? Validate(string name, JsonNode? document) =>
        FileSchema.Get(name).Validate(StrictJsonParser.Parse(System.Text.Encoding.UTF8.GetBytes(document?.ToJsonString() ?? "null"), "x", 1));

    /// <summary>The Python on the path, which unlike Debian's own may have the jsonschema package.</summary>
    private static (int ExitCode, string Output) Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(
                new ProcessStartInfo("python3", ["-c", program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, process.ExitCode == 0 ? output : errors.Result);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (-1, "");
        }
    }
}
