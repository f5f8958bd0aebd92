namespace CrossModalVae.Models;

/// <summary>
/// Which encoders of a trained model have collapsed posteriors: no latent dimension differs between clips (no active unit, Burda et al.
/// 2016, arXiv 1509.00519), so that embeddings carry nothing and every score is at chance level.
/// </summary>
public enum PosteriorCollapse
{
    /// <summary>Neither; or not known, as in files that were written before this was measured.</summary>
    None,

    /// <summary>The voice encoder's.</summary>
    Voice,

    /// <summary>The face encoder's.</summary>
    Face,

    /// <summary>Both encoders'.</summary>
    Both,
}

/// <summary>Sentences about collapsed posteriors, the same wherever they are said.</summary>
internal static class PosteriorCollapseText
{
    /// <summary>"the voice encoder's posteriors have collapsed", to follow a place.</summary>
    public static string Sentence(this PosteriorCollapse collapse) => collapse switch
    {
        PosteriorCollapse.Voice => "the voice encoder's posteriors have collapsed",
        PosteriorCollapse.Face => "the face encoder's posteriors have collapsed",
        PosteriorCollapse.Both => "both encoders' posteriors have collapsed",
        _ => throw new ArgumentOutOfRangeException(nameof(collapse), collapse, "Nothing has collapsed."),
    };

    /// <summary>The warning of a verb that uses a collapsed model.</summary>
    public static string Warning(this PosteriorCollapse collapse, string place) =>
        $"{place}: {collapse.Sentence()} in training, so its embeddings carry nothing and every figure of them is at chance level; "
        + "train again with a lower 'beta', a longer warm-up or contrast ('contrast_weight').";
}
