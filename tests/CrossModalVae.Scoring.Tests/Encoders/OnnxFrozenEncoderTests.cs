using CrossModalVae.Scoring.Encoders;

namespace CrossModalVae.Scoring.Tests.Encoders;

public sealed class OnnxFrozenEncoderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)] // as on the CPU
    [InlineData(true)] // as on a CUDA device: the rows of all threads in common runs
    public void Encode_ManyThreads_GivesEachItsOwnVectors(bool gathers)
    {
        const int Threads = 8, Calls = 50;
        using EncoderFile file = EncoderFile.Open(TinyEncoders.Face(_folder["face.onnx"], 8));
        using var encoder = new OnnxFrozenEncoder(file, new EncoderBinding(file.Inputs[0], [3, 8, 8], file.Outputs[0]), gathers);

        float[][] found = new float[Threads * Calls][];
        Parallel.For(0, found.Length, new ParallelOptions { MaxDegreeOfParallelism = Threads }, i =>
        {
            var rows = new float[2 * encoder.InputLength]; // two pictures, of level i and -i
            rows.AsSpan(0, encoder.InputLength).Fill(i);
            rows.AsSpan(encoder.InputLength).Fill(-i);
            found[i] = new float[2 * encoder.VectorLength];
            encoder.Encode(rows, found[i]);
        });

        Assert.All(found, (vectors, i) => Assert.Equal([i, i, i, -i, -i, -i], vectors));
    }

    [Fact]
    public void Encode_GatheredFault_ReachesTheThreadsThatWait()
    {
        using EncoderFile file = EncoderFile.Open(TinyEncoders.Face(_folder["face.onnx"], null));
        var wrong = new EncoderBinding(file.Inputs[0], [4, 8, 8], file.Outputs[0]); // of four channels

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => new OnnxFrozenEncoder(file, wrong, gathers: true));

        Assert.StartsWith(
            $"{file.Path}: ONNX Runtime cannot score rows of [batch, 4, 8, 8]: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Length_OfWholeNumbers_IsTheNumberOfFrames()
    {
        using EncoderFile file = EncoderFile.Open(TinyEncoders.Counted(_folder["voice.onnx"]));
        var binding = new EncoderBinding(file.Inputs[0], [80, 7], file.Outputs[0]) { LengthInput = file.Inputs[1], Length = 7 };
        using var encoder = new OnnxFrozenEncoder(file, binding, gathers: false);
        var vectors = new float[2];

        encoder.Encode(new float[2 * 80 * 7], vectors);

        Assert.Equal([7, 7], vectors);
    }
}
