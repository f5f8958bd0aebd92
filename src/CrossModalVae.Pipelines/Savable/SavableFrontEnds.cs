using Microsoft.ML.Transforms;

namespace CrossModalVae.Pipelines.Savable;

/// <summary>The steps of a modality, from its input column to its posterior.</summary>
internal static class SavableFrontEnds
{
    public static void AddVoice(SavableChain chain, ScoringModel model, PipelineColumns columns)
    {
        MLContext ml = chain.Context;
        chain.AddNumber(SavableColumns.Start, columns.StartSeconds);
        chain.AddNumber(SavableColumns.Duration, columns.DurationSeconds);
        chain.AddNumber(SavableColumns.Rate, columns.SampleRate);
        if (columns.SampleRateHz is int rate)
        {
            chain.Add(ml.Transforms.Expression(
                SavableColumns.Rate, string.Create(CultureInfo.InvariantCulture, $"x : double({rate})"), SavableColumns.Any));
        }

        var section = new Recipe { Name = "", Voice = model.Recipe.Voice };
        chain.AddState(SavableState.Of(section, model.Recipe.Voice.Encoder?.Path, columns, columns.Voice, model.Reading));
        DataViewType type = chain.AddInput(columns.Voice);
        chain.Add(type switch
        {
            TextDataViewType => Map(ml, new VoicePathFactory(), VoicePathFactory.Contract),
            VectorDataViewType { ItemType: var item } when item == NumberDataViewType.Byte =>
                Map(ml, new VoiceBytesFactory(), VoiceBytesFactory.Contract),
            _ => Map(ml, new VoiceSamplesFactory(), VoiceSamplesFactory.Contract),
        });
        chain.AddGraph(
            model.VoiceEncoder,
            OnnxContract.VoiceFeatures,
            ModelColumns.VoiceFeatures,
            OnnxContract.VoiceMean,
            OnnxContract.VoiceLogVariance);
        chain.Add(Map(ml, new VoicePosteriorFactory(), VoicePosteriorFactory.Contract));
        chain.Add(PaddedVectors.Truncate(
            ml, model.Recipe.Model.LatentDimension, ModelColumns.VoiceMean, ModelColumns.VoiceLogVariance));
    }

    public static void AddFace(SavableChain chain, ScoringModel model, PipelineColumns columns)
    {
        MLContext ml = chain.Context;
        if (columns.FaceBoxes is string boxes)
        {
            chain.Add(ml.Transforms.CopyColumns(SavableColumns.Boxes, boxes));
        }

        var section = new Recipe { Name = "", Face = model.Recipe.Face };
        chain.AddState(SavableState.Of(section, model.Recipe.Face.Encoder?.Path, columns, columns.Faces));
        DataViewType type = chain.AddInput(columns.Faces);
        chain.Add(type switch
        {
            TextDataViewType => Map(ml, new FacePathFactory(), FacePathFactory.Contract),
            VectorDataViewType { ItemType: TextDataViewType } => Map(ml, new FacePathsFactory(), FacePathsFactory.Contract),
            _ when ImageColumn.Is(type) => throw UserError.Mark(new NotSupportedException(
                $"Column '{columns.Faces}' has pictures (MLImage), which ML.NET hands to no step that ml.Model.Save holds: "
                + "use paths or bytes, or ml.Model.SaveBundle, which takes them.")),
            _ => Map(ml, new FaceBytesFactory(), FaceBytesFactory.Contract),
        });
        chain.AddGraph(
            model.FaceEncoder,
            OnnxContract.FaceFeatures,
            ModelColumns.FaceFeatures,
            OnnxContract.FaceMean,
            OnnxContract.FaceLogVariance);
        chain.Add(Map(ml, new FacePosteriorFactory(), FacePosteriorFactory.Contract));
        chain.Add(PaddedVectors.Truncate(
            ml, model.Recipe.Model.LatentDimension, ModelColumns.FaceMean, ModelColumns.FaceLogVariance));
    }

    private static CustomMappingEstimator<TSource, TTarget> Map<TSource, TTarget>(
        MLContext ml, CustomMappingFactory<TSource, TTarget> factory, string contract)
        where TSource : class, new()
        where TTarget : class, new() => ml.Transforms.CustomMapping(factory.GetMapping(), contract);
}
