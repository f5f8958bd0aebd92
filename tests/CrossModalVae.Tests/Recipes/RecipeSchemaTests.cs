using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using CrossModalVae.Audio;
using CrossModalVae.Augmentation;
using CrossModalVae.Encoders;
using CrossModalVae.Faces;
using CrossModalVae.Files;
using CrossModalVae.Recipes;
using CrossModalVae.Recipes.Terms;
using CrossModalVae.Tests.Files;
using CrossModalVae.Towers;

namespace CrossModalVae.Tests.Recipes;

/// <summary>
/// data-schemas/recipe.schema.json against the records: the same fields in the same order, of the same type, with the records' enum
/// members, defaults and ranges. An option that only one of them has, or has otherwise, fails here.
/// </summary>
public sealed class RecipeSchemaTests
{
    private static readonly JsonObject Schema = SchemaSamples.Load(FileSchema.Recipe);

    private static readonly (string Keyword, double Direction, bool Belongs)[] Bounds =
        [("minimum", -1, true), ("exclusiveMinimum", -1, false), ("maximum", 1, true), ("exclusiveMaximum", 1, false)];

    private static readonly Recipe Defaults = new()
    {
        Name = "x",
        Voice = new VoiceOptions { Encoder = new VoiceEncoderOptions() },
        Face = new FaceOptions { Encoder = new FaceEncoderOptions() },
        Model = new ModelOptions { VoiceTower = new TowerOptions(), FaceTower = new TowerOptions() },
        Training = new TrainingOptions { Pretraining = new PretrainingOptions() },
        Augmentation = new AugmentationOptions(),
        FreshAugmentation = new FreshAugmentationOptions(),
        Statistics = new RecipeStatistics(FeatureStatistics.Identity(1, 1), FeatureStatistics.Identity(1, 1)),
    };

    [Fact]
    public void Sections_AreAllOfTheSchemas()
    {
        IEnumerable<JsonObject> reached = Sections().Skip(1).Select(section => section.Schema).Distinct();

        Assert.Equal(Schema["$defs"]!.AsObject().Count(definition => definition.Key != "widths"), reached.Count());
    }

    [Fact]
    public void Fields_OfEverySection_AreTheMembersOfItsRecord()
    {
        foreach (Section section in Sections())
        {
            // Files came to have fields in the records' order; JsonPropertyOrder, which only says how they are written, is no part of it.
            string[] members =
            [
                .. section.Type.Type.GetProperties()
                    .Select(member => section.Members.SingleOrDefault(property => MemberOf(property).Name == member.Name)?.Name)
                    .OfType<string>(),
            ];

            Assert.Equal(section.Members.Count, members.Length);
            Assert.Equal(members, section.Fields.Select(field => field.Key));
            Assert.False((bool)section.Schema["additionalProperties"]!);
        }
    }

    [Fact]
    public void Types_OfEveryField_AreTheMembers()
    {
        foreach (Option option in Sections().SelectMany(section => section.Options()))
        {
            Type type = option.Property.PropertyType;
            if (type.IsEnum)
            {
                Assert.Equal(EnumText.All(type), option.Schema["enum"]!.AsArray().Select(value => (string)value!));
            }
            else if (option.Schema["anyOf"] is JsonArray)
            {
                Assert.Equal(typeof(double?), type);
                Assert.Equal(["number", "auto"], Choices(option.Schema).Select(choice => (string)(choice["type"] ?? choice["const"])!));
            }
            else
            {
                Assert.Equal((option.Name, JsonType(type)), (option.Name, (string)option.Schema["type"]!));
                if (option.Schema["items"] is JsonObject items && !items.ContainsKey("anyOf")) // a choice's types are sections
                {
                    Assert.Equal(JsonType(type.GetElementType() ?? type.GetGenericArguments()[0]), (string)items["type"]!);
                }
            }
        }
    }

