namespace CrossModalVae.Evaluation;

/// <summary>Whether training has met the people of an evaluation; figures of the two are never to be mixed.</summary>
public enum Population
{
    /// <summary>People whom training has neither seen nor heard: what a system can do.</summary>
    UnseenUnheard,

    /// <summary>
    /// People of the training split: what it has learnt by heart. As splits here part people, these are the clips that were trained on, not
    /// further ones of the same people as in the field's seen-heard lists.
    /// </summary>
    SeenHeard,
}
