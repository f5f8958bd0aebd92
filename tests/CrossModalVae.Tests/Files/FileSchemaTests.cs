using System.Diagnostics;
using System.Text.Json.Nodes;
using CrossModalVae.Files;

namespace CrossModalVae.Tests.Files;

public sealed class FileSchemaTests : IDisposable
{
    // Debian's own, which its python3-jsonschema belongs to, or the one on the path, which may have a later one.
    private static readonly string[] Interpreters = ["/usr/bin/python3", "python3"];

    private readonly TemporaryFolder _folder = new();

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
        string? python = Interpreters.FirstOrDefault(name => Run(name, "from jsonschema import Draft202012Validator").ExitCode == 0);
        Tool.Require(python is not null, "Python with jsonschema");
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

        // References go through the package 'referencing' since jsonschema 4.18; Debian 12 has 4.10 with a resolver of its own.
        (int exitCode, string output) = Run(
            python!,
            """
            import json, sys
            from jsonschema import Draft202012Validator
            data = json.load(open(sys.argv[1], encoding="utf-8"))
            by_id = {s["$id"]: s for s in data["schemas"].values()}
            try:
                from referencing import Registry, Resource
                registry = Registry().with_resources([(i, Resource.from_contents(s)) for i, s in by_id.items()])
                validator = lambda schema: Draft202012Validator(schema, registry=registry)
            except ImportError:
                from jsonschema import RefResolver
                validator = lambda schema: Draft202012Validator(schema, resolver=RefResolver(schema["$id"], schema, store=by_id))
            for schema in by_id.values():
                Draft202012Validator.check_schema(schema)
            validators = {n: validator(s) for n, s in data["schemas"].items()}
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
    [InlineData("""{ "type": "object", "dependentRequired": {} }""",
        "x: line 1: keyword 'dependentRequired' is not one this validator knows.")]
    [InlineData("""{ "type": "text" }""", "x: line 1: 'text' is not a type of JSON Schema.")]
    [InlineData("""{ "properties": { "a": { "$ref": "#/$defs/b", "minimum": 1 } } }""",
        "x: line 1: 'properties.a.minimum' stands beside '$ref', where this validator would not look at it.")]
    public void Parse_KeywordThatWouldGoUnchecked_IsRefused(string schema, string message)
    {
        var e = Assert.Throws<InvalidOperationException>(() => JsonSchema.Parse(schema, "x"));

        Assert.Equal(message, e.Message);
    }

    private static List<string>? Validate(string name, JsonNode? document) =>
        FileSchema.Get(name)
            .Validate(StrictJsonParser.Parse(System.Text.Encoding.UTF8.GetBytes(document?.ToJsonString() ?? "null"), "x", 1));

    private static (int ExitCode, string Output) Run(string python, string program, params string[] arguments)
    {
        try
        {
            var info = new ProcessStartInfo(python, ["-c", program, .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using Process process = Process.Start(info)!;
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
