using System.CommandLine;
using System.Text.Json.Nodes;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Numerics;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Cli.Tests;

/// <summary>A user's mistake is one sentence and exit code 2; a defect of ours is exit code 1 and keeps its trace.</summary>
public sealed class UserErrorTests
{
    public static TheoryData<string, Action> Defects { get; } = new()
    {
        { "ArgumentOutOfRangeException", () => _ = new List<int>()[0] },
        { "IndexOutOfRangeException", () => _ = new int[1].AsSpan()[Environment.ProcessorCount] },
        { "ObjectDisposedException", () => ObjectDisposedException.ThrowIf(true, typeof(Gallery)) },
        { "InvalidOperationException: Sequence contains no elements", () => _ = Array.Empty<int>().First() },
        { "InvalidOperationException", () => _ = JsonValue.Create("text").GetValue<int>() },
        { "ArgumentException: Destination is too short", () => new int[3].AsSpan().CopyTo(new int[1]) },
        { "ArgumentNullException", () => ArgumentNullException.ThrowIfNull((object?)null, "rows") },
        { "ArgumentException: 'values' has 3 numbers", () => _ = new EmbeddingSet([1, 2, 3], 2, []) },
        { "NotSupportedException", () => throw new NotSupportedException() },
        { "FileNotFoundException", () => System.Reflection.Assembly.Load("CrossModalVae.Absent, Version=1.0.0.0") },
        { "NotSupportedException", () => throw new AggregateException(new InvalidDataException("a file"), new NotSupportedException()) },
    };

    public static TheoryData<string, Action> Mistakes { get; } = new()
    {
        { "'K' is 0; must be >= 1.", () => throw UserError.Mark(new ArgumentException("'K' is 0; must be >= 1.", "options")) },
        { "run: no epoch.", () => throw UserError.Mark(new InvalidOperationException("run: no epoch.")) },
        { "m.jsonl, line 2: no 'clip'.", () => throw new InvalidDataException("m.jsonl, line 2: no 'clip'.") },
        { "w.wav: there is no such file.", () => throw new FileNotFoundException("w.wav: there is no such file.", "w.wav") },
        { "out: no room.", () => throw new IOException("out: no room.") },
        { "one of many", () => throw new AggregateException(new AggregateException(new InvalidDataException("one of many"))) },
        { "first", () => throw new AggregateException(new InvalidDataException("first"), new InvalidDataException("second")) },
    };

    [Theory]
    [MemberData(nameof(Defects))]
    public async Task Run_Defect_IsExitCodeOneWithItsTrace(string start, Action fail)
    {
        (int exitCode, string error) = await Run(fail);

        Assert.Equal(1, exitCode);
        Assert.Contains(start, error, StringComparison.Ordinal);
        Assert.Contains($"at {typeof(UserErrorTests).FullName}", error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task Run_UsersMistake_IsItsSentenceAlone(string sentence, Action fail)
    {
        (int exitCode, string error) = await Run(fail);

        Assert.Equal((2, $"cmvae: {sentence}\n"), (exitCode, error));
    }

    [Theory]
    [InlineData("run", "stopped; nothing is lost: the same command with --resume continues.")]
    [InlineData("run.partial", "stopped; nothing is lost: the same command with --resume continues.")]
    [InlineData("other", "stopped before anything was written; run the same command again.")]
    public async Task Run_Stopped_SaysResumeWhereThereIsSomethingToGoOnWith(string there, string sentence)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder[there]);

        (int exitCode, string error) = await Run(() => throw new OperationCanceledException(), "--out", folder["run"]);

        Assert.Equal((130, $"cmvae: {sentence}\n"), (exitCode, error));
    }

