using System.Text;
using CrossModalVae.Files;
using CrossModalVae.Numerics;

namespace CrossModalVae.Tests.Files;

public class StrictJsonTests
{
    [Fact]
    public void As_EveryKind_GivesItsValue()
    {
        StrictJson json = Parse(
            """{"s":"a","t":true,"d":1.5e-3,"f":0.1,"i":3.0,"l":9007199254740993,"n":null,"a":[1,2],"e":"gaussian-wasserstein"}""");

        Assert.Equal("a", json["s"].AsString());
        Assert.True(json["t"].AsBoolean());
        Assert.Equal(0.0015, json["d"].AsDouble());
        Assert.Equal(0.1f, json["f"].AsSingle());
        Assert.Equal(3, json["i"].AsInt32());
        Assert.Equal(9007199254740993, json["l"].AsInt64());
        Assert.Null(json.Find("n"));
        Assert.Null(json.Find("absent"));
        Assert.Equal([1, 2], json["a"].AsArray(item => item.AsInt32()));
        Assert.Equal(CrossModalVae.Recipes.AlignmentKind.GaussianWasserstein, json["e"].AsEnum<CrossModalVae.Recipes.AlignmentKind>());
    }

    [Fact]
    public void As_OtherKind_NamesFileLineFieldFoundAndExpected()
    {
        StrictJson json = Parse("{\n\"a\": {\n\"b\": [1,\n\"x\", 1e999, 3000000000, 0.5]}}");
        StrictJson items = json["a"]["b"];

        Assert.Equal("f: line 4: 'a.b[1]' is \"x\"; expected a number.", Message(() => items.Children[1].AsDouble()));
        Assert.Equal(
            "f: line 4: 'a.b[2]' is 1e999; expected a number that a double can hold.", Message(() => items.Children[2].AsDouble()));
        Assert.Equal("f: line 4: 'a.b[3]' is 3000000000; expected a whole number of 32 bits.", Message(() => items.Children[3].AsInt32()));
        Assert.Equal("f: line 4: 'a.b[4]' is 0.5; expected a whole number of 64 bits.", Message(() => items.Children[4].AsInt64()));
        Assert.Equal("f: line 3: 'a.b' is an array of 5 items; expected a string.", Message(() => items.AsString()));
        Assert.Equal("f: line 2: 'a' is an object; expected true or false.", Message(() => json["a"].AsBoolean()));
        Assert.Equal("f: line 1: 'c' is missing.", Message(() => json["c"]));
        Assert.Equal(
            "f: line 4: 'a.b[1]' is \"x\"; expected one of \"none\", \"sample-l2\", \"gaussian-wasserstein\".",
            Message(() => items.Children[1].AsEnum<CrossModalVae.Recipes.AlignmentKind>()));
    }

    [Theory]
    [InlineData("trian", "train")]
    [InlineData("sample_rate", "sample_rate_hz")]
    [InlineData("hops", "hop_s")]
    [InlineData("q", null)]
    [InlineData("completely_different", null)]
    public void Suggestion_Misspelling_FindsTheNearestWord(string found, string? expected)
    {
        Assert.Equal(expected, Suggestion.For(found, ["train", "test", "sample_rate_hz", "hop_s", "k"]));
    }

    // RFC 8785, appendix B: what ECMAScript makes of these bits.
    [Theory]
    [InlineData(0x0000000000000000, "0")]
    [InlineData(unchecked((long)0x8000000000000000), "0")]
    [InlineData(0x0000000000000001, "5e-324")]
    [InlineData(unchecked((long)0x8000000000000001), "-5e-324")]
    [InlineData(0x7fefffffffffffff, "1.7976931348623157e+308")]
    [InlineData(0x4340000000000000, "9007199254740992")]
    [InlineData(0x4430000000000000, "295147905179352830000")]
    [InlineData(0x44b52d02c7e14af5, "9.999999999999997e+22")]
    [InlineData(0x44b52d02c7e14af6, "1e+23")]
    [InlineData(0x44b52d02c7e14af7, "1.0000000000000001e+23")]
    [InlineData(0x444b1ae4d6e2ef4e, "999999999999999700000")]
    [InlineData(0x444b1ae4d6e2ef4f, "999999999999999900000")]
    [InlineData(0x444b1ae4d6e2ef50, "1e+21")]
    [InlineData(0x3eb0c6f7a0b5ed8c, "9.999999999999997e-7")]
    [InlineData(0x3eb0c6f7a0b5ed8d, "0.000001")]
    [InlineData(0x41b3de4355555553, "333333333.3333332")]
    [InlineData(0x41b3de4355555557, "333333333.33333343")]
    [InlineData(unchecked((long)0xbecbf647612f3696), "-0.0000033333333333333333")]
    [InlineData(0x43143ff3c1cb0959, "1424953923781206.2")]
    public void EcmaNumber_BitsOfTheRfc_GiveItsText(long bits, string expected)
    {
        Assert.Equal(expected, JsonText.EcmaNumber(BitConverter.Int64BitsToDouble(bits)));
    }

    [Fact]
    public void EcmaNumber_AnyDoubleAndFloat_ReadsBackToTheSameValue()
    {
        var random = new SeededRandom(5);
        for (int i = 0; i < 20_000; i++)
        {
            double value = BitConverter.UInt64BitsToDouble(random.NextUInt64());
            float single = BitConverter.UInt32BitsToSingle((uint)random.NextUInt64());
            if (double.IsFinite(value))
            {
                Assert.Equal(value, double.Parse(JsonText.EcmaNumber(value), System.Globalization.CultureInfo.InvariantCulture));
            }

            if (float.IsFinite(single))
            {
                string text = JsonText.Compact(new System.Text.Json.Nodes.JsonArray(single));
                Assert.Equal(single, Parse(text).Children[0].AsSingle());
            }
        }
    }

    [Fact]
    public void EnumText_AllMembers_AreKebabCaseAndReadBack()
    {
        Assert.Equal(["none", "sample-l2", "gaussian-wasserstein"], EnumText.All<CrossModalVae.Recipes.AlignmentKind>());
        Assert.True(EnumText.TryParse("clip-over-time", out CrossModalVae.Audio.FeatureNormalisation value));
        Assert.Equal(CrossModalVae.Audio.FeatureNormalisation.ClipOverTime, value);
        Assert.False(EnumText.TryParse("ClipOverTime", out value));
        Assert.Throws<ArgumentOutOfRangeException>(() => EnumText.Of((CrossModalVae.Modality)9));
    }

    private static StrictJson Parse(string text) => StrictJsonParser.Parse(Encoding.UTF8.GetBytes(text), "f", 1);

    private static string Message(Func<object> read) => Assert.Throws<InvalidDataException>(read).Message;
}
