using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace CrossModalVae.Recipes.Terms;

/// <summary>
/// One weighted term of <see cref="ObjectiveOptions.Terms"/>; a file names its kind in the field <c>term</c>. Terms work on posterior means
/// unless they say otherwise; a clip without a modality takes no part in what needs it.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "term")]
[JsonDerivedType(typeof(SupervisedInfoNceOptions), "supervised-info-nce")]
[JsonDerivedType(typeof(IdentityOptions), "identity")]
[JsonDerivedType(typeof(AttributeOptions), "attribute")]
[JsonDerivedType(typeof(PinsOptions), "pins")]
[JsonDerivedType(typeof(TripletOptions), "triplet")]
[JsonDerivedType(typeof(PrototypicalOptions), "prototypical")]
[JsonDerivedType(typeof(Ge2eOptions), "ge2e")]
[JsonDerivedType(typeof(OrthogonalOptions), "orthogonal")]
[JsonDerivedType(typeof(SlicedWassersteinOptions), "sliced-wasserstein")]
[JsonDerivedType(typeof(MmdOptions), "mmd")]
[JsonDerivedType(typeof(CmpcOptions), "cmpc")]
[JsonDerivedType(typeof(DistillationOptions), "distillation")]
[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] // of derived records, for their defaults
public abstract record TermOptions
{
    private protected TermOptions()
    {
    }

    /// <summary>What the term counts for in the sum that is minimised, above 0. Default 1.</summary>
    public double Weight { get; init; } = 1.0;

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value is out of range; the message lists all faults.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        Check(faults);
        faults.Above(Weight, 0);
        faults.ThrowIfAny();
    }

    /// <summary>The name in files, as in <c>supervised-info-nce</c>.</summary>
    internal string Kind => (string)Kinds.Single(kind => kind.DerivedType == GetType()).TypeDiscriminator!;

    private protected abstract void Check(OptionFaults faults);

    private static IEnumerable<JsonDerivedTypeAttribute> Kinds =>
        typeof(TermOptions).GetCustomAttributes(typeof(JsonDerivedTypeAttribute), inherit: false).Cast<JsonDerivedTypeAttribute>();
}
