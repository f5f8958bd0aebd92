using CrossModalVae.Audio;
using CrossModalVae.Recipes;
using CrossModalVae.Towers;

namespace CrossModalVae.Models;

/// <summary>
/// How an encoder reads a clip's features: a row of F numbers is <see cref="UnitCount"/> units (frames of a voice, pictures of a face), of
/// which one example, what the network sees at a time, has some. Without a tower the row is one unit and one example.
/// </summary>
internal sealed record EncoderInput
{
    public required Modality Modality { get; init; }

    /// <summary>The recipe's options of the tower; null for hidden layers alone.</summary>
    public TowerOptions? Options { get; init; }

    /// <summary>The tower for one example; null for hidden layers alone.</summary>
    public TowerArchitecture? Tower { get; init; }

    /// <summary>Units of a row.</summary>
    public required int UnitCount { get; init; }

    /// <summary>Numbers of a unit.</summary>
    public required int UnitLength { get; init; }

    /// <summary>Units of an example in training.</summary>
    public required int ExampleUnits { get; init; }

    /// <summary>
    /// Statistics there are: one a feature, or with a tower one a bin of a voice, one a plane of a face.
    /// </summary>
    public required int StatisticsCount { get; init; }

    /// <summary>Consecutive numbers that share a statistic: 1, or the pixels of a plane.</summary>
    public required int BlockLength { get; init; }

    /// <summary>F.</summary>
    public int RowLength => UnitCount * UnitLength;

    /// <summary>Numbers of an example in training, which the decoder restores.</summary>
    public int ExampleLength => ExampleUnits * UnitLength;

    /// <summary>An example's tensor without its batch axis: [F], [frames, bins] or [planes, height, width].</summary>
    public long[] ExampleShape => Tower is null ? [UnitLength]
        : Modality == Modality.Voice ? [ExampleUnits, UnitLength]
        : [Tower.Input.Planes, Tower.Input.Rows, Tower.Input.Columns];

    /// <summary>What the encoder's first layer after the tower takes.</summary>
    public int OutputCount => Tower?.OutputCount ?? RowLength;

    /// <summary>Whether a clip is scored by several examples, whose posteriors are averaged.</summary>
    public bool ScoresSeveral => Tower is not null && (ScoringCrops > 1 || Options!.ScoresMirrored || PicturesPerClip > 1);

    /// <summary>Parts of a voice that are scored; 1 for the whole row.</summary>
    public int ScoringCrops => Modality == Modality.Voice ? Options?.ScoringCrops ?? 1 : 1;

    /// <summary>Pictures of a face that are scored.</summary>
    public int PicturesPerClip => Modality == Modality.Face && Tower is not null ? UnitCount : 1;

    /// <summary>A row as it is, for hidden layers alone.</summary>
    public static EncoderInput Flat(Modality modality, int length) => new()
    {
        Modality = modality,
        UnitCount = 1,
        UnitLength = length,
        ExampleUnits = 1,
        StatisticsCount = length,
        BlockLength = 1,
    };

    /// <summary>A modality of a recipe whose rows have the length given.</summary>
    /// <exception cref="ArgumentException">The tower cannot take the front end's features.</exception>
    public static EncoderInput Of(Recipe recipe, Modality modality, int rowLength)
    {
        TowerOptions? options = modality == Modality.Voice ? recipe.Model.VoiceTower : recipe.Model.FaceTower;
        return options is null ? Flat(modality, rowLength)
            : modality == Modality.Voice ? Voice(recipe, options, rowLength)
            : Face(recipe, options, rowLength);
    }

    /// <summary>A modality of a recipe as used.</summary>
    public static EncoderInput Of(Recipe recipe, Modality modality)
    {
        bool isVoice = modality == Modality.Voice;
        if ((isVoice ? recipe.Model.VoiceTower : recipe.Model.FaceTower) is null)
        {
            RecipeStatistics statistics = recipe.Statistics!;
            return Flat(modality, (isVoice ? statistics.Voice : statistics.Face).Length);
        }

        int length = isVoice ? new VoiceFrontEnd(recipe.Voice).FeatureCount : new Faces.FaceFrontEnd(recipe.Face).FeatureCount;
        return Of(recipe, modality, length);
    }

    private static EncoderInput Voice(Recipe recipe, TowerOptions options, int rowLength)
    {
        int bins = new VoiceFrontEnd(recipe.Voice).BinCount;
        int frames = rowLength / bins;
        if (recipe.Voice.Pooling != TimePooling.None || frames * bins != rowLength)
        {
            throw UserError.Mark(new ArgumentException(
                $"'model.voice_tower' takes frames, but a voice has {rowLength} features; expected frames of {bins} bins, 'voice.pooling' "
                + "none."));
        }

        if (options.CropFrames > frames)
        {
            throw UserError.Mark(new ArgumentException(
                $"'model.voice_tower.crop_frames' is {options.CropFrames}; must be at most {frames}, the frames of a clip by "
                + "'voice.duration_s'."));
        }

        int example = options.CropFrames > 0 ? options.CropFrames : frames;
        return new EncoderInput
        {
            Modality = Modality.Voice,
            Options = options,
            Tower = TowerArchitecture.Create(options, new TowerInput(Modality.Voice, 1, bins, example)),
            UnitCount = frames,
            UnitLength = bins,
            ExampleUnits = example,
            StatisticsCount = bins,
            BlockLength = 1,
        };
    }

    private static EncoderInput Face(Recipe recipe, TowerOptions options, int rowLength)
    {
        (int width, int height) = (recipe.Face.Width, recipe.Face.Height);
        int planes = recipe.Face.Colour == Faces.FaceColour.Grey ? 1 : 3;
        int picture = planes * width * height;
        if (rowLength % picture != 0)
        {
            throw UserError.Mark(new ArgumentException(
                $"'model.face_tower' takes pictures, but a face has {rowLength} features; expected {planes} x {height} x {width} = "
                + $"{picture} a picture."));
        }

        return new EncoderInput
        {
            Modality = Modality.Face,
            Options = options,
            Tower = TowerArchitecture.Create(options, new TowerInput(Modality.Face, planes, height, width)),
            UnitCount = rowLength / picture,
            UnitLength = picture,
            ExampleUnits = 1,
            StatisticsCount = planes,
            BlockLength = width * height,
        };
    }
}