    [Fact]
    public void Terms_OfTheObjective_AreNamedAsTheirSchemas()
    {
        JsonPolymorphismOptions choice = RecipeJson.Default.Options.GetTypeInfo(typeof(TermOptions)).PolymorphismOptions!;

        Assert.Equal(
            choice.DerivedTypes.Select(derived => (string)derived.TypeDiscriminator!),
            Schema["$defs"]!["objective"]!["properties"]!["terms"]!["items"]!["anyOf"]!.AsArray()
                .Select(term => (string)Resolve(term!.AsObject())["properties"]!["term"]!["const"]!));
    }

    [Fact]
    public void Presets_AreTheFrontEnds() => Assert.Equal(
        VoicePresets.Names, Schema["$defs"]!["voice"]!["properties"]!["preset"]!["enum"]!.AsArray().Select(value => (string)value!));

    [Fact]
    public void Defaults_OfEveryOption_AreTheRecords()
    {
        // Lists have theirs in words, statistics none.
        foreach (Option option in Sections().Where(section => section.IsOptions).SelectMany(section => section.Options()))
        {
            if (JsonType(option.Property.PropertyType) == "array")
            {
                Assert.Null(option.Schema["default"]);
            }
            else
            {
                Assert.True(option.Schema.ContainsKey("default"), $"{option.Name} has no default in the schema.");
                Assert.True(
                    JsonNode.DeepEquals(option.Default, option.Schema["default"]),
                    $"{option.Name} is {option.Schema["default"]} in the schema; expected {option.Default}, the record's.");
            }
        }
    }

    [Fact]
    public void Ranges_OfEveryOption_AreWhatTheRecordAccepts()
    {
        var failures = new List<string>();
        int checkedCount = 0;
        foreach (Option option in Sections().Where(section => section.IsOptions).SelectMany(section => section.Options()))
        {
            JsonObject schema = option.Schema["anyOf"] is JsonArray ? Choices(option.Schema).First() : option.Schema;
            string? type = (string?)schema["type"];
            if (type is not ("integer" or "number"))
            {
                continue;
            }

            double step = type == "integer" ? 1 : 1e-9;
            foreach ((string keyword, double direction, bool belongs) in Bounds)
            {
                // The seed's bounds are JSON's, which every double holds exactly, and not the record's.
                if (schema[keyword] is not JsonNode bound || option.Property.PropertyType == typeof(long))
                {
                    continue;
                }

                checkedCount++;
                double size = step * Math.Max(1, Math.Abs((double)bound));
                double inside = (double)bound - (belongs ? 0 : direction * size);
                double outside = (double)bound + (belongs ? direction * size : 0);
                (string? refused, string? accepted) = (option.Refusal(outside), option.Refusal(inside));
                if (refused is null || accepted == refused)
                {
                    failures.Add(
                        $"{option.Name}: {keyword} {bound} in the schema; the record says '{refused}' of {outside}, "
                        + $"'{accepted}' of {inside}.");
                }
            }
        }

        Assert.Empty(failures);
        Assert.True(checkedCount > 90, $"only {checkedCount} bounds were checked");
    }

    private static IEnumerable<Section> Sections()
    {
        var recipe = new Section("", RecipeJson.Default.Recipe, Schema, Defaults);
        return [recipe, .. Within(recipe)];

        static IEnumerable<Section> Within(Section section) => section.Inner().SelectMany(inner => Within(inner).Prepend(inner));
    }

    private static System.Reflection.PropertyInfo MemberOf(JsonPropertyInfo property) =>
        (System.Reflection.PropertyInfo)property.AttributeProvider!;

    private static JsonObject Resolve(JsonObject schema) =>
        schema["$ref"] is JsonNode reference ? Schema["$defs"]![((string)reference!)["#/$defs/".Length..]]!.AsObject()
        : schema["anyOf"] is JsonArray choices && (string?)choices[^1]!["type"] == "null" ? Resolve(choices[0]!.AsObject())
        : schema;

    private static IEnumerable<JsonObject> Choices(JsonObject schema) => schema["anyOf"]!.AsArray().Select(choice => choice!.AsObject());

