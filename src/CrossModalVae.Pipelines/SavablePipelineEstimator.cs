using CrossModalVae.Pipelines.Savable;

namespace CrossModalVae.Pipelines;

/// <summary>
/// A model's pipeline made of steps that <c>ml.Model.Save</c> holds: custom mappings of this assembly, which ML.NET finds by their names,
/// ApplyOnnxModel and ML.NET's own. <c>ml.Model.Load</c> gives it back in any process that has this assembly; nothing is registered.
/// <list type="table">
/// <item><term>Learns from data</term><description>no</description></item>
/// <item><term>Input</term><description>as <see cref="VoiceSpectrogramEstimator"/> and <see cref="FaceTensorEstimator"/> have it, but for
/// pictures (MLImage)</description></item>
/// <item><term>Output</term><description>the columns of <see cref="ModelColumns"/>; the features are vectors of no stated
/// length</description></item>
/// <item><term>Savable</term><description>by ml.Model.Save, and in a bundle</description></item>
/// </list>
/// Rows are computed one at a time on the CPU, as ML.NET does it. Made by <see cref="ModelPipelines.CreateSavablePipeline"/>.
/// </summary>
public sealed class SavablePipelineEstimator : IEstimator<TransformerChain<ITransformer>>
{
    private readonly ScoringModel _model;
    private readonly MLContext _ml;
    private readonly PipelineColumns _columns;
    private readonly Modality _modality;

    internal SavablePipelineEstimator(ScoringModel model, MLContext ml, PipelineColumns columns, Modality modality)
    {
        (_model, _ml, _columns, _modality) = (model, ml, columns, modality);
        if (Latent > PaddedVectors.Length)
        {
            throw UserError.Mark(new NotSupportedException(
                $"The model has {Latent} latent dimensions; ml.Model.Save holds at most {PaddedVectors.Length}: "
                + "use ml.Model.SaveBundle, which holds any number."));
        }
    }

    private int Latent => _model.Recipe.Model.LatentDimension;

    private bool HasVoice => _modality != Modality.Face;

    private bool HasFace => _modality != Modality.Voice;

    /// <summary>The pipeline for an input.</summary>
    /// <param name="input">The input.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type; the message names it and both types.</exception>
    /// <exception cref="NotSupportedException">ml.Model.Save cannot hold it; the message names the reason and SaveBundle.</exception>
    public TransformerChain<ITransformer> Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        foreach (InputColumn column in Inputs())
        {
            column.Find(input.Schema);
        }

        var chain = new SavableChain(_ml, input);
        chain.Add(_ml.Transforms.CustomMapping(new DefaultsFactory().GetMapping(), DefaultsFactory.Contract));
        if (HasVoice)
        {
            SavableFrontEnds.AddVoice(chain, _model, _columns);
        }

        if (HasFace)
        {
            SavableFrontEnds.AddFace(chain, _model, _columns);
        }

        if (_modality == Modality.Joint)
        {
            chain.Add(JointFactory.Create(_ml, _model.Recipe.Scoring.Joint));
            chain.Add(PaddedVectors.Truncate(_ml, Latent, ModelColumns.JointEmbedding));
        }

        return chain.Finish();
    }

    /// <summary>The promised schema: the input's with the model's columns added.</summary>
    /// <param name="inputSchema">The input's promised schema.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type; the message names it and both types.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (InputColumn column in Inputs())
        {
            column.Check(inputSchema);
        }

        TransformsCatalog transforms = new MLContext().Transforms;
        return Outputs().Aggregate(inputSchema, (shape, column) => column.AppendTo(shape, transforms));
    }

    private IEnumerable<InputColumn> Inputs() =>
    [
        .. HasVoice ? Voice().Inputs() : [],
        .. HasFace ? FaceTensorEstimator.Columns(_columns.Faces, _columns.FaceBoxes) : [],
    ];

    private VoiceColumns Voice() => new(
        "", _columns.Voice, _columns.StartSeconds, _columns.DurationSeconds, _columns.SampleRateHz, _columns.SampleRate);

    private IEnumerable<OutputColumn> Outputs()
    {
        IEnumerable<OutputColumn> Posterior(string features, string mean, string logVariance) =>
        [
            OutputColumn.FloatVector(features, 0), OutputColumn.FloatVector(mean, Latent), OutputColumn.FloatVector(logVariance, Latent),
        ];
        return
        [
            .. HasVoice ? Posterior(ModelColumns.VoiceFeatures, ModelColumns.VoiceMean, ModelColumns.VoiceLogVariance) : [],
            .. HasFace ? Posterior(ModelColumns.FaceFeatures, ModelColumns.FaceMean, ModelColumns.FaceLogVariance) : [],
            .. _modality == Modality.Joint ? [OutputColumn.FloatVector(ModelColumns.JointEmbedding, Latent)] : Array.Empty<OutputColumn>(),
        ];
    }
}
