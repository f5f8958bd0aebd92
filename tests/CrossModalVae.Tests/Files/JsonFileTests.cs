using System.Text;
using System.Text.Json.Nodes;
using CrossModalVae.Files;

namespace CrossModalVae.Tests.Files;

public sealed class JsonFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_Document_IsIndentedDeterministicAndWithoutByteOrderMark()
    {
        string path = _folder["summary.json"];

        JsonFile.Write(path, FileSchema.TrialLine, Trial());

        Assert.Equal(
            Encoding.UTF8.GetBytes(
                """
                {
                  "voice": {
                    "identity": "Zoë <&> \"x\"",
                    "clip": "1"
                  },
                  "face": {
                    "identity": "b",
                    "clip": "2\n"
                  },
                  "target": false
                }

                """.Replace("\r", "", StringComparison.Ordinal)),
            File.ReadAllBytes(path));
        Assert.Equal("2\n", JsonFile.Read(path, FileSchema.TrialLine)["face"]["clip"].AsString());
    }

    [Fact]
    public void Write_ContentThatBreaksTheSchema_WritesNothing()
    {
        JsonObject trial = Trial();
        trial["target"] = 1;
        string path = _folder["t.json"];

        var e = Assert.Throws<ArgumentException>(() => JsonFile.Write(path, FileSchema.TrialLine, trial));

        Assert.Equal(
            $"What was to be written does not follow trial-line.schema.json: {path}: line 10: 'target' is 1; "
            + "expected true or false. (Parameter 'text')",
            e.Message);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void Write_NumberThatIsNotFinite_IsRefused()
    {
        var e = Assert.Throws<ArgumentException>(
            () => JsonFile.Text("x", FileSchema.Metrics, new JsonObject { ["a"] = new JsonObject { ["b"] = double.NaN } }));

        Assert.Equal("'$.a.b' is not finite; JSON has finite numbers only.", e.Message);
    }

    [Fact]
    public void WriteLines_FaultInALaterLine_LeavesTheOldFile()
    {
        string path = _folder.Write("t.jsonl", "old");
        JsonObject broken = Trial();
        broken.Remove("face");

        Assert.Throws<ArgumentException>(() => JsonFile.WriteLines(path, FileSchema.TrialLine, [Trial(), broken]));

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Root));
    }

    [Fact]
    public void WriteLines_ThenReadLines_GivesLineNumbers()
    {
        string path = _folder["t.jsonl"];

        int count = JsonFile.WriteLines(path, FileSchema.TrialLine, [Trial(), Trial()]);

        Assert.Equal(2, count);
        Assert.Equal([1, 2], JsonFile.ReadLines(path, FileSchema.TrialLine).Select(line => line.Line));
        Assert.EndsWith("}\n", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is empty; expected a trial-line file.")]
    [InlineData(" \r\n", "is empty; expected a trial-line file.")]
    [InlineData("{\n\"voice\": {},\n}", "line 3, byte 1: is not JSON: ")]
    [InlineData("{ // comment\n}", "line 1, byte 3: is not JSON: ")]
    [InlineData("{} {}", "line 1, byte 4: is not JSON: ")]
    [InlineData("{\n  \"voice\": NaN}", "line 2, byte 12: is not JSON: ")]
    [InlineData("{\n\"a\":1,\n\n\"a\":2}", "line 4: 'a' is given twice, first on line 2; expected once.")]
    [InlineData("{\"a\":{\"b\":[{\"c\":1,\"c\":1}]}}", "line 1: 'a.b[0].c' is given twice, first on line 1; expected once.")]
    [InlineData("{\"a\":\"\\ud800\"}", "line 1: a \\u escape is half of a surrogate pair; expected both halves.")]
    public void Parse_NoStrictJson_NamesThePlace(string text, string message)
    {
        var e = Assert.Throws<InvalidDataException>(() => JsonFile.Parse(text, "file.json", FileSchema.TrialLine));

        Assert.StartsWith("file.json: " + message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_ManyFaults_AreAllReported()
    {
        var e = Assert.Throws<InvalidDataException>(() => JsonFile.Parse(
            """
            {
              "voice": { "identity": 1, "clips": "x" },
              "face": { "identity": "a", "clip": "" },
              "targets": true
            }
            """,
            "t.json",
            FileSchema.TrialLine));

        Assert.Equal(
            [
                "t.json: line 2: 'voice.identity' is 1; expected a string that is not empty.",
                "t.json: line 2: 'voice.clips' is not a known field; did you mean 'clip'?",
                "t.json: line 2: 'voice.clip' is missing; expected a string that is not empty.",
                "t.json: line 3: 'face.clip' is \"\"; expected a string that is not empty.",
                "t.json: line 4: 'targets' is not a known field; did you mean 'target'?",
                "t.json: line 1: found an object; expected a verification trial ('voice', 'face', 'target') or a matching trial "
                + "('direction', 'probe', 'positive', 'negatives') "
                + "or a retrieval item ('modality', 'item').",
            ],
            e.Message.Split('\n'));
    }

    [Fact]
    public void Read_ByteOrderMarkAndCarriageReturns_AreAccepted()
    {
        string text = JsonFile.Text("x", FileSchema.TrialLine, Trial()).Replace("\n", "\r\n", StringComparison.Ordinal);
        string path = _folder.Write("t.json", [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)]);

        Assert.False(JsonFile.Read(path, FileSchema.TrialLine)["target"].AsBoolean());
    }

    [Fact]
    public void Parse_ObjectWithManyFields_StillFindsTheDuplicate()
    {
        string fields = string.Join(",", Enumerable.Range(0, 1000).Select(i => $"\"f{i}\":{i}"));

        var e = Assert.Throws<InvalidDataException>(() => JsonFile.Parse($"{{{fields},\"f700\":1}}", "t", FileSchema.TrialLine));

        Assert.Equal("t: line 1: 'f700' is given twice, first on line 1; expected once.", e.Message);
    }

    [Fact]
    public void Parse_DeepNesting_IsRefusedAndNotAStackOverflow()
    {
        var e = Assert.Throws<InvalidDataException>(
            () => JsonFile.Parse(new string('[', 100_000) + new string(']', 100_000), "t", FileSchema.TrialLine));

        Assert.Contains("is not JSON", e.Message, StringComparison.Ordinal);
    }

    private static JsonObject Trial() => new()
    {
        ["voice"] = new JsonObject { ["identity"] = "Zoë <&> \"x\"", ["clip"] = "1" },
        ["face"] = new JsonObject { ["identity"] = "b", ["clip"] = "2\n" },
        ["target"] = false,
    };
}
