namespace CrossModalVae.Training.Terms;

/// <summary>A term between voices and faces, the mean over both directions.</summary>
internal abstract class CrossModalTerm(string name, double weight) : ObjectiveTerm(name, weight)
{
    public sealed override TermValue? Evaluate(TermBatch batch) => batch.Voice is null || batch.Face is null
        ? null
        : Mean(Evaluate(batch.Voice, batch.Face), Evaluate(batch.Face, batch.Voice));

    /// <summary>One direction's value; null where there is nothing to find, or nobody else.</summary>
    protected abstract TermValue? Evaluate(TermRows queries, TermRows candidates);
}
