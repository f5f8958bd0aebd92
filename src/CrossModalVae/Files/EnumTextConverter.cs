using System.Text.Json;
using System.Text.Json.Serialization;

namespace CrossModalVae.Files;

/// <summary>Enum members as <see cref="EnumText"/> spells them, for every enum.</summary>
internal sealed class EnumTextConverter : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeToConvert.IsEnum;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert))!;

    private sealed class Converter<T> : JsonConverter<T>
        where T : struct, Enum
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            string? text = reader.GetString();
            return text is not null && EnumText.TryParse(text, out T value)
                ? value
                : throw new JsonException($"'{text}' is no {typeof(T).Name}; must be one of {string.Join(", ", EnumText.All<T>())}.");
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteStringValue(EnumText.Of(value));
    }
}
