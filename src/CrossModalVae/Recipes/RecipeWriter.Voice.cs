using System.Text.Json.Nodes;
using CrossModalVae.Audio;
using CrossModalVae.Files;

namespace CrossModalVae.Recipes;

public static partial class RecipeWriter
{
    private static JsonObject Voice(VoiceOptions voice)
    {
        var json = new JsonObject
        {
            ["sample_rate_hz"] = voice.SampleRateHz,
            ["duration_s"] = voice.DurationSeconds,
            ["crop"] = EnumText.Of(voice.Crop),
            ["short_clips"] = EnumText.Of(voice.ShortClips),
            ["remove_dc"] = voice.RemoveDc,
            ["dither"] = voice.Dither,
            ["pre_emphasis"] = voice.PreEmphasis,
            ["window_s"] = voice.WindowSeconds,
            ["hop_s"] = voice.HopSeconds,
            ["fft_length"] = voice.FftLength,
            ["two_sided"] = voice.TwoSided,
            ["compression"] = EnumText.Of(voice.Compression),
            ["pooling"] = EnumText.Of(voice.Pooling),
            ["normalisation"] = EnumText.Of(voice.Normalisation),
        };

        // Options that came later: left out at their defaults, which are fixed for good, so that the hashes of models made before them stay true.
        var d = new VoiceOptions();
        AddUnless(json, "signal_scale", voice.SignalScale, d.SignalScale);
        AddUnless(json, "dither_shape", EnumText.Of(voice.DitherShape), EnumText.Of(d.DitherShape));
        AddUnless(json, "pre_emphasis_stage", EnumText.Of(voice.PreEmphasisStage), EnumText.Of(d.PreEmphasisStage));
        AddUnless(json, "pre_emphasis_edge", EnumText.Of(voice.PreEmphasisEdge), EnumText.Of(d.PreEmphasisEdge));
        AddUnless(json, "framing", EnumText.Of(voice.Framing), EnumText.Of(d.Framing));
        AddUnless(json, "remove_frame_mean", voice.RemoveFrameMean, d.RemoveFrameMean);
        AddUnless(json, "window", EnumText.Of(voice.Window), EnumText.Of(d.Window));
        AddUnless(json, "spectrum", EnumText.Of(voice.Spectrum), EnumText.Of(d.Spectrum));
        AddUnless(json, "spectrum_scale", voice.SpectrumScale, d.SpectrumScale);
        AddUnless(json, "mel_bins", voice.MelBins, d.MelBins);
        AddUnless(json, "mel_filters", EnumText.Of(voice.MelFilters), EnumText.Of(d.MelFilters));
        AddUnless(json, "mel_low_hz", voice.MelLowHz, d.MelLowHz);
        AddUnless(json, "mel_high_hz", voice.MelHighHz, d.MelHighHz);
        AddUnless(json, "log_floor", voice.LogFloor, d.LogFloor);
        return json;
    }

    private static void AddUnless<T>(JsonObject json, string name, T value, T otherwise)
        where T : IEquatable<T>
    {
        if (!value.Equals(otherwise))
        {
            json[name] = JsonValue.Create(value);
        }
    }
}
