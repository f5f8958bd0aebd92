using CrossModalVae.Corpora;
using CrossModalVae.Recipes.Terms;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Terms;

/// <summary>The terms of a recipe's objective, and the parameters that they learn.</summary>
internal sealed class TermSet : nn.Module
{
    private TermSet(IReadOnlyList<ObjectiveTerm> terms, IReadOnlyList<string> leftOut)
        : base(nameof(TermSet))
    {
        Terms = terms;
        LeftOut = leftOut;
        foreach (ObjectiveTerm term in terms)
        {
            register_module(term.Name, term);
        }
    }

    public IReadOnlyList<ObjectiveTerm> Terms { get; }

    /// <summary>Why optional terms are left out, a sentence each.</summary>
    public IReadOnlyList<string> LeftOut { get; }

    /// <summary>The parameters by name, "identity.weight".</summary>
    public IReadOnlyList<(string Name, Parameter Value)> Weights =>
        [.. named_parameters().Select(entry => (entry.name, entry.parameter))];

    /// <summary>What files beside the corpus the terms learn from, "" without one.</summary>
    public string DataHash => string.Concat(Terms.Select(term => term.DataHash));

    /// <summary>Builds the terms of a recipe for a training split, with seeded parameters on a device.</summary>
    /// <exception cref="InvalidDataException">The split or a batch lacks what a term needs; a sentence for each.</exception>
    public static TermSet Create(Recipe recipe, FeatureSource train, Device device)
    {
        (TermOptions Term, string? Lacks)[] all = [.. recipe.Objective.Terms.Select(term => (term, Lacks(term, recipe.Training, train)))];
        string[] leftOut = [.. all.Where(entry => IsOptional(entry.Term)).Select(entry => entry.Lacks).OfType<string>()];
        TermOptions[] terms = [.. all.Where(entry => entry.Lacks is null || !IsOptional(entry.Term)).Select(entry => entry.Term)];
        string[] faults = [.. all.Where(entry => !IsOptional(entry.Term)).Select(entry => entry.Lacks).OfType<string>()];
        if (faults.Length > 0)
        {
            throw new InvalidDataException(string.Join(" ", faults));
        }

        if (recipe.Objective is { Bound: BoundKind.None, ContrastWeight: 0.0 } && terms.Length == 0)
        {
            throw new InvalidDataException(
                "The objective has no bound, no contrast and no terms: nothing would tell people apart; add a term.");
        }

        if (recipe.Objective is { Bound: BoundKind.None, ContrastWeight: 0.0 }
            && recipe.Training.Selection == SelectionCriterion.ValidationLoss
            && terms.All(term => term is IdentityOptions))
        {
            throw new InvalidDataException(
                "Terms of training identities alone have no validation loss; choose 'selection' \"validation-auc\".");
        }

        if (recipe.Objective.Bound == BoundKind.RidgeCca && (terms.Length > 0 || recipe.Objective.ContrastWeight > 0.0))
        {
            throw new InvalidDataException(
                "The objective is 'ridge-cca', a closed form: 'terms' and 'contrast_weight' have no place in it.");
        }

        int people = train.Clips.GroupBy(clip => clip.Identity, StringComparer.Ordinal).Count(clips => HasBoth([.. clips]));
        int folds = recipe.Objective.CcaFolds;
        if (recipe.Objective.Bound == BoundKind.RidgeCca && people < 2 * folds)
        {
            throw new InvalidDataException(
                $"'cca_folds' is {folds}, which needs {2 * folds} people with a voice and a face; the training split has {people}.");
        }

        var context = new TermContext(train, recipe.Model.LatentDimension, recipe.Training.Seed, device);
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        return new TermSet([.. terms.Select(term =>
        {
            int number = names[term.Kind] = names.GetValueOrDefault(term.Kind) + 1;
            return Create(term, number == 1 ? term.Kind : $"{term.Kind}-{number}", context);
        })],
        leftOut);
    }

