using CrossModalVae.Models;

namespace CrossModalVae.Tests.Models;

public class JointPosteriorTests
{
    // Results are rounded to float32 once.
    private const float Tolerance = 1e-6f;

    private static readonly float[] Missing = [float.NaN, float.NaN];

    [Fact]
    public void MeanOfDirections_BothModalities_MeansTheUnitVectors()
    {
        var joint = new float[2];

        JointPosterior.MeanOfDirections([3, 4], [0, 2], joint);

        Assert.Equal(0.3f, joint[0], Tolerance);
        Assert.Equal(0.9f, joint[1], Tolerance);
    }

    [Fact]
    public void MeanOfDirections_OneModality_GivesItsDirection()
    {
        var joint = new float[2];

        JointPosterior.MeanOfDirections(Missing, [0, -5], joint);
        Assert.Equal([0f, -1f], joint);

        JointPosterior.MeanOfDirections([10, 0], Missing, joint);
        Assert.Equal([1f, 0f], joint);
    }

    [Fact]
    public void MeanOfDirections_ZeroMean_CountsAsZeros()
    {
        var joint = new float[2];

        JointPosterior.MeanOfDirections([0, 0], [4, 0], joint);

        Assert.Equal([0.5f, 0f], joint);
    }

    [Fact]
    public void ProductOfExperts_BothModalities_WeighsByPrecision()
    {
        var joint = new float[2];
        float[] logThird = [0, MathF.Log(1 / 3f)];

        // Dimension 0: all precisions 1, (1 + 2) / 3. Dimension 1: voice has precision 3, face 1, prior 1: (3 * 2 + 1 * 4) / 5.
        JointPosterior.ProductOfExperts([1, 2], logThird, [2, 4], [0, 0], joint);

        Assert.Equal(1f, joint[0], Tolerance);
        Assert.Equal(2f, joint[1], Tolerance);
    }

    [Fact]
    public void ProductOfExperts_OneModality_LeavesTheOtherOut()
    {
        var joint = new float[2];

        JointPosterior.ProductOfExperts([1, 2], [0, 0], Missing, Missing, joint);

        Assert.Equal([0.5f, 1f], joint);
    }

    [Fact]
    public void ProductOfExperts_VerySureExpert_Decides()
    {
        var joint = new float[2];

        JointPosterior.ProductOfExperts([1, 2], [-5000, 5000], [7, 8], [0, 5000], joint);

        Assert.Equal([1f, 0f], joint);
    }

    [Fact]
    public void BothKinds_NoModality_IsMissing()
    {
        var joint = new float[2];

        JointPosterior.MeanOfDirections(Missing, Missing, joint);
        Assert.True(JointPosterior.IsMissing(joint));

        joint = new float[2];
        JointPosterior.ProductOfExperts(Missing, Missing, Missing, Missing, joint);
        Assert.True(JointPosterior.IsMissing(joint));
    }

    [Fact]
    public void MeanOfDirections_OtherLengths_Throws()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => JointPosterior.MeanOfDirections([1, 2, 3], [1, 2], new float[2]));

        Assert.Equal("'voiceMean' has 3 numbers; must have as many as 'joint', 2.", error.Message);
    }
}
