using CrossModalVae.Corpora;
using CrossModalVae.Evaluation.Trials;

namespace CrossModalVae.Tests.Evaluation.Trials;

public sealed class TrialFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WriteAndRead_EveryKind_ComesBack()
    {
        Trial[] trials =
        [
            new VerificationTrial(new ClipKey("a", "v/1"), new ClipKey("a", "v/2")) { Stratum = "GNA" },
            new VerificationTrial(new ClipKey("a", "v/1"), new ClipKey("b", "v/2")),
            new MatchingTrial(
                RetrievalDirection.FaceToVoice,
                new ClipKey("a", "1"),
                new ClipKey("a", "2"),
                [new ClipKey("b", "1"), new ClipKey("c", "1")]) { Stratum = "U" },
            new RetrievalItem(Modality.Face, new ClipKey("ü", "1")) { Stratum = "20k" },
        ];
        string path = _folder["trials.jsonl"];

        int count = TrialWriter.Write(path, trials);
        Trial[] read = [.. TrialReader.Read(path)];

        Assert.Equal(4, count);
        Assert.Equal(trials[..2], read[..2]);
        Assert.Equal(trials[3], read[3]);
        var matching = Assert.IsType<MatchingTrial>(read[2]);
        Assert.Equal(((MatchingTrial)trials[2]).Negatives, matching.Negatives);
        Assert.Equal(trials[2], matching with { Negatives = ((MatchingTrial)trials[2]).Negatives });
        Assert.Equal(
            """{"stratum":"U","direction":"face-to-voice","probe":{"identity":"a","clip":"1"},"positive":"""
            + """{"identity":"a","clip":"2"},"negatives":[{"identity":"b","clip":"1"},{"identity":"c","clip":"1"}]}""",
            File.ReadAllLines(path)[2]);
    }

    [Theory]
    [InlineData("""{"voice":{"identity":"a","clip":"1"},"face":{"identity":"b","clip":"1"},"target":true}""",
        "'target' is true; expected false, because voice and face are of two identities.")]
    [InlineData("""{"voice":{"identity":"a","clip":"1"},"face":{"identity":"a","clip":"1"},"target":false}""",
        "'target' is false; expected true, because voice and face are of one identity.")]
    [InlineData("""{"direction":"voice-to-face","probe":{"identity":"a","clip":"1"},"positive":"""
        + """{"identity":"b","clip":"1"},"negatives":[{"identity":"c","clip":"1"}]}""",
            "'positive.identity' is \"b\"; expected \"a\", the probe's identity.")]
    [InlineData("""{"direction":"voice-to-face","probe":{"identity":"a","clip":"1"},"positive":"""
        + """{"identity":"a","clip":"1"},"negatives":[{"identity":"a","clip":"2"}]}""",
            "'negatives[0].identity' is \"a\"; expected another identity than the probe's.")]
    [InlineData("""{"direction":"voice-to-face","probe":{"identity":"a","clip":"1"},"positive":{"identity":"a","clip":"1"},"negatives":["""
        + """{"identity":"b","clip":"2"},{"identity":"b","clip":"2"}]}""",
            "'negatives[1].clip' is \"2\"; expected every negative once.")]
    [InlineData("""{"modality":"joint","item":{"identity":"a","clip":"1"}}""",
        "'modality' is \"joint\"; expected one of \"voice\", \"face\".")]
    [InlineData("""{"modality":"voice","item":{"identity":"a"}}""", "'item.clip' is missing; expected a string that is not empty.")]
    [InlineData("""{"voice":{"identity":"a","clip":"1"},"face":{"identity":"b","clip":"1"}}""",
        "found an object; expected a verification trial ('voice', 'face', 'target') or a matching trial ('direction', 'probe', 'positive', "
        + "'negatives') or a retrieval item ('modality', 'item').")]
    [InlineData("""{"voice":{"identity":"a","clip":"1"},"face":"""
        + """{"identity":"b","clip":"1"},"target":false,"item":{"identity":"a","clip":"1"}}""",
            "found an object; expected a verification trial ('voice', 'face', 'target') or a matching trial ('direction', 'probe', "
            + "'positive', 'negatives') or a retrieval item ('modality', 'item').")]
    public void Read_BrokenLine_NamesFileLineFieldFoundAndExpected(string line, string message)
    {
        string path = _folder.Write("trials.jsonl", """{"modality":"voice","item":{"identity":"a","clip":"1"}}""" + $"\n{line}\n");

        var e = Assert.Throws<InvalidDataException>(() => TrialReader.Read(path).Count());

        Assert.Equal($"{path}: line 2: {message}", e.Message);
    }

    [Fact]
    public void ReadAndWrite_Nothing_IsRefused()
    {
        string path = _folder.Write("trials.jsonl", "");

        var read = Assert.Throws<InvalidDataException>(() => TrialReader.Read(path).Count());
        var written = Assert.Throws<ArgumentException>(() => TrialWriter.Write(_folder["none.jsonl"], []));

        Assert.Equal($"{path}: is empty; expected at least one trial.", read.Message);
        Assert.StartsWith("There is no trial to write; expected at least one.", written.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["none.jsonl"]));
    }
}