    private static ObjectiveTerm Create(TermOptions options, string name, TermContext context) => options switch
    {
        SupervisedInfoNceOptions own => new SupervisedInfoNceTerm(name, own),
        IdentityOptions own => new IdentityTerm(name, own, context),
        AttributeOptions own => new AttributeTerm(name, own, context),
        PinsOptions own => new PinsTerm(name, own),
        TripletOptions own => new TripletTerm(name, own),
        PrototypicalOptions own => new PrototypicalTerm(name, own, context),
        Ge2eOptions own => new Ge2eTerm(name, own, context),
        OrthogonalOptions own => new OrthogonalTerm(name, own),
        SlicedWassersteinOptions own => new SlicedWassersteinTerm(name, own),
        MmdOptions own => new MmdTerm(name, own),
        CmpcOptions own => new CmpcTerm(name, own, context),
        DistillationOptions own => new DistillationTerm(name, own, context),
        _ => throw new ArgumentOutOfRangeException(nameof(options), options, "The term has no implementation."),
    };

    private static bool IsOptional(TermOptions term) => term is AttributeOptions { Optional: true };

    // What the training split or its batches lack for a term.
    private static string? Lacks(TermOptions term, TrainingOptions training, FeatureSource train) => term switch
    {
        SupervisedInfoNceOptions own => NeedsNegatives(term, training)
            ?? NeedsPeople(term, train, 2, own.WithinModality
                ? ("two clips, or a voice and a face", HasTwo)
                : ("a voice and a face", HasBoth)),
        AttributeOptions { Attribute: PersonTrait.Gender } => NeedsValues(term, "gender", train.Clips.Select(clip => clip.Gender)),
        AttributeOptions { Attribute: PersonTrait.Nationality } =>
            NeedsValues(term, "nationality", train.Clips.Select(clip => clip.Nationality)),
        AttributeOptions => NeedsValues(term, "age", train.Clips.Select(clip => clip.Age)),
        PinsOptions or TripletOptions or PrototypicalOptions or SlicedWassersteinOptions
            or MmdOptions { Target: MmdTarget.OtherModality } => NeedsNegatives(term, training)
                ?? NeedsPeople(term, train, 2, ("a voice and a face", HasBoth)),
        Ge2eOptions or OrthogonalOptions => NeedsNegatives(term, training)
            ?? NeedsPeople(term, train, 2, ("two clips, or a voice and a face", HasTwo)),
        MmdOptions => NeedsNegatives(term, training),
        CmpcOptions own => NeedsNegatives(term, training)
            ?? NeedsClips(own, "voice", train.Clips.Count(HasVoice)) ?? NeedsClips(own, "face", train.Clips.Count(HasFace)),
        _ => null,
    };

    private static bool HasVoice(Clip clip) => clip.Voice is not null;

    private static bool HasFace(Clip clip) => clip.Faces.Count > 0;

    private static bool HasBoth(IReadOnlyCollection<Clip> clips) => clips.Any(HasVoice) && clips.Any(HasFace);

    private static bool HasTwo(IReadOnlyCollection<Clip> clips) => clips.Count(HasVoice) + clips.Count(HasFace) >= 2;

    private static string? NeedsNegatives(TermOptions term, TrainingOptions training) => training.BatchSize >= 2
        ? null
        : $"Term '{term.Kind}' needs two people in a batch; 'batch_size' is {training.BatchSize}.";

    private static string? NeedsClips(CmpcOptions term, string modality, int count) => count >= term.Clusters.Max()
        ? null
        : $"Term '{term.Kind}' looks for {term.Clusters.Max()} clusters, and the training split has {count} clips with a {modality}; "
            + "'clusters' must not exceed them.";

    private static string? NeedsPeople(
        TermOptions term, FeatureSource train, int least, (string What, Func<IReadOnlyCollection<Clip>, bool> Holds) need)
    {
        int count = train.Clips.GroupBy(clip => clip.Identity, StringComparer.Ordinal).Count(clips => need.Holds([.. clips]));
        return count >= least
            ? null
            : $"Term '{term.Kind}' needs {least} people with {need.What}; the training split has {count}.";
    }

    private static string? NeedsValues<T>(TermOptions term, string name, IEnumerable<T?> values)
    {
        int count = values.Where(value => value is not null).Distinct().Count();
        return count >= 2
            ? null
            : $"Term '{term.Kind}' needs clips of at least two values of '{name}' in the manifest; the training split has {count}.";
    }
}
