namespace CrossModalVae.Cli.Tests;

public class CommandLineTests
{
    [Fact]
    public async Task Option_Misspelt_IsOneSentenceAndExitCodeTwo()
    {
        (int exitCode, string output, string error) = await Cmvae.RunAsync(
            "cluster", "--embedings", "x", "--embeddings", "x", "--out", "y");

        Assert.Equal(2, exitCode);
        Assert.Empty(output);
        Assert.Contains("--embedings", error, StringComparison.Ordinal);
        Assert.EndsWith("cmvae: see 'cmvae cluster --help'.\n", error.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cluster --embeddings e --out o --eps -1", "--eps is '-1'; must be a number above 0, or auto.")]
    [InlineData("cluster --embeddings e --out o --min-samples 0", "--min-samples is 0; must be at least 1.")]
    [InlineData("cluster --embeddings e --out o --metric manhattan", "--metric is 'manhattan'; must be one of cosine, euclidean.")]
    [InlineData("cluster --embeddings e --out o --method optics", "--method is 'optics'; must be one of dbscan, hdbscan.")]
    [InlineData("cluster --embeddings e --out o --method hdbscan --min-cluster-size 1", "--min-cluster-size is 1; must be at least 2.")]
    [InlineData("cluster --embeddings e --out o --method hdbscan --eps 0.3", "--eps goes with --method dbscan only.")]
    [InlineData("cluster --embeddings e --out o --method kmeans --eps 0.3", "--method is 'kmeans'; must be one of dbscan, hdbscan.")]
    [InlineData("rank --embeddings e --query a/b --by x --aggregate best", "--by is 'x'; must be one of clip, identity.")]
    [InlineData("calibrate --embeddings e --out o --split x", "--split is 'x'; must be one of train, validation, test.")]
    [InlineData("cluster --embeddings e --out o --selection leaf", "--selection goes with --method hdbscan only.")]
    [InlineData("rank --embeddings e --query a/b --k 0", "--k is 0; must be at least 1.")]
    [InlineData("project --embeddings e --out o --perplexity 1", "--perplexity is 1; must be above 1.")]
    [InlineData("project --embeddings e --out o --method umap", "--method is 'umap'; must be one of tsne, pca.")]
    [InlineData("project --embeddings e --out o --iterations 100", "--iterations is 100; must be from 250 to 1000000.")]
    [InlineData("corpus folder --root r --out o --test-share 1", "--test-share is 1; must be from 0 to below 1.")]
    [InlineData("corpus trials --lists l --out o --root r", "--root and --manifest-out go together; give both or neither.")]
    [InlineData("evaluate --embeddings e --out o --allow-missing", "--allow-missing goes with --trials only.")]
    [InlineData("evaluate --embeddings e --out o --recipe r", "--recipe needs --manifest, the corpus whose features it makes.")]
    [InlineData("evaluate --embeddings e --out o --features f", "--features goes with --recipe only.")]
    [InlineData("evaluate --embeddings e --out o --draws -1", "--draws is -1; must be at least 0.")]
    [InlineData("evaluate --embeddings e --out o --trials t --split test",
        "--split does not go with --trials: the list says what is scored.")]
    [InlineData("train --manifest m --recipe r --out o --device tpu", "--device is 'tpu'; must be auto, cpu or cuda:N.")]
    [InlineData("embed --manifest m --model m --out o --device cuda:x",
        "--device is 'cuda:x'; must be one or more of cpu, cuda, cuda:N, tensorrt and tensorrt:N with N from 0, parted by commas, "
        + "or auto.")]
    [InlineData("embed --manifest m --model m --out o --modality smell",
        "--modality is 'smell'; must be one of voice, face, joint, both, all.")]
    [InlineData("embed --manifest m --model m --out o --shard 4/4", "--shard is '4/4'; must be i/n with i from 0 to n - 1, as in 0/4.")]
    [InlineData("cluster --embeddings e --out o --min-samples x", "--min-samples is 'x'; must be a whole number of at least 1.")]
    [InlineData("project --embeddings e --out o --perplexity 5,5",
        "--perplexity is '5,5'; must be a number above 1, written with a decimal point and without separators, as in 5.5.")]
    [InlineData("rank --embeddings e --query a/b --k 1,000",
        "--k is '1,000'; must be a whole number of at least 1, written without separators.")]
    [InlineData("rank --embeddings e --query a/b --least-age NaN", "--least-age is 'NaN'; must be a number from 0 to 150.")]
    [InlineData("train --manifest m --recipe r --out o --seed x", "--seed is 'x'; must be a whole number.")]
    [InlineData("train --manifest m --recipe r --out o --threads 999999", "--threads is 999999; must be from 1 to 1024.")]
    [InlineData("train --manifest m --recipe r --out o --epochs 0", "--epochs is 0; must be from 1 to 1000000.")]
    public async Task Option_OutOfRange_SaysWhatItMustBe(string line, string sentence)
    {
        (int exitCode, _, string error) = await Cmvae.RunAsync(line.Split(' '));

        Assert.Equal(2, exitCode);
        Assert.StartsWith($"cmvae: {sentence}", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Manifest_Missing_IsOneSentenceAndExitCodeTwo()
    {
        using var folder = new TemporaryFolder();

        (int exitCode, _, string error) = await Cmvae.RunAsync(
            "train", "--manifest", folder["none.jsonl"], "--recipe", Repository.File("pipelines", "report.json"), "--out", folder["run"]);

        Assert.Equal(2, exitCode);
        Assert.StartsWith($"cmvae: {folder["none.jsonl"]}: ", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Root));
    }

    [SkippableFact]
    public async Task Device_WithoutCuda_IsRefusedNamingWhatIsMissing()
    {
        Skip.If(TorchSharp.torch.cuda.is_available(), "This machine has CUDA.");
        using var folder = new TemporaryFolder();

        (int exitCode, _, string error) = await Cmvae.RunAsync(
            "train",
            "--manifest", Repository.File("tests", "fixtures", "grid", "manifest.jsonl"),
            "--recipe", Repository.File("pipelines", "report.json"),
            "--out", folder["run"],
            "--device", "cuda:0");

        Assert.Equal(2, exitCode);
        Assert.StartsWith("cmvae: Device 'cuda:0' cannot be used: ", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Root));
    }
}
