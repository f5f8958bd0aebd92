using CrossModalVae.Faces;
using CrossModalVae.Recipes;

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
