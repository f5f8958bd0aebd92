namespace FaceVoiceService;

/// <summary>What this service adds to the library's options; section "Service" of the configuration.</summary>
public sealed class ServiceOptions
{
    /// <summary>The folder of the gallery of enrolled people; made where there is none. Required.</summary>
    public string GalleryFolder { get; set; } = "";

    /// <summary>What `cmvae calibrate --direction voice-to-face` wrote, or empty: rankings for voices have no probabilities then.</summary>
    public string VoiceCalibration { get; set; } = "";

    /// <summary>What `cmvae calibrate --direction face-to-voice` wrote, or empty: rankings for faces have no probabilities then.</summary>
    public string FaceCalibration { get; set; } = "";

    /// <summary>
    /// The probability, before anything is heard or seen, that one given person of the gallery is the right one. Default one over the
    /// number of people, at most one half.
    /// </summary>
    public double? Prior { get; set; }

    /// <summary>Whether callers need a key in the header X-Api-Key. Default yes; this line switches it off.</summary>
    public bool RequireApiKey { get; set; } = true;

    /// <summary>The keys, of at least 16 characters; from the environment or a secret store, not from a file in source control.</summary>
    public IReadOnlyList<string> ApiKeys { get; set; } = [];

    /// <summary>After how many seconds a request is given up (HTTP 504), above 0. Default 10.</summary>
    public double TimeoutSeconds { get; set; } = 10;

    /// <summary>The most people a ranking lists, at least 1. Default 100.</summary>
    public int MaxCount { get; set; } = 100;

    /// <summary>Every fault of these options, each a sentence.</summary>
    internal IEnumerable<string> Faults()
    {
        if (GalleryFolder.Length == 0)
        {
            yield return "'Service:GalleryFolder' is empty; must name a folder for the gallery.";
        }

        if (RequireApiKey && ApiKeys.Count == 0)
        {
            yield return "'Service:ApiKeys' is empty; must have a key (environment variable Service__ApiKeys__0), "
                + "or 'Service:RequireApiKey' must be false.";
        }

        if (ApiKeys.Any(key => key.Length < 16))
        {
            yield return "'Service:ApiKeys' has a key of fewer than 16 characters; must be longer.";
        }

        if (!(TimeoutSeconds > 0) || double.IsInfinity(TimeoutSeconds))
        {
            yield return FormattableString.Invariant($"'Service:TimeoutSeconds' is {TimeoutSeconds}; must be above 0.");
        }

        if (MaxCount < 1)
        {
            yield return FormattableString.Invariant($"'Service:MaxCount' is {MaxCount}; must be at least 1.");
        }

        if (Prior is double prior && !(prior > 0 && prior < 1))
        {
            yield return FormattableString.Invariant($"'Service:Prior' is {prior}; must be above 0 and below 1.");
        }
    }
}
