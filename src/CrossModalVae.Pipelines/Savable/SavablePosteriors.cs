using Microsoft.ML.Transforms;

namespace CrossModalVae.Pipelines.Savable;

/// <summary>
/// Vectors of a length that is not known when a mapping's class is written: they are padded to the largest, and ML.NET's own step that
/// drops slots, fitted to a row of the length, gives them their length.
/// </summary>
internal static class PaddedVectors
{
    /// <summary>The largest length.</summary>
    public const int Length = 4096;

    /// <summary>A vector padded with zeros.</summary>
    public static float[] Of(ReadOnlySpan<float> values)
    {
        var padded = new float[Length];
        values.CopyTo(padded);
        return padded;
    }

    /// <summary>NaN of a length, padded.</summary>
    public static float[] Missing(int length)
    {
        var padded = new float[Length];
        padded.AsSpan(0, length).Fill(float.NaN);
        return padded;
    }

    /// <summary>ML.NET's step that keeps the first slots of columns.</summary>
    public static ITransformer Truncate(MLContext ml, int length, params string[] columns)
    {
        float[] kept = [.. Enumerable.Repeat(1f, length), .. Enumerable.Repeat(float.NaN, Length - length)];
        SchemaDefinition definition = SchemaDefinition.Create(typeof(PaddedRow));
        IDataView view = ml.Data.LoadFromEnumerable([new PaddedRow { Value = kept }], definition);
        foreach (string column in columns)
        {
            ColumnCopyingTransformer copy = ml.Transforms.CopyColumns(column, nameof(PaddedRow.Value)).Fit(view);
            view = copy.Transform(view);
        }

        InputOutputColumnPair[] pairs = [.. columns.Select(column => new InputOutputColumnPair(column))];
        return ml.Transforms.FeatureSelection.SelectFeaturesBasedOnCount(pairs, count: 1).Fit(view);
    }

    private sealed class PaddedRow
    {
        [VectorType(Length)]
        public float[] Value { get; set; } = [];
    }
}

/// <summary>A graph's outputs and what it was given.</summary>
internal sealed class VoicePosteriorSource
{
    [ColumnName(OnnxContract.VoiceFeatures)]
    public float[] Features { get; set; } = [];

    [ColumnName(OnnxContract.VoiceMean)]
    public float[] Mean { get; set; } = [];

    [ColumnName(OnnxContract.VoiceLogVariance)]
    public float[] LogVariance { get; set; } = [];
}

/// <summary>A voice's posterior in the columns of a model's pipelines, padded.</summary>
internal sealed class VoicePosteriorTarget
{
    [ColumnName(ModelColumns.VoiceMean)]
    [VectorType(PaddedVectors.Length)]
    public float[] Mean { get; set; } = [];

    [ColumnName(ModelColumns.VoiceLogVariance)]
    [VectorType(PaddedVectors.Length)]
    public float[] LogVariance { get; set; } = [];
}

/// <summary>A graph's outputs and what it was given.</summary>
internal sealed class FacePosteriorSource
{
    [ColumnName(OnnxContract.FaceFeatures)]
    public float[] Features { get; set; } = [];

    [ColumnName(OnnxContract.FaceMean)]
    public float[] Mean { get; set; } = [];

    [ColumnName(OnnxContract.FaceLogVariance)]
    public float[] LogVariance { get; set; } = [];
}

/// <summary>A face's posterior in the columns of a model's pipelines, padded.</summary>
internal sealed class FacePosteriorTarget
{
    [ColumnName(ModelColumns.FaceMean)]
    [VectorType(PaddedVectors.Length)]
    public float[] Mean { get; set; } = [];

    [ColumnName(ModelColumns.FaceLogVariance)]
    [VectorType(PaddedVectors.Length)]
    public float[] LogVariance { get; set; } = [];
}

/// <summary>What a graph made of a missing voice is NaN, whatever it is.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class VoicePosteriorFactory : CustomMappingFactory<VoicePosteriorSource, VoicePosteriorTarget>
{
    /// <summary>The name written into saved models; a change of what the step computes needs another.</summary>
    public const string Contract = "CrossModalVae.VoicePosterior/1";

    public override Action<VoicePosteriorSource, VoicePosteriorTarget> GetMapping() => static (source, target) =>
    {
        bool isMissing = JointPosterior.IsMissing(source.Features);
        target.Mean = isMissing ? PaddedVectors.Missing(source.Mean.Length) : PaddedVectors.Of(source.Mean);
        target.LogVariance = isMissing ? PaddedVectors.Missing(source.Mean.Length) : PaddedVectors.Of(source.LogVariance);
    };
}

/// <summary>What a graph made of a missing face is NaN, whatever it is.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class FacePosteriorFactory : CustomMappingFactory<FacePosteriorSource, FacePosteriorTarget>
{
    /// <summary>The name written into saved models; a change of what the step computes needs another.</summary>
    public const string Contract = "CrossModalVae.FacePosterior/1";

    public override Action<FacePosteriorSource, FacePosteriorTarget> GetMapping() => static (source, target) =>
    {
        bool isMissing = JointPosterior.IsMissing(source.Features);
        target.Mean = isMissing ? PaddedVectors.Missing(source.Mean.Length) : PaddedVectors.Of(source.Mean);
        target.LogVariance = isMissing ? PaddedVectors.Missing(source.Mean.Length) : PaddedVectors.Of(source.LogVariance);
    };
}
