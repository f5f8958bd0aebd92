using CrossModalVae.Features;
using CrossModalVae.Recipes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CrossModalVae.Training.Tests;

public class ObjectiveTests
{
    // float32 sums of some hundred terms.
    private const double Rounding = 1e-5;

    private static readonly ObjectiveOptions AllTerms = new()
    {
        Beta = 0.1,
        Alignment = AlignmentKind.GaussianWasserstein,
        AlignmentWeight = 0.3,
        ContrastWeight = 0.7,
    };

    [Fact]
    public void Evaluate_CompleteBatch_IsTheWeightedSumOfItsTerms()
    {
        using var scope = NewDisposeScope();
        FeatureTable table = Synthetic.Table(6, 1);
        using MultimodalVae model = Model(table);

        Objective.Result result = Objective.Evaluate(model, Batch(table), AllTerms, 0.1, Noise(), dropout: false);

        LossTerms terms = LossTerms.From(Means(result), [.. result.Weights.Select(_ => 1.0)]);
        double expected = terms.FromVoice.Reconstruction!.Value + terms.FromFace.Reconstruction!.Value
            + (0.1 * (terms.FromVoice.Kl!.Value + terms.FromFace.Kl!.Value))
            + (0.3 * terms.AlignmentTerm!.Value)
            + (0.7 * terms.ContrastTerm!.Value);
        Assert.Equal(expected, result.Total.item<float>(), Rounding);
    }

    [Fact]
    public void Evaluate_CompleteBatch_ReconstructionIsTheMeanOverFaceAndVoiceFeatures()
    {
        using var scope = NewDisposeScope();
        FeatureTable table = Synthetic.Table(6, 1);
        using MultimodalVae model = Model(table);
        PairBatch batch = Batch(table);

        float[] terms = Means(Objective.Evaluate(model, batch, AllTerms, 0.1, Noise(), dropout: false));

        Tensor z = model.Encode(Modality.Voice, batch.Voice!).Sample(Noise().Gaussian(6, 8)); // the first draw is the voice encoder's
        Tensor target = cat([batch.Face!, batch.Voice!], 1); // [B, Ff + Fv]
        Assert.Equal(
            (model.Decode(z) - target).pow(2).mean().item<float>(), terms[LossTerms.VoiceEncoder + LossTerms.Reconstruction], Rounding);
    }

