namespace CrossModalVae.Recipes.Terms;

/// <summary>
/// Supervised InfoNCE (Khosla et al. 2020, equation 2): all clips of a person in the batch are positives, those of other people negatives,
/// on cosine similarities. Needs people of at least two clips, or of a voice and a face.
/// </summary>
public sealed record SupervisedInfoNceOptions : TermOptions
{
    /// <summary>Divides the cosine similarities, above 0. Default 0.1.</summary>
    public double Temperature { get; init; } = 0.1;

    /// <summary>
    /// Whether voices are compared with voices, and faces with faces, too: all rows are one set, as in the paper. Default false, voices
    /// with faces and faces with voices alone.
    /// </summary>
    public bool WithinModality { get; init; }

    private protected override void Check(OptionFaults faults) => faults.Above(Temperature, 0);
}
