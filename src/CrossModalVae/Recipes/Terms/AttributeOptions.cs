namespace CrossModalVae.Recipes.Terms;

/// <summary>What a manifest says of a clip's person.</summary>
public enum PersonTrait
{
    /// <summary>"m" or "f": logistic regression, nats.</summary>
    Gender,

    /// <summary>Years, standardised over the training clips: linear regression, half the squared error.</summary>
    Age,

    /// <summary>One of those of the training clips: multinomial logistic regression, nats.</summary>
    Nationality,
}

/// <summary>A linear prediction of an attribute from posterior means, by weights that are no part of the model.</summary>
public sealed record AttributeOptions : TermOptions
{
    /// <summary>The attribute; clips whose manifest line lacks it take no part. Default gender.</summary>
    public PersonTrait Attribute { get; init; } = PersonTrait.Gender;

    /// <summary>Whether voices and faces have the same weights. Default true.</summary>
    public bool Shared { get; init; } = true;

    /// <summary>
    /// Whether the term is left out, and a note says so, where the manifest lacks the attribute; false refuses to train. Default false.
    /// </summary>
    public bool Optional { get; init; }

    private protected override void Check(OptionFaults faults) => faults.OneOf(Attribute);
}