    /// <summary>
    /// A feature that hardly differs between few training clips lies thousands of standard deviations off in other clips and views.
    /// </summary>
    [Theory]
    [InlineData(1e4f)]
    [InlineData(-1e4f)]
    public void Evaluate_FeatureFarOff_StaysFinite(float value)
    {
        using var scope = NewDisposeScope();
        FeatureTable table = Synthetic.Table(6, 1);
        using MultimodalVae model = Model(table);
        PairBatch batch = Batch(table);
        batch.Voice![0, 0] = value;
        batch.Face![1, 0] = value;

        Objective.Result result = Objective.Evaluate(model, batch, AllTerms, 0.1, Noise(), dropout: false);
        result.Total.backward();

        Assert.All(Means(result), term => Assert.True(float.IsFinite(term), $"{term}"));
        Assert.All(model.Weights, weight => Assert.All(weight.Value.grad!.data<float>().ToArray(), g => Assert.True(float.IsFinite(g))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Evaluate_MissingModality_GivesZeroGradientToTheOtherEncoder(bool voiceMissing)
    {
        using var scope = NewDisposeScope();
        FeatureTable table = Synthetic.Without(Synthetic.Table(6, 1), voice: _ => voiceMissing, face: _ => !voiceMissing);
        using MultimodalVae model = Model(table);

        Objective.Evaluate(model, Batch(table), AllTerms, 0.1, Noise(), dropout: false).Total.backward();

        string present = voiceMissing ? "face" : "voice";
        string missing = voiceMissing ? "voice" : "face";
        Assert.All(model.Weights.Where(entry => entry.Name.StartsWith(missing, StringComparison.Ordinal)), entry =>
            Assert.Equal(0.0, Largest(entry.Value)));
        Assert.All(model.Weights.Where(entry => entry.Name.StartsWith(present, StringComparison.Ordinal)), entry =>
            Assert.True(Largest(entry.Value) > 0.0));

        // The decoder learns the modality that is there only: the rows of the output layer that make the missing one stay untouched.
        float[] outputBias = model.Weights.Single(entry => entry.Name == "output.bias").Value.grad!.data<float>().ToArray();
        (int start, int count) = voiceMissing ? (table.FaceLength, table.VoiceLength) : (0, table.FaceLength);
        Assert.All(outputBias.Skip(start).Take(count), g => Assert.Equal(0f, g));
        Assert.Contains(outputBias, g => g != 0f);
    }

    [Fact]
    public void Evaluate_LoneClipsInABatch_LeaveTheTermsOfCompletePairsAlone()
    {
        using var scope = NewDisposeScope();
        FeatureTable table = Synthetic.Table(6, 1);
        FeatureTable mixed = Synthetic.Without(table, voice: row => row is 4, face: row => row is 5);
        using MultimodalVae model = Model(table);

        Objective.Result whole = Objective.Evaluate(
            model, Batch(table.Where(clip => clip.Identity is not ("p004" or "p005"))), AllTerms, 0.1, Noise(), dropout: false);
        Objective.Result result = Objective.Evaluate(model, Batch(mixed), AllTerms, 0.1, Noise(), dropout: false);

        Assert.Equal(Means(whole)[LossTerms.Alignment], Means(result)[LossTerms.Alignment], Rounding);
        Assert.Equal(Means(whole)[LossTerms.Contrast], Means(result)[LossTerms.Contrast], Rounding);
        Assert.Equal([4.0, 5.0, 5.0, 5.0, 5.0, 4.0, 5.0, 5.0, 4.0, 4.0, 6.0], result.Weights);
    }

    [Theory]
    [InlineData(AlignmentKind.SampleL2, 0.0)]
    [InlineData(AlignmentKind.GaussianWasserstein, 0.0)]
    [InlineData(AlignmentKind.None, 0.5)]
    public void Adam_BatchOfFour_Overfits(AlignmentKind alignment, double contrast)
    {
        using var scope = NewDisposeScope();
        FeatureTable table = Synthetic.Table(4, 1);
        using MultimodalVae model = Model(table);
        var options = new ObjectiveOptions { Beta = 0, Alignment = alignment, ContrastWeight = contrast };
        PairBatch batch = Batch(table);
        using var optimiser = new AdamOptimiser(model.Weights, learningRate: 3e-3, weightDecay: 0.0);
        double first = Step();
        for (int i = 0; i < 400; i++)
        {
            Step();
        }

        double last = Step();

        Assert.True(first > 1.5, $"starts at {first}"); // two encoders, standardised features: about 1 each
        Assert.True(last < 0.1 * first, $"from {first} to {last}");

        double Step()
        {
            using var step = NewDisposeScope();
            optimiser.ZeroGradients();
            Tensor loss = Objective.Evaluate(model, batch, options, 0.0, Noise(), dropout: false).Total;
            loss.backward();
            optimiser.Step();
            return loss.item<float>();
        }
    }

    private static MultimodalVae Model(FeatureTable table) => new(Synthetic.Recipe().Model, table.VoiceLength, table.FaceLength, seed: 3);

    private static TrainingNoise Noise() => TrainingNoise.ForEpoch(1, 1, new Device("cpu"));

    private static PairBatch Batch(FeatureTable table)
    {
        // Statistics of complete data, so that the same clips have the same standardised features in every test.
        FeatureTable complete = Synthetic.Table(6, 1);
        var standardised = new StandardisedTable(
            table, complete.ComputeStatistics(Modality.Voice, out _), complete.ComputeStatistics(Modality.Face, out _));
        ClipPair[] pairs = [.. PairSampler.Own(table).OrderBy(pair => pair.IsComplete ? 0 : pair.VoiceRow != ClipPair.Missing ? 1 : 2)];
        return standardised.Gather(pairs, new Device("cpu"));
    }

    private static float[] Means(Objective.Result result) => result.Terms.data<float>().ToArray();

    private static double Largest(Parameter parameter)
    {
        Tensor? gradient = parameter.grad;
        return gradient is null ? 0.0 : gradient.data<float>().ToArray().Max(Math.Abs);
    }
}
