using CrossModalVae.Faces;
using CrossModalVae.Features;
using CrossModalVae.Pipelines.FrontEnds;
using Microsoft.ML.Transforms;

namespace CrossModalVae.Pipelines.Savable;

/// <summary>What a savable face front end reads.</summary>
/// <typeparam name="T">How faces come: a path, paths or a file's bytes.</typeparam>
internal sealed class FaceSource<T>
{
    [ColumnName(SavableColumns.State)]
    public ReadOnlyMemory<char> State { get; set; }

    [ColumnName(SavableColumns.Input)]
    public T? Faces { get; set; }

    [ColumnName(SavableColumns.Boxes)]
    public float[] Boxes { get; set; } = [];
}

/// <summary>Face features under the graphs' name.</summary>
internal sealed class FaceTarget
{
    /// <summary>[F]; NaN where the face is missing.</summary>
    [ColumnName(OnnxContract.FaceFeatures)]
    public float[] Features { get; set; } = [];
}

/// <summary>A face front end that ML.NET can save.</summary>
internal abstract class FaceFactory<T> : CustomMappingFactory<FaceSource<T>, FaceTarget>
{
    public sealed override Action<FaceSource<T>, FaceTarget> GetMapping()
    {
        var steps = new SavableCache<Step>(Step.Open);
        return (source, target) =>
        {
            Step step = steps.Get(source.State);
            target.Features = new float[step.Rows.FeatureCount]; // a new array each row: a consumer may keep what it got
            FaceBox?[] boxes = BoxColumn.Read(step.BoxColumn, source.Boxes ?? []);
            Extraction? extract = source.Faces is null ? null : Extract(step, source.Faces, boxes);
            if (extract is null)
            {
                Array.Fill(target.Features, float.NaN);
            }
            else
            {
                extract(target.Features);
            }
        };
    }

    /// <summary>What writes the features; null where the face is missing.</summary>
    protected abstract Extraction? Extract(Step step, T faces, FaceBox?[] boxes);

    /// <summary>A front end and how it was asked for.</summary>
    protected sealed record Step(FaceRows Rows, string Name, string BoxColumn)
    {
        public static Step Open(SavableState state)
        {
            (Recipe section, FrozenEncoders encoders) = state.Open();
            string boxes = state.BoxColumn ?? "";
            return new Step(
                new FaceRows(new FaceFrontEnd(section.Face, encoders.Face), state.Folder, boxes), $"Column '{state.Column}'", boxes);
        }
    }
}

/// <summary>Faces as the path of one frame.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class FacePathFactory : FaceFactory<string>
{
    /// <summary>The name written into saved models; a change of what the step computes needs another.</summary>
    public const string Contract = "CrossModalVae.FacePath/1";

    protected override Extraction? Extract(Step step, string faces, FaceBox?[] boxes) => step.Rows.Of([faces], boxes);
}

/// <summary>Faces as the paths of frames.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class FacePathsFactory : FaceFactory<string[]>
{
    /// <summary>The name written into saved models; a change of what the step computes needs another.</summary>
    public const string Contract = "CrossModalVae.FacePaths/1";

    protected override Extraction? Extract(Step step, string[] faces, FaceBox?[] boxes) => step.Rows.Of(faces, boxes);
}

/// <summary>Faces as the content of files.</summary>
[CustomMappingFactoryAttribute(Contract)]
internal sealed class FaceBytesFactory : FaceFactory<byte[]>
{
    /// <summary>The name written into saved models; a change of what the step computes needs another.</summary>
    public const string Contract = "CrossModalVae.FaceBytes/1";

    protected override Extraction? Extract(Step step, byte[] faces, FaceBox?[] boxes) => step.Rows.Of(faces, boxes, step.Name);
}