    private static string JsonType(Type type) =>
        type == typeof(string) ? "string"
        : type == typeof(bool) ? "boolean"
        : type == typeof(int) || type == typeof(long) ? "integer"
        : type == typeof(double) || type == typeof(float) || type == typeof(double?) ? "number"
        : type.IsEnum ? "enum"
        : "array";

    private sealed record Section(string Name, JsonTypeInfo Type, JsonObject Schema, object Value)
    {
        public bool IsOptions => Type.Type.Name.EndsWith("Options", StringComparison.Ordinal);

        public List<JsonPropertyInfo> Members => [.. Type.Properties.Where(property => property.Set is not null)];

        /// <summary>The schema's fields, without the two that are no members: RecipeReader knows them.</summary>
        public List<KeyValuePair<string, JsonObject>> Fields =>
        [
            .. Schema["properties"]!.AsObject()
                .Where(entry => (Type.Type.Name, entry.Key) is not (nameof(Recipe), "schema") and not (nameof(VoiceOptions), "preset")
                    && !(Value is TermOptions && entry.Key == "term"))
                .Select(entry => KeyValuePair.Create(entry.Key, Resolve(entry.Value!.AsObject()))),
        ];

        public IEnumerable<Section> Inner() => Members
            .Select(member => (Member: member, Type: Type.Options.GetTypeInfo(member.PropertyType)))
            .Where(member => member.Type.Kind == JsonTypeInfoKind.Object)
            .Select(member => new Section(
                $"{Name}.{member.Member.Name}", member.Type, Field(member.Member.Name), member.Member.Get!(Value)!))
            .Concat(Members.SelectMany(Choices));

        /// <summary>The types of a list's items, each named by a field.</summary>
        private IEnumerable<Section> Choices(JsonPropertyInfo member)
        {
            JsonTypeInfo list = Type.Options.GetTypeInfo(member.PropertyType);
            JsonPolymorphismOptions? choice = list.ElementType is null
                ? null
                : Type.Options.GetTypeInfo(list.ElementType).PolymorphismOptions;
            JsonArray schemas = Field(member.Name)["items"]?["anyOf"]?.AsArray() ?? [];
            return (choice?.DerivedTypes ?? []).Zip(schemas, (derived, schema) => new Section(
                $"{Name}.{member.Name}.{derived.TypeDiscriminator}",
                Type.Options.GetTypeInfo(derived.DerivedType),
                Resolve(schema!.AsObject()),
                Activator.CreateInstance(derived.DerivedType)!));
        }

        public IEnumerable<Option> Options() => Members
            .Where(member => Type.Options.GetTypeInfo(member.PropertyType).Kind != JsonTypeInfoKind.Object)
            .Select(member => new Option(this, member, Field(member.Name)));

        private JsonObject Field(string name) => Fields.Single(field => field.Key == name).Value;
    }

    private sealed record Option(Section Section, JsonPropertyInfo Property, JsonObject Schema)
    {
        public string Name => $"{Section.Name}.{Property.Name}";

        public JsonNode? Default => Property.Get!(Section.Value) is Enum member ? EnumText.Of(member) : All()[Property.Name];

        /// <summary>What the record says against this value of the option, less the value; null where it accepts it.</summary>
        public string? Refusal(double value)
        {
            JsonObject all = All();
            all[Property.Name] = Property.PropertyType == typeof(int) ? (int)value : value;
            object options = all.Deserialize(Section.Type)!;
            string start = $"'{MemberOf(Property).Name}' is ";
            try
            {
                Section.Type.Type.GetMethod("Validate")!.Invoke(options, []);
            }
            catch (System.Reflection.TargetInvocationException e) when (e.InnerException is ArgumentException fault)
            {
                int at = fault.Message.IndexOf(start, StringComparison.Ordinal);
                return at < 0 ? null : fault.Message[at..].Split(';', 2)[1].Split(". ")[0];
            }

            return null;
        }

        private JsonObject All() => JsonSerializer.SerializeToNode(Section.Value, Section.Type)!.AsObject();
    }
}