    // Few and odd rows meet most checks of data: what is refused is refused in a sentence.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task AnyVerb_OfAlmostNoRows_NeverFailsAsADefect(int people)
    {
        using var folder = new TemporaryFolder();
        string[] force = ["--force"];
        foreach ((string name, bool flat, bool both) in new[] { ("flat", true, true), ("voices", false, false), ("rows", false, true) })
        {
            string e = folder[name];
            EmbeddingFile.Write(e, Rows(people, flat, both));
            foreach (string line in new[]
            {
                "cluster --embeddings {0} --out {1}/c.json --modality voice",
                "cluster --embeddings {0} --out {1}/c.json --modality voice --metric euclidean --min-samples 9 --pictures {1}/p",
                "cluster --embeddings {0} --out {1}/c.json --modality voice --method hdbscan",
                "calibrate --embeddings {0} --out {1}/k.json --split test --allow-test",
                "calibrate --embeddings {0} --out {1}/k.json --metric ms-vae",
                "rank --embeddings {0} --query p0/c0",
                "rank --embeddings {0} --query p0/c0 --metric gaussian-wasserstein",
                "rank --embeddings {0} --query p0/c0 --direction face-to-voice --exclude clip --by identity",
                "rank --embeddings {0} --query p0/c0 --least-age 9 --largest-age 3",
                "rank --embeddings {0} --query p0/c0 --nationality none",
                "evaluate --embeddings {0} --out {1}/m.json --draws 10",
                "evaluate --embeddings {0} --out {1}/m.json --metric ms-vae",
                "project --embeddings {0} --out {1}/t",
                "project --embeddings {0} --out {1}/t --perplexity 1.2",
                "project --embeddings {0} --out {1}/t --method pca",
            })
            {
                string[] args = string.Format(null, line, e, folder["out"]).Split(' ');
                bool writes = line.Contains("--out", StringComparison.Ordinal);
                (int exitCode, string output, string error) = await Cmvae.RunAsync([.. args, .. writes ? force : []]);

                Assert.True(exitCode is 0 or 2, $"{line}, {name}: {error}");
                Assert.DoesNotMatch(
                    @"(?<![\d.,/])1 (\w+ )?(identities|clips|rows|trials|people|draws|samples|points|files)\b", output + error);
                Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("corpus folder --root {0} --out {0}/m.jsonl", "has no")]
    [InlineData("corpus folder --root {0} --out {0}/sub/m.jsonl", "")]
    [InlineData("corpus folder --root {0} --out {0}/m.jsonl --pattern /a/{clip}.wav", "Pattern '/a/{clip}.wav' is no path within")]
    [InlineData("corpus folder --root {0} --out {0}/m.jsonl --pattern {identity}.wav", "Pattern '{identity}.wav' has no {clip}")]
    [InlineData("corpus folder --root {0} --out {0}/m.jsonl --test-share 0.7 --validation-share 0.7", "")]
    [InlineData("export --run {0}/none --out {0}/m", "{0}/none: no run is here; train one with 'cmvae train --out'.")]
    public async Task Verb_RefusedInput_IsOneSentenceAndExitCodeTwo(string line, string sentence)
    {
        using var folder = new TemporaryFolder();

        (int exitCode, _, string error) = await Cmvae.RunAsync(line.Replace("{0}", folder.Root, StringComparison.Ordinal).Split(' '));

        Assert.Equal(2, exitCode);
        Assert.Contains(sentence.Replace("{0}", folder.Root, StringComparison.Ordinal), error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.DoesNotContain("(Parameter", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Option_EmptyValue_IsNamed()
    {
        (int exitCode, _, string error) = await Cmvae.RunAsync("cluster", "--embeddings", "", "--out", "c.json");

        Assert.Equal(2, exitCode);
        Assert.StartsWith("cmvae: --embeddings is empty; must have a value.", error, StringComparison.Ordinal);
    }

    private static EmbeddingSet Rows(int people, bool flat, bool both)
    {
        Modality[] kinds = both ? [Modality.Voice, Modality.Face] : [Modality.Voice];
        var rows = new List<EmbeddingRow>();
        var values = new List<float>();
        for (int person = 0; person < people; person++)
        {
            foreach (Modality kind in kinds)
            {
                rows.Add(new EmbeddingRow { Identity = $"p{person}", Clip = "c0", Modality = kind, Split = CorpusSplit.Test });
                values.AddRange(flat ? [1f, 1f] : [person, (float)kind + (person % 3)]);
            }
        }

        return new EmbeddingSet([.. values], 2, rows);
    }

    private static async Task<(int ExitCode, string Error)> Run(Action fail, params string[] options)
    {
        var command = new Command("fail", "Fails.") { new Option<string>("--out"), new Option<bool>("--resume") };
        command.SetAction((_, _) => Task.Run(fail, CancellationToken.None));
        using var error = new StringWriter { NewLine = "\n" };
        int exitCode = await CommandLine.RunAsync(new RootCommand { command }, ["fail", .. options], TextWriter.Null, error);
        return (exitCode, error.ToString());
    }
}
