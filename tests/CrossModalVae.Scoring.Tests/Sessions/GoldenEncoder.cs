using System.Text.Json;

namespace CrossModalVae.Scoring.Tests.Sessions;

/// <summary>What numpy computes for the small encoders of Golden/make_mlp.py.</summary>
internal sealed record GoldenEncoder(float[][] Features, float[][] Mean, float[][] LogVariance)
{
    public static GoldenEncoder Voice => Read("voice");

    public static GoldenEncoder Face => Read("face");

    private static GoldenEncoder Read(string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(TestFiles.Golden("mlp-golden.json")));
        JsonElement encoder = document.RootElement.GetProperty(name);
        float[][] Matrix(string property) => encoder.GetProperty(property).Deserialize<float[][]>()!;
        return new GoldenEncoder(Matrix("features"), Matrix("mean"), Matrix("log_variance"));
    }
}
