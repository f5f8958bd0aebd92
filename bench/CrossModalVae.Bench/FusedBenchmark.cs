using System.Diagnostics;
using System.Globalization;
using CrossModalVae.Audio;
using CrossModalVae.Faces;
using CrossModalVae.Models;
using CrossModalVae.Numerics;
using CrossModalVae.Onnx;
using CrossModalVae.Onnx.Fused;
using CrossModalVae.Recipes;
using CrossModalVae.Scoring;
using CrossModalVae.Training;
using Microsoft.ML.OnnxRuntime;

namespace CrossModalVae.Bench;

/// <summary>
/// Clips per second from samples to embeddings (weights at random, which costs the same): the fused graph of a recipe's voices in a bare
/// session, against this library's front end, one clip a core, and its batched scoring. Interleaved.
/// </summary>
internal sealed class FusedBenchmark : IBenchmark
{
    private const double Seconds = 4;
    private static readonly string[] Outputs = [OnnxContract.VoiceMean, OnnxContract.VoiceLogVariance];

    public string Name => "fused";

    public string Summary =>
        "clips/s of 4 s from samples to embeddings, the fused graph against front end and scoring in C#: "
        + "--recipe pipelines/demo.json --rounds 21";

    public void Run(BenchOptions options)
    {
        int rounds = options.Count("rounds", 21);
        Recipe recipe = RecipeReader.Read(options.Text("recipe", "pipelines/demo.json"));
        var frontEnd = new VoiceFrontEnd(recipe.Voice);
        EncoderInput voice = EncoderInput.Of(recipe, Modality.Voice, frontEnd.FeatureCount);
        EncoderInput face = EncoderInput.Of(recipe, Modality.Face, new FaceFrontEnd(recipe.Face).FeatureCount);
        using var model = new MultimodalVae(recipe.Model, voice, face, seed: 1, recipe.Objective);
        MultimodalVaeWeights weights = model.ToWeights(new RecipeStatistics(
            FeatureStatistics.Identity(voice.StatisticsCount, 1), FeatureStatistics.Identity(face.StatisticsCount, 1)));
        string hash = new('0', 64);
        byte[] fused = FusedGraphs.Build(
            recipe,
            [],
            weights,
            (graph, modality, x, mean, logVariance) =>
                OnnxGraphs.Posterior(graph, modality == Modality.Voice ? weights.Voice : weights.Face, x, mean, logVariance),
            hash,
            WeightsHash.Compute(weights)).Voice;
        string folder = Directory.CreateTempSubdirectory("cmvae-bench-").FullName;
        try
        {
            string path = Path.Combine(folder, OnnxContract.VoiceEncoderFile);
            File.WriteAllBytes(path, OnnxGraphs.Build(weights, hash).VoiceEncoder);
            using var encoder = new OnnxEncoder(path, inputLength: voice.RowLength);
            using var session = new InferenceSession(fused);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Voices of '{recipe.Name}', clips of {Seconds} s, {Environment.ProcessorCount} processors, median of {rounds} interleaved "
                + $"rounds; the fused graph has {fused.Length / 1e6:0.0} MB."));
            Console.WriteLine("\n| batch | way | clips/s | x front end and scoring in C# |\n|---:|---|---:|---:|");
            foreach (int batch in (int[])[1, 32])
            {
                Measure(recipe.Voice, frontEnd, encoder, session, batch, rounds);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Measure(
        VoiceOptions voice, VoiceFrontEnd frontEnd, OnnxEncoder encoder, InferenceSession session, int batch, int rounds)
    {
        var random = new SeededRandom(2);
        int length = (int)(Seconds * voice.SampleRateHz), count = frontEnd.FeatureCount;
        float[] samples = [.. Enumerable.Range(0, batch).SelectMany(_ => FusedParity.Sound(length, voice.SampleRateHz, random))];
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(samples, [batch, length]);
        using var run = new RunOptions();
        var scoring = new OnnxBatchOptions { BatchSize = batch, OutputTensorNames = Outputs, InputLength = frontEnd.FeatureCount };
        var features = new float[batch * count]; // [B, F]
        (string Name, Func<float> Score)[] ways = [("front end and ScoreOnnxBatched", InParts), ("voice-fused.onnx", Fused)];
        if (Math.Abs(InParts() - Fused()) > OnnxContract.Tolerance * Math.Max(1, Math.Abs(Fused())))
        {
            throw new InvalidOperationException($"The fused graph gives {Fused()}; the C# chain {InParts()}.");
        }

        double[][] seconds = [.. ways.Select(_ => new double[rounds])];
        for (int round = 0; round < rounds; round++)
        {
            for (int k = 0; k < ways.Length; k++)
            {
                int way = (round + k) % ways.Length;
                ways[way].Score(); // the other way's threads may still be spinning
                long start = Stopwatch.GetTimestamp();
                ways[way].Score();
                seconds[way][round] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        }

        for (int way = 0; way < ways.Length; way++)
        {
            double ratio = Sorted.Median(seconds[0].Zip(seconds[way], (parts, own) => parts / own));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {batch} | {ways[way].Name} | {batch / Sorted.Median(seconds[way]):0.0} | {ratio:0.00} |"));
        }

        float InParts()
        {
            Parallel.For(0, batch, row => frontEnd.Extract(
                new AudioClip(samples.AsMemory(row * length, length), voice.SampleRateHz), features.AsSpan(row * count, count)));
            return encoder.Score(features, batch, scoring)[0][0];
        }

        float Fused()
        {
            using IDisposableReadOnlyCollection<OrtValue> found = session.Run(run, session.InputNames, [input], Outputs);
            return found[0].GetTensorDataAsSpan<float>()[0];
        }
    }
}
