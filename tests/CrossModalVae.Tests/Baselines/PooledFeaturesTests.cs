using CrossModalVae.Audio;
using CrossModalVae.Baselines;
using CrossModalVae.Corpora;
using CrossModalVae.Faces;
using CrossModalVae.Features;
using CrossModalVae.Numerics;
using CrossModalVae.Recipes;

namespace CrossModalVae.Tests.Baselines;

public class PooledFeaturesTests
{
    [Fact]
    public void Of_FramesAndPictures_AreMeanAndDeviationOverTimeAndTheMeanPicture()
    {
        var recipe = new Recipe
        {
            Name = "frames",
            Voice = VoicePresets.LogMel64 with { DurationSeconds = 0.1, MelBins = 8, Pooling = TimePooling.None },
            Face = new FaceOptions { Width = 3, Height = 2, Frames = FramePooling.Separate, FrameCount = 4 },
        };
        const int Bins = 8, Clips = 2, Picture = 6;
        int frames = new VoiceFrontEnd(recipe.Voice).FrameCount;
        var random = new SeededRandom(1);
        var table = new FeatureTable
        {
            Clips =
            [
                .. Enumerable.Range(0, Clips)
                    .Select(i => new Clip { Identity = $"{i}", Name = "0", Voice = "v", Faces = ["f"], Split = CorpusSplit.Train }),
            ],
            Voice = [.. Enumerable.Range(0, Clips * frames * Bins).Select(_ => (float)random.NextGaussian())],
            Face = [.. Enumerable.Range(0, Clips * 4 * Picture).Select(_ => (float)random.NextGaussian())],
            VoiceLength = frames * Bins,
            FaceLength = 4 * Picture,
        };

        FeatureTable pooled = PooledFeatures.Of(table, recipe);

        Assert.Equal((2 * Bins, Picture), (pooled.VoiceLength, pooled.FaceLength));
        for (int clip = 0; clip < Clips; clip++)
        {
            for (int b = 0; b < Bins; b++)
            {
                double[] own = [.. Enumerable.Range(0, frames).Select(t => (double)table.VoiceRow(clip)[(t * Bins) + b])];
                Assert.Equal(own.Average(), pooled.VoiceRow(clip)[b], 1e-5);
                Assert.Equal(Math.Sqrt(own.Select(x => Math.Pow(x - own.Average(), 2)).Average()), pooled.VoiceRow(clip)[Bins + b], 1e-5);
            }

            for (int p = 0; p < Picture; p++)
            {
                double mean = Enumerable.Range(0, 4).Average(n => (double)table.FaceRow(clip)[(n * Picture) + p]);
                Assert.Equal(mean, pooled.FaceRow(clip)[p], 1e-5);
            }
        }

        Assert.Same(table, PooledFeatures.Of(table, new Recipe { Name = "pooled" }));
    }
}
