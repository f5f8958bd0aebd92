namespace CrossModalVae.Synthesis;

/// <summary>The sex of a synthetic identity; voice and face always agree on it.</summary>
public enum Sex
{
    /// <summary>Female.</summary>
    Female,

    /// <summary>Male.</summary>
    Male,
}
