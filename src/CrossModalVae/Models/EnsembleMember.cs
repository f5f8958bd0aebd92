using CrossModalVae.Recipes;
using static System.FormattableString;

namespace CrossModalVae.Models;

/// <summary>A trained model as a member of an ensemble: one model whose embeddings are the members' unit-length posterior means.</summary>
/// <param name="Recipe">The member's recipe as used.</param>
/// <param name="Weights">Its weights.</param>
/// <param name="Reference">The member as its trainer computes it.</param>
/// <param name="Weight">What its cosine counts for, above 0; weights are divided by their sum.</param>
public sealed record EnsembleMember(Recipe Recipe, MultimodalVaeWeights Weights, IMultimodalVaeReference Reference, double Weight);

/// <summary>What a model card says of a member.</summary>
/// <param name="Name">The name of its recipe.</param>
/// <param name="RecipeHash">Its <see cref="Recipes.RecipeHash.Compute"/>.</param>
/// <param name="WeightsHash">SHA-256 of its trained weights.</param>
/// <param name="Weight">What its cosine counts for; all add up to 1.</param>
/// <param name="LatentDimension">How many of the ensemble's dimensions are its own, in the order of the members.</param>
public sealed record ModelCardMember(string Name, string RecipeHash, string WeightsHash, double Weight, int LatentDimension);

/// <summary>
/// The ensemble of members: z = [sqrt(w_1) mu_1 / |mu_1|; sqrt(w_2) mu_2 / |mu_2|; ...], so that the cosine of two clips is the weighted
/// mean of the members' cosines. Log-variances are 0; there is no decoder.
/// </summary>
internal sealed class Ensemble : IMultimodalVaeReference
{
    private const float LengthFloor = 1e-12f;

    private Ensemble(IReadOnlyList<EnsembleMember> members, Recipe recipe) => (Members, Recipe) = (members, recipe);

    /// <summary>The members, their weights adding up to 1.</summary>
    public IReadOnlyList<EnsembleMember> Members { get; }

    /// <summary>The front ends of all members, the first one's statistics, no bound, and all their dimensions.</summary>
    public Recipe Recipe { get; }

    /// <summary>What a member's unit-length mean is multiplied by.</summary>
    public static float Scale(EnsembleMember member) => (float)Math.Sqrt(member.Weight);

    /// <summary>Puts members together.</summary>
    /// <exception cref="ArgumentException">Fewer than two members, a weight that is not above 0, or front ends that differ.</exception>
    public static Ensemble Of(IReadOnlyList<EnsembleMember> members)
    {
        if (members.Count < 2)
        {
            throw UserError.Mark(new ArgumentException($"An ensemble of {Counted.Of(members.Count, "model")}; it needs at least two."));
        }

        Recipe first = members[0].Recipe;
        foreach (EnsembleMember member in members)
        {
            if (!(member.Weight > 0 && double.IsFinite(member.Weight)))
            {
                throw UserError.Mark(new ArgumentException(Invariant($"A member's weight is {member.Weight}; must be > 0.")));
            }

            if (RecipeHash.ComputeFeatures(member.Recipe) != RecipeHash.ComputeFeatures(first)
                || !TakesTheSame(member, first, Modality.Voice)
                || !TakesTheSame(member, first, Modality.Face))
            {
                throw UserError.Mark(new ArgumentException(
                    $"'{member.Recipe.Name}' takes other features than '{first.Name}'; members of an ensemble must have the same 'voice' "
                    + "and 'face' sections, and towers on the same modalities."));
            }
        }

        double sum = members.Sum(member => member.Weight);
        Recipe recipe = first with
        {
            Name = "ensemble",
            Description = $"Ensemble of {string.Join(", ", members.Select(member => member.Recipe.Name))}.",
            Model = first.Model with
            {
                LatentDimension = members.Sum(member => member.Weights.Voice.LatentDimension),
                PrivateDimension = 0, // a decoder's matter
            },
            Objective = new ObjectiveOptions { Bound = BoundKind.None, Alignment = AlignmentKind.None },
            Scoring = first.Scoring with { Joint = JointEmbedding.MeanOfDirections },
        };
        return new Ensemble([.. members.Select(member => member with { Weight = member.Weight / sum })], recipe);
    }

    /// <inheritdoc/>
    public (float[] Mean, float[] LogVariance) Encode(Modality modality, float[] features, int batchSize)
    {
        float[][] means = [.. Members.Select(member => member.Reference.Encode(modality, features, batchSize).Mean)];
        var all = new List<float>();
        for (int row = 0; row < batchSize; row++)
        {
            foreach ((EnsembleMember member, float[] mean) in Members.Zip(means))
            {
                float[] own = mean[(row * mean.Length / batchSize)..((row + 1) * mean.Length / batchSize)];
                float length = Math.Max((float)Math.Sqrt(own.Sum(value => (double)value * value)), LengthFloor);
                all.AddRange(own.Select(value => value / length * Scale(member)));
            }
        }

        return ([.. all], new float[all.Count]);
    }

    /// <inheritdoc/>
    public (float[] Face, float[] Voice) Decode(float[] latent, int batchSize) =>
        throw new InvalidOperationException("An ensemble has no decoder.");

    private static bool TakesTheSame(EnsembleMember member, Recipe first, Modality modality) =>
        EncoderInput.Of(member.Recipe, modality).Tower is null == EncoderInput.Of(first, modality).Tower is null;
}
