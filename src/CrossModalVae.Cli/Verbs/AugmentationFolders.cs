using CrossModalVae.Augmentation;

namespace CrossModalVae.Cli.Verbs;

/// <summary>The folders of recordings that a recipe's augmentation may use, as options of the verbs that compute augmented views.</summary>
internal sealed class AugmentationFolders
{
    internal Option<string?> Noise { get; } = Options.Folder(
        "--noise-folder",
        "Recordings for the recipe's augmentation: noise/, music/, speech/ of wav files (MUSAN's layout). "
        + "Default: noise and music are generated, babble is made of training voices.");

    internal Option<string?> Responses { get; } = Options.Folder(
        "--rir-folder", "Room impulse responses for the recipe's augmentation, wav files (RIRS_NOISES). Default: rooms are generated.");

    internal AugmentationSources Sources(ParseResult parsed, Recipe recipe)
    {
        string? noise = parsed.GetValue(Noise);
        string? responses = parsed.GetValue(Responses);
        if (recipe.Augmentation is AugmentationOptions augmentation)
        {
            return AugmentationSources.Open(augmentation.Voice, noise, responses);
        }

        return noise is null && responses is null
            ? AugmentationSources.Generated
            : throw new UserErrorException(
                $"{(noise is null ? "--rir-folder" : "--noise-folder")} is given, but the recipe '{recipe.Name}' has no 'augmentation' "
                + "section; add one (it may be empty), or leave the folder out.");
    }
}
