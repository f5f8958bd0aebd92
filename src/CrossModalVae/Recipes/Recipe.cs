using CrossModalVae.Audio;
using CrossModalVae.Clustering;
using CrossModalVae.Faces;
using CrossModalVae.Models;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Recipes;

/// <summary>Every option of every step, from the front ends to the ranking. One recipe trains and later scores, so the two cannot drift.</summary>
public sealed record Recipe
{
    /// <summary>A short name, shown in tables.</summary>
    public required string Name { get; init; }

    /// <summary>One or two sentences for a reader; may be empty.</summary>
    public string Description { get; init; } = "";

    /// <summary>Wav to voice features.</summary>
    public VoiceOptions Voice { get; init; } = new();

    /// <summary>Jpg frames to face features.</summary>
    public FaceOptions Face { get; init; } = new();

    /// <summary>The networks.</summary>
    public ModelOptions Model { get; init; } = new();

    /// <summary>What is minimised.</summary>
    public ObjectiveOptions Objective { get; init; } = new();

    /// <summary>How it is minimised.</summary>
    public TrainingOptions Training { get; init; } = new();

    /// <summary>How clips are scored.</summary>
    public ScoringOptions Scoring { get; init; } = new();

    /// <summary>How embeddings are clustered.</summary>
    public ClusteringOptions Clustering { get; init; } = new();

    /// <summary>How galleries are ranked.</summary>
    public RankingOptions Ranking { get; init; } = new();

    /// <summary>Filled in by training; null in a recipe that has not been used.</summary>
    public RecipeStatistics? Statistics { get; init; }
}
