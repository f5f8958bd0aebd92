using Microsoft.ML.Transforms;

namespace CrossModalVae.Pipelines.Savable;

/// <summary>The columns between the steps of a savable pipeline, which drops them at its end.</summary>
internal static class SavableColumns
{
    public const string Any = "cmvae_any";
    public const string State = "cmvae_state";
    public const string Input = "cmvae_input";
    public const string Start = "cmvae_start";
    public const string Duration = "cmvae_duration";
    public const string Rate = "cmvae_rate";
    public const string Boxes = "cmvae_boxes";

    /// <summary>All of them.</summary>
    public static readonly string[] All = [Any, State, Input, Start, Duration, Rate, Boxes];
}

/// <summary>Nothing of a row.</summary>
internal sealed class NoSource;

/// <summary>What a row has where no column says otherwise; columns of the same names hide these.</summary>
internal sealed class Defaults
{
    /// <summary>A scalar, from which the expression step makes the state.</summary>
    [ColumnName(SavableColumns.Any)]
    public float Any { get; set; }

    [ColumnName(SavableColumns.Start)]
    public double Start { get; set; }

    [ColumnName(SavableColumns.Duration)]
    public double Duration { get; set; } = double.NaN;

    [ColumnName(SavableColumns.Rate)]
    public double Rate { get; set; }

    [ColumnName(SavableColumns.Boxes)]
    public float[] Boxes { get; set; } = [];
}

/// <summary>Finds the defaults when ML.NET loads a saved model.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class DefaultsFactory : CustomMappingFactory<NoSource, Defaults>
{
    /// <summary>The name written into saved models; a change of what the step computes needs another.</summary>
    public const string Contract = "CrossModalVae.Defaults/1";

    public override Action<NoSource, Defaults> GetMapping() => static (_, _) => { };
}
