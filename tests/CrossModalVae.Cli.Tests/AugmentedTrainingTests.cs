using System.Text.Json.Nodes;

namespace CrossModalVae.Cli.Tests;

/// <summary><c>cmvae train</c> with a recipe that augments.</summary>
public sealed class AugmentedTrainingTests(WholeWayTests.SmallCorpus corpus) : IClassFixture<WholeWayTests.SmallCorpus>
{
    [Fact]
    public async Task Train_RecipeWithAugmentation_SameSeedSameWeightsAndResumesToTheSame()
    {
        using var folder = new TemporaryFolder();
        string recipe = Recipe(
            folder, """{"views":2,"voice":{"spec_augment_probability":0.5,"speed_probability":0.5},"face":{"crop_probability":0.5}}""");
        string[] train = ["train", "--manifest", corpus.Manifest, "--recipe", recipe, "--device", "cpu", "--threads", "1"];

        await Run([.. train, "--out", folder["straight"], "--epochs", "2"]);
        await Run([.. train, "--out", folder["resumed"], "--epochs", "1"]);
        await Run([.. train, "--out", folder["resumed"], "--epochs", "2", "--resume"]);
        await Run(
            "train", "--manifest", corpus.Manifest, "--recipe", Repository.File("pipelines", "demo.json"), "--device", "cpu",
            "--threads", "1", "--out", folder["plain"], "--epochs", "2");
        await Run("export", "--run", folder["straight"], "--out", folder["model"]);

        byte[] Weights(string run) => File.ReadAllBytes(Path.Combine(folder[run], "weights.safetensors"));
        JsonNode Used(string run) => JsonNode.Parse(File.ReadAllText(Path.Combine(folder[run], "recipe.json")))!;
        Assert.Equal(Weights("straight"), Weights("resumed"));
        Assert.NotEqual(Weights("plain"), Weights("straight"));
        Assert.Equal(2, (int)Used("straight")["augmentation"]!["views"]!);
        Assert.Null(Used("plain")["augmentation"]);
        // of the clips as they are
        Assert.Equal(Used("plain")["statistics"]!.ToJsonString(), Used("straight")["statistics"]!.ToJsonString());
    }

    [Fact]
    public async Task Train_FolderOfRecordingsThatIsNotThere_IsOneSentence()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["empty"]);
        string augmenting = Recipe(folder, "{}");
        string plain = Repository.File("pipelines", "demo.json");

        Assert.Equal(
            $"cmvae: {folder["musan"]}: there is no such folder; expected noise/, music/ and speech/ of wav files (MUSAN's layout).",
            await Refusal(augmenting, "--noise-folder", folder["musan"]));
        Assert.Equal(
            $"cmvae: {folder["empty"]}: has no wav file that is a room impulse response; expected wav files of room impulse responses "
            + "(the layout of RIRS_NOISES, or any other).",
            await Refusal(augmenting, "--rir-folder", folder["empty"]));
        Assert.Equal(
            "cmvae: --noise-folder is given, but the recipe 'demo' has no 'augmentation' section; "
            + "add one (it may be empty), or leave the folder out.",
            await Refusal(plain, "--noise-folder", folder["musan"]));

        async Task<string> Refusal(string recipe, params string[] more)
        {
            (int exitCode, _, string error) = await Cmvae.RunAsync(
                ["train", "--manifest", corpus.Manifest, "--recipe", recipe, "--out", folder["run"], .. more]);
            Assert.Equal(2, exitCode);
            Assert.False(Directory.Exists(folder["run"]));
            return error.TrimEnd();
        }
    }

    private static string Recipe(TemporaryFolder folder, string augmentation)
    {
        JsonNode json = JsonNode.Parse(File.ReadAllText(Repository.File("pipelines", "demo.json")))!;
        json["augmentation"] = JsonNode.Parse(augmentation);
        File.WriteAllText(folder["augmenting.json"], json.ToJsonString());
        return folder["augmenting.json"];
    }

    private static async Task Run(params string[] args)
    {
        (int exitCode, _, string error) = await Cmvae.RunAsync(args);
        Assert.True(exitCode == 0, $"cmvae {string.Join(' ', args)}: {exitCode}: {error}");
    }
}
