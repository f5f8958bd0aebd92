using System.Text.Json.Nodes;
using CrossModalVae.Augmentation;
using CrossModalVae.Files;

namespace CrossModalVae.Recipes;

public static partial class RecipeWriter
{
    // A recipe without augmentation has no such section, so that recipes from before it was known keep their hash.
    private static void AddAugmentation(JsonObject json, Recipe recipe)
    {
        if (recipe.Augmentation is AugmentationOptions options)
        {
            json["augmentation"] = new JsonObject
            {
                ["views"] = options.Views,
                ["seed"] = options.Seed,
                ["voice"] = VoiceAugmentation(options.Voice),
                ["face"] = FaceAugmentation(options.Face),
            };
        }
    }

    private static JsonObject VoiceAugmentation(VoiceAugmentationOptions options) => new()
    {
        ["combine"] = EnumText.Of(options.Combine),
        ["noise_probability"] = options.NoiseProbability,
        ["noise_snr_min_db"] = options.NoiseSnrMinDb,
        ["noise_snr_max_db"] = options.NoiseSnrMaxDb,
        ["music_probability"] = options.MusicProbability,
        ["music_snr_min_db"] = options.MusicSnrMinDb,
        ["music_snr_max_db"] = options.MusicSnrMaxDb,
        ["babble_probability"] = options.BabbleProbability,
        ["babble_snr_min_db"] = options.BabbleSnrMinDb,
        ["babble_snr_max_db"] = options.BabbleSnrMaxDb,
        ["babble_voices_min"] = options.BabbleVoicesMin,
        ["babble_voices_max"] = options.BabbleVoicesMax,
        ["reverberation_probability"] = options.ReverberationProbability,
        ["rt60_min_s"] = options.Rt60MinSeconds,
        ["rt60_max_s"] = options.Rt60MaxSeconds,
        ["direct_min_db"] = options.DirectMinDb,
        ["direct_max_db"] = options.DirectMaxDb,
        ["speed_probability"] = options.SpeedProbability,
        ["speed_min"] = options.SpeedMin,
        ["speed_max"] = options.SpeedMax,
        ["gain_probability"] = options.GainProbability,
        ["gain_min_db"] = options.GainMinDb,
        ["gain_max_db"] = options.GainMaxDb,
        ["spec_augment_probability"] = options.SpecAugmentProbability,
        ["time_masks"] = options.TimeMasks,
        ["time_mask_share"] = options.TimeMaskShare,
        ["frequency_masks"] = options.FrequencyMasks,
        ["frequency_mask_share"] = options.FrequencyMaskShare,
    };

    private static JsonObject FaceAugmentation(FaceAugmentationOptions options) => new()
    {
        ["flip_probability"] = options.FlipProbability,
        ["crop_probability"] = options.CropProbability,
        ["crop_share_min"] = options.CropShareMin,
        ["brightness_probability"] = options.BrightnessProbability,
        ["brightness"] = options.Brightness,
        ["contrast_probability"] = options.ContrastProbability,
        ["contrast_min"] = options.ContrastMin,
        ["contrast_max"] = options.ContrastMax,
        ["blur_probability"] = options.BlurProbability,
        ["blur_min"] = options.BlurMin,
        ["blur_max"] = options.BlurMax,
        ["cut_out_probability"] = options.CutOutProbability,
        ["cut_out_area_min"] = options.CutOutAreaMin,
        ["cut_out_area_max"] = options.CutOutAreaMax,
    };
}
