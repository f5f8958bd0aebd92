using System.Globalization;
using CrossModalVae.Audio;
using CrossModalVae.Clustering;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Pictures;
using CrossModalVae.Projection;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Tests;

/// <summary>Messages read the same wherever the program runs: numbers have a decimal point, also where people write a comma.</summary>
public class CultureTests
{
    // As in German; made by hand, since the tests run without the system's cultures.
    private static readonly CultureInfo Comma = new("")
    {
        NumberFormat = new NumberFormatInfo { NumberDecimalSeparator = ",", NumberGroupSeparator = ".", NegativeInfinitySymbol = "-∞" },
    };

    public static TheoryData<string> Names => [.. Failures.Keys.Order(StringComparer.Ordinal)];

    private static Dictionary<string, (Action Run, string Expected)> Failures { get; } = new()
    {
        ["DBSCAN's options"] = (() => new DbscanOptions { Eps = -0.5 }.Validate(), "'Eps' is -0.5; must be > 0."),
        ["HDBSCAN's options"] = (
            () => new HdbscanOptions { SelectionEpsilon = -0.5 }.Validate(), "'SelectionEpsilon' is -0.5; must be >= 0."),
        ["t-SNE's options"] = (
            () => new TSneOptions { Perplexity = 0.5, EarlyExaggeration = 0.25, LearningRate = -1.5 }.Validate(),
            "'Perplexity' is 0.5; must be > 1. 'EarlyExaggeration' is 0.25; must be >= 1. 'LearningRate' is -1.5; must be > 0."),
        ["t-SNE's perplexity"] = (
            () => new TSne(new TSneOptions { Perplexity = 2.5 }).Fit([1, 2, 3], 3, 1),
            "'values' has 3 rows; must have at least 8, three times the perplexity of 2.5. (Parameter 'values')"),
        ["points"] = (
            () => new Dbscan(new DbscanOptions()).Fit([1, float.NegativeInfinity], 2, 1),
            "'values' has -Infinity in row 1, column 0; must be finite. (Parameter 'values')"),
        ["points of a projection"] = (
            () => PrincipalComponents.Fit([1, float.NegativeInfinity], 2, 1, 1),
            "'values' has -Infinity in row 1, column 0; must be finite. (Parameter 'values')"),
        ["a ranker's gallery"] = (
            () => _ = new Ranker(new EmbeddingSet([float.NegativeInfinity], 1, [Row])),
            "'gallery' has -Infinity in row 0 as value 0; must be finite. (Parameter 'gallery')"),
        ["a voice's options"] = (
            () => new VoiceOptions { SampleRateHz = 11_025, MelBins = 20, MelLowHz = 6_000 }.Validate(),
            "'MelLowHz' is 6000; must be 0 to below 5512.5, half the rate."),
        ["mel bins between two bins"] = (
            () => new VoiceOptions { SampleRateHz = 16_000, FftLength = 512, MelBins = 250 }.Validate(),
            "falls between two bins of 31.25 Hz and would always be empty; take fewer mel bins or a longer FFT."),
        ["a picture's scale"] = (
            () => KDistancePicture.Draw([0.1, 0.2], 5, 0.15).ToPng(16.5), "'scale' is 16.5; must be > 0 and <= 16. (Parameter 'scale')"),
        ["a picture's options"] = (
            () => KDistancePicture.Draw([0.1, 0.2], 5, 0.15, new PictureOptions { FontSize = 5.5 }), "'FontSize' is 5.5; must be 6 to 72."),
    };

    private static EmbeddingRow Row => new() { Identity = "a", Clip = "1", Modality = Modality.Face, Split = CorpusSplit.Test };

    [Theory]
    [MemberData(nameof(Names))]
    public void Message_WhereNumbersHaveACommaElsewhere_HasAPoint(string name)
    {
        (Action run, string expected) = Failures[name];
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = Comma;
        try
        {
            Exception? thrown = Record.Exception(run);

            Assert.EndsWith(expected, thrown?.Message, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
