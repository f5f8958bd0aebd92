using CrossModalVae.Corpora;
using CrossModalVae.Features;
using CrossModalVae.Numerics;
using CrossModalVae.Recipes;

namespace CrossModalVae.Training.Tests;

/// <summary>
/// A two-view Gaussian corpus: a person's traits reach voice and face through two fixed random maps, and each clip adds noise.
/// </summary>
internal static class Synthetic
{
    private const double ClipNoise = 0.5;

    public static FeatureTable Table(
        int identities,
        int clips,
        int traits = 6,
        int voiceLength = 24,
        int faceLength = 30,
        long seed = 1,
        CorpusSplit split = CorpusSplit.Train,
        string prefix = "p")
    {
        double[] voiceMap = Gaussians(SeededRandom.For(7, "voice map"), traits * voiceLength);
        double[] faceMap = Gaussians(SeededRandom.For(7, "face map"), traits * faceLength);
        SeededRandom random = SeededRandom.For(seed, prefix);
        var list = new List<Clip>();
        var voice = new List<float>();
        var face = new List<float>();
        for (int i = 0; i < identities; i++)
        {
            double[] person = Gaussians(random, traits);
            for (int c = 0; c < clips; c++)
            {
                list.Add(new Clip { Identity = $"{prefix}{i:000}", Name = $"{c}", Voice = "v.wav", Faces = ["f.jpg"], Split = split });
                voice.AddRange(Observe(person, voiceMap, voiceLength, random));
                face.AddRange(Observe(person, faceMap, faceLength, random));
            }
        }

        return new FeatureTable { Clips = list, Voice = [.. voice], Face = [.. face], VoiceLength = voiceLength, FaceLength = faceLength };
    }

    /// <summary>The same voices beside the faces of other people: nothing to learn across modalities.</summary>
    public static FeatureTable ShuffledFaces(FeatureTable table, long seed)
    {
        int[] order = [.. Enumerable.Range(0, table.Count)];
        SeededRandom.For(seed, "shuffle").Shuffle(order.AsSpan());
        return new FeatureTable
        {
            Clips = table.Clips,
            Voice = table.Voice,
            Face = [.. order.SelectMany(row => table.FaceRow(row).ToArray())],
            VoiceLength = table.VoiceLength,
            FaceLength = table.FaceLength,
        };
    }

    /// <summary>The same table with a modality taken from some clips.</summary>
    public static FeatureTable Without(FeatureTable table, Func<int, bool> voice, Func<int, bool> face) => new()
    {
        Clips =
        [
            .. table.Clips.Select((clip, row) => clip with { Voice = voice(row) ? null : clip.Voice, Faces = face(row) ? [] : clip.Faces }),
        ],
        Voice = table.Voice,
        Face = table.Face,
        VoiceLength = table.VoiceLength,
        FaceLength = table.FaceLength,
    };

    /// <summary>A small recipe that learns from such a corpus.</summary>
    public static Recipe Recipe(int epochs = 3, PairSampling sampling = PairSampling.Identities) => new()
    {
        Name = "synthetic",
        Model = new ModelOptions { LatentDimension = 8, VoiceHidden = [32], FaceHidden = [32], DecoderHidden = [32], Dropout = 0.1 },
        Objective = new ObjectiveOptions { Beta = 0.01, BetaWarmUpEpochs = 2, AlignmentWeight = 0.01, ContrastWeight = 1 },
        Training = new TrainingOptions
        {
            Epochs = epochs,
            BatchSize = 16,
            LearningRate = 3e-3,
            Sampling = sampling,
            Selection = SelectionCriterion.ValidationAuc,
        },
    };

    private static double[] Gaussians(SeededRandom random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextGaussian())];

    private static IEnumerable<float> Observe(double[] person, double[] map, int length, SeededRandom random)
    {
        for (int f = 0; f < length; f++)
        {
            double sum = ClipNoise * random.NextGaussian() * Math.Sqrt(person.Length);
            for (int t = 0; t < person.Length; t++)
            {
                sum += person[t] * map[(t * length) + f];
            }

            yield return (float)(3.0 + (2.0 * sum)); // not standardised: the trainer's work
        }
    }
}
