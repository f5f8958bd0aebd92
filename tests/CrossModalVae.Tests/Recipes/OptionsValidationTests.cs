using CrossModalVae.Audio;
using CrossModalVae.Augmentation;
using CrossModalVae.Faces;
using CrossModalVae.Models;
using CrossModalVae.Recipes;
using CrossModalVae.Towers;

namespace CrossModalVae.Tests.Recipes;

public class OptionsValidationTests
{
    [Fact]
    public void Validate_Defaults_Pass()
    {
        new ModelOptions().Validate();
        new ObjectiveOptions().Validate();
        new TrainingOptions().Validate();
    }

    [Fact]
    public void Validate_Model_ListsEveryFault()
    {
        var options = new ModelOptions { LatentDimension = 0, VoiceHidden = [4, 0], Dropout = 1 };

        var error = Assert.Throws<ArgumentException>(options.Validate);

        Assert.Equal(
            "'LatentDimension' is 0; must be >= 1. 'VoiceHidden' is [4, 0]; "
            + "every width must be >= 1. 'Dropout' is 1; must be >= 0 and < 1.",
            error.Message);
    }

    [Fact]
    public void Validate_Towers_ListsEveryFault()
    {
        var options = new ModelOptions
        {
            VoiceTower = new TowerOptions
            {
                Kind = TowerKind.VggM,
                Channels = [4, 4],
                ScoringCrops = 3,
                ScoresMirrored = true,
                Pooling = PlanePooling.Positions,
            },
            FaceTower = new TowerOptions { Channels = [0], CropFrames = 20 },
        };

        var error = Assert.Throws<ArgumentException>(options.Validate);

        Assert.Equal(
            "'VoiceTower': 'Channels' is [4, 4]; must have 6 widths, or none for the kind's own. "
            + "'ScoringCrops' is 3; parts need a length: set 'CropFrames', or score 1. "
            + "'FaceTower': 'Channels' is [0]; every width must be 1 to 8192. "
            + "'VoiceTower.ScoresMirrored' is True; must be false: a voice has no mirror image. "
            + "'VoiceTower.Pooling' is positions; is for faces: a voice of any length ends in its mean and deviation over time. "
            + "'FaceTower.CropFrames' is 20; must be 0: a face has no frames over time.",
            error.Message);
    }

    [Fact]
    public void Validate_TowerThatTheFrontEndDoesNotFeed_NamesBoth()
    {
        var recipe = new Recipe { Name = "r", Model = new ModelOptions { VoiceTower = new TowerOptions() } };
        var fresh = new Recipe { Name = "r", FreshAugmentation = new FreshAugmentationOptions() };

        Assert.Equal(
            "'Model.VoiceTower' takes frames, but 'Voice.Pooling' is Mean; must be None.",
            Assert.Throws<ArgumentException>(recipe.Validate).Message);
        Assert.Equal(
            "'FreshAugmentation' disturbs what towers see, and there is no tower; give 'Model' one, or leave it out.",
            Assert.Throws<ArgumentException>(fresh.Validate).Message);
        Recipe frames = recipe with { Voice = VoicePresets.LogMel64 with { Pooling = TimePooling.None } };
        Assert.Equal(
            "'model.voice_tower.crop_frames' is 5000; must be at most 301, the frames of a clip by 'voice.duration_s'.",
            Assert.Throws<ArgumentException>(() => EncoderInput.Of(
                frames with { Model = new ModelOptions { VoiceTower = new TowerOptions { CropFrames = 5000 } } }, Modality.Voice)).Message);
    }

    [Fact]
    public void Parse_Towers_HaveTheirDefaults_AndAreWrittenAsRead()
    {
        const string Json = """
            {
              "schema": "crossmodalvae/recipe/1", "name": "t",
              "voice": { "preset": "log-mel-64", "pooling": "none" },
              "model": { "voice_tower": { "crop_frames": 100 }, "face_tower": { "kind": "resnet-se34-light" } },
              "fresh_augmentation": { "voice": { "tilt": 1 } }
            }
            """;

        Recipe recipe = RecipeReader.Parse(Json);

        TowerOptions voice = recipe.Model.VoiceTower!;
        Assert.Equal((TowerKind.Cnn, 100, 1), (voice.Kind, voice.CropFrames, voice.ScoringCrops));
        Assert.Equal(TowerKind.ResnetSe34Light, recipe.Model.FaceTower!.Kind);
        FreshAugmentationOptions fresh = recipe.FreshAugmentation!;
        Assert.Equal((1, 0.9, 0.5), (fresh.Voice.Tilt, fresh.Voice.Probability, fresh.Face.FlipProbability));
        Recipe again = RecipeReader.Parse(RecipeWriter.Text(recipe));
        Assert.Equal(RecipeHash.Compute(recipe), RecipeHash.Compute(again));
        Assert.NotEqual(RecipeHash.Compute(recipe), RecipeHash.Compute(recipe with { FreshAugmentation = new FreshAugmentationOptions() }));
    }

    [Fact]
    public void Validate_Objective_ListsEveryFault()
    {
        var options = new ObjectiveOptions
        {
            Beta = -1,
            Alignment = (AlignmentKind)9,
            ContrastTemperature = 0,
            ContrastWeight = double.NaN,
        };

        var error = Assert.Throws<ArgumentException>(options.Validate);

        Assert.Equal(
            "'Beta' is -1; must be >= 0. 'Alignment' is 9; must be one of None, SampleL2, GaussianWasserstein. "
            + "'ContrastWeight' is NaN; must be >= 0. 'ContrastTemperature' is 0; must be > 0.",
            error.Message);
    }

    [Fact]
    public void Validate_Training_ListsEveryFault()
    {
        var options = new TrainingOptions { Epochs = 0, PassesPerEpoch = 0, BatchSize = -2, LearningRate = 0, ValidationShare = 1 };

        var error = Assert.Throws<ArgumentException>(options.Validate);

        Assert.Equal(
            "'Epochs' is 0; must be >= 1. 'PassesPerEpoch' is 0; must be >= 1. 'BatchSize' is -2; "
            + "must be >= 1. 'LearningRate' is 0; must be > 0. "
            + "'ValidationShare' is 1; must be >= 0 and < 1.",
            error.Message);
    }

    [Fact]
    public void Validate_RecipeWithAFaultyFaceSection_NamesTheSection()
    {
        var recipe = new Recipe { Name = "test", Face = new FaceOptions { Width = 0 } };

        ArgumentException e = Assert.Throws<ArgumentException>(recipe.Validate);

        Assert.Equal("Section 'face': 'Width' is 0; must be 1 to 4096.", e.Message);
    }
}
