using CrossModalVae.Augmentation;

namespace CrossModalVae.Recipes;

public static partial class RecipeReader
{
    private static AugmentationOptions Augmentation(Section s)
    {
        var d = new AugmentationOptions();
        return new AugmentationOptions
        {
            Views = s.Int32("views", d.Views),
            Seed = s.Int64("seed", d.Seed),
            Voice = VoiceAugmentation(new Section(s.Find("voice"))),
            Face = FaceAugmentation(new Section(s.Find("face"))),
        };
    }

    private static VoiceAugmentationOptions VoiceAugmentation(Section s)
    {
        var d = new VoiceAugmentationOptions();
        return new VoiceAugmentationOptions
        {
            Combine = s.Enum("combine", d.Combine),
            NoiseProbability = s.Double("noise_probability", d.NoiseProbability),
            NoiseSnrMinDb = s.Double("noise_snr_min_db", d.NoiseSnrMinDb),
            NoiseSnrMaxDb = s.Double("noise_snr_max_db", d.NoiseSnrMaxDb),
            MusicProbability = s.Double("music_probability", d.MusicProbability),
            MusicSnrMinDb = s.Double("music_snr_min_db", d.MusicSnrMinDb),
            MusicSnrMaxDb = s.Double("music_snr_max_db", d.MusicSnrMaxDb),
            BabbleProbability = s.Double("babble_probability", d.BabbleProbability),
            BabbleSnrMinDb = s.Double("babble_snr_min_db", d.BabbleSnrMinDb),
            BabbleSnrMaxDb = s.Double("babble_snr_max_db", d.BabbleSnrMaxDb),
            BabbleVoicesMin = s.Int32("babble_voices_min", d.BabbleVoicesMin),
            BabbleVoicesMax = s.Int32("babble_voices_max", d.BabbleVoicesMax),
            ReverberationProbability = s.Double("reverberation_probability", d.ReverberationProbability),
            Rt60MinSeconds = s.Double("rt60_min_s", d.Rt60MinSeconds),
            Rt60MaxSeconds = s.Double("rt60_max_s", d.Rt60MaxSeconds),
            DirectMinDb = s.Double("direct_min_db", d.DirectMinDb),
            DirectMaxDb = s.Double("direct_max_db", d.DirectMaxDb),
            SpeedProbability = s.Double("speed_probability", d.SpeedProbability),
            SpeedMin = s.Double("speed_min", d.SpeedMin),
            SpeedMax = s.Double("speed_max", d.SpeedMax),
            GainProbability = s.Double("gain_probability", d.GainProbability),
            GainMinDb = s.Double("gain_min_db", d.GainMinDb),
            GainMaxDb = s.Double("gain_max_db", d.GainMaxDb),
            SpecAugmentProbability = s.Double("spec_augment_probability", d.SpecAugmentProbability),
            TimeMasks = s.Int32("time_masks", d.TimeMasks),
            TimeMaskShare = s.Double("time_mask_share", d.TimeMaskShare),
            FrequencyMasks = s.Int32("frequency_masks", d.FrequencyMasks),
            FrequencyMaskShare = s.Double("frequency_mask_share", d.FrequencyMaskShare),
        };
    }

    private static FaceAugmentationOptions FaceAugmentation(Section s)
    {
        var d = new FaceAugmentationOptions();
        return new FaceAugmentationOptions
        {
            FlipProbability = s.Double("flip_probability", d.FlipProbability),
            CropProbability = s.Double("crop_probability", d.CropProbability),
            CropShareMin = s.Double("crop_share_min", d.CropShareMin),
            BrightnessProbability = s.Double("brightness_probability", d.BrightnessProbability),
            Brightness = s.Double("brightness", d.Brightness),
            ContrastProbability = s.Double("contrast_probability", d.ContrastProbability),
            ContrastMin = s.Double("contrast_min", d.ContrastMin),
            ContrastMax = s.Double("contrast_max", d.ContrastMax),
            BlurProbability = s.Double("blur_probability", d.BlurProbability),
            BlurMin = s.Double("blur_min", d.BlurMin),
            BlurMax = s.Double("blur_max", d.BlurMax),
            CutOutProbability = s.Double("cut_out_probability", d.CutOutProbability),
            CutOutAreaMin = s.Double("cut_out_area_min", d.CutOutAreaMin),
            CutOutAreaMax = s.Double("cut_out_area_max", d.CutOutAreaMax),
        };
    }
}
