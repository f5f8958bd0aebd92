using CrossModalVae.Models;
using CrossModalVae.Pipelines.Tests.Workouts;
using CrossModalVae.Recipes;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Pipelines.Tests.Joint;

public class JointEmbeddingEstimatorTests
{
    private static readonly float[] Missing = [float.NaN, float.NaN];
    private readonly MLContext _ml = new(1);

    [Theory]
    [InlineData(JointEmbedding.MeanOfDirections)]
    [InlineData(JointEmbedding.ProductOfExperts)]
    public void Workout_BothKinds_Pass(JointEmbedding kind)
    {
        EstimatorWorkout.Run(
            _ml,
            _ml.Transforms.JointEmbedding("joint", kind),
            Rows(),
            [
                WrongInput.Of<OneMean>(
                    _ml,
                    "Column 'FaceMean' (face mean of JointEmbedding) is not in the input; "
                    + "must be Vector<Single> of known length; the input has: VoiceMean.",
                    "Column 'FaceMean' (face mean of JointEmbedding) is not in the input; "
                    + "must be Vector<Single> of known length; the input has: VoiceMean.",
                    "Column 'FaceMean' (face mean of JointEmbedding) is not in the input; "
                    + "must be Vector<Single, 2>; the input has: VoiceMean."),
                WrongInput.Of<WrongLength>(
                    _ml,
                    null,
                    "Column 'FaceMean' (face mean of JointEmbedding) is Vector<Single, 2>; must be Vector<Single, 3>.",
                    "Column 'VoiceMean' (voice mean of JointEmbedding) is Vector<Single, 3>; must be Vector<Single, 2>."),
            ]);
    }

    [Theory]
    [InlineData(JointEmbedding.MeanOfDirections)]
    [InlineData(JointEmbedding.ProductOfExperts)]
    public void Transform_MissingModalities_EqualsJointPosterior(JointEmbedding kind)
    {
        Posteriors[] rows = Rows();
        IDataView input = _ml.Data.LoadFromEnumerable(rows);

        List<object[]> joint = DataRows.Read(_ml.Transforms.JointEmbedding("joint", kind).Fit(input).Transform(input), "joint");

        for (int r = 0; r < rows.Length; r++)
        {
            var expected = new float[2];
            if (kind == JointEmbedding.MeanOfDirections)
            {
                JointPosterior.MeanOfDirections(rows[r].VoiceMean, rows[r].FaceMean, expected);
            }
            else
            {
                JointPosterior.ProductOfExperts(
                    rows[r].VoiceMean, rows[r].VoiceLogVariance, rows[r].FaceMean, rows[r].FaceLogVariance, expected);
            }

            Assert.Equal(expected, joint[r][0]);
        }
    }

    [Fact]
    public void JointEmbedding_UnknownKind_Throws()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => _ml.Transforms.JointEmbedding("joint", (JointEmbedding)9));

        Assert.Equal("'kind' is 9; must be one of MeanOfDirections, ProductOfExperts.", error.Message);
    }

    private static Posteriors[] Rows() =>
    [
        new() { VoiceMean = [3, 4], VoiceLogVariance = [0, 1], FaceMean = [1, 0], FaceLogVariance = [-1, 0] },
        new() { VoiceMean = Missing, VoiceLogVariance = Missing, FaceMean = [1, 2], FaceLogVariance = [-1, 0] },
        new() { VoiceMean = [5, 6], VoiceLogVariance = [0, 0], FaceMean = Missing, FaceLogVariance = Missing },
        new() { VoiceMean = Missing, VoiceLogVariance = Missing, FaceMean = Missing, FaceLogVariance = Missing },
    ];

    private sealed class Posteriors
    {
        [VectorType(2)]
        public float[] VoiceMean { get; set; } = [];

        [VectorType(2)]
        public float[] VoiceLogVariance { get; set; } = [];

        [VectorType(2)]
        public float[] FaceMean { get; set; } = [];

        [VectorType(2)]
        public float[] FaceLogVariance { get; set; } = [];
    }

    private sealed class OneMean
    {
        [VectorType(2)]
        public float[] VoiceMean { get; set; } = new float[2];
    }

    private sealed class WrongLength
    {
        [VectorType(3)]
        public float[] VoiceMean { get; set; } = new float[3];

        [VectorType(2)]
        public float[] FaceMean { get; set; } = new float[2];

        [VectorType(2)]
        public float[] VoiceLogVariance { get; set; } = new float[2];

        [VectorType(2)]
        public float[] FaceLogVariance { get; set; } = new float[2];
    }
}
