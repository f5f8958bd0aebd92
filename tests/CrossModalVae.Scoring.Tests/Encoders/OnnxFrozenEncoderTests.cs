using CrossModalVae.Scoring.Encoders;
using CrossModalVae.Scoring.Tests.Sessions;

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

    // The memory of a CUDA device's runs is the CPU's here, so that all but the copies is what a GPU has.
    [Fact]
    public void Encode_ThroughBoundMemory_GivesTheBitsOfAPlainRun()
    {
        using EncoderFile file = EncoderFile.Open(TestFiles.Golden("mlp-voice.onnx"));
        float[][] rows = [.. GoldenEncoder.Voice.Features];
        var binding = new EncoderBinding(file.Inputs[0], [rows[0].Length], file.Outputs[0]);
        using var plain = new OnnxFrozenEncoder(file, binding, gathers: false);
        using var bound = new OnnxFrozenEncoder(file, binding, gathers: true);
        float[] all = [.. rows.SelectMany(row => row)], expected = new float[rows.Length * plain.VectorLength], found = [.. expected];

        plain.Encode(all, expected);
        bound.Encode(all, found);

        Assert.Equal(expected, found);
        Assert.Equal(rows.Length, expected.Chunk(plain.VectorLength).Select(vector => vector[0]).Distinct().Count());
    }

    [Fact]
    public void Encode_AfterTheEnd_IsRefused()
    {
        using EncoderFile file = EncoderFile.Open(TinyEncoders.Face(_folder["face.onnx"], 8));
        var encoder = new OnnxFrozenEncoder(file, new EncoderBinding(file.Inputs[0], [3, 8, 8], file.Outputs[0]), gathers: true);
        var vector = new float[encoder.VectorLength];
        encoder.Encode(new float[encoder.InputLength], vector);

        encoder.Dispose();

        Assert.Throws<ObjectDisposedException>(() => encoder.Encode(new float[encoder.InputLength], vector));
    }

    [Fact]
    public void Encode_GatheredWhereTheFileHasEnded_FailsAndGivesNoZeros()
    {
        EncoderFile file = EncoderFile.Open(TinyEncoders.Face(_folder["face.onnx"], 8));
        using var encoder = new OnnxFrozenEncoder(file, new EncoderBinding(file.Inputs[0], [3, 8, 8], file.Outputs[0]), gathers: true);
        file.Dispose();

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(
            () => encoder.Encode(new float[encoder.InputLength], new float[encoder.VectorLength]));

        Assert.IsType<ObjectDisposedException>(e.InnerException);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Length_OfWholeNumbers_IsTheNumberOfFrames(bool gathers)
    {
        using EncoderFile file = EncoderFile.Open(TinyEncoders.Counted(_folder["voice.onnx"]));
        var binding = new EncoderBinding(file.Inputs[0], [80, 7], file.Outputs[0]) { LengthInput = file.Inputs[1], Length = 7 };
        using var encoder = new OnnxFrozenEncoder(file, binding, gathers);
        var vectors = new float[2];

        encoder.Encode(new float[2 * 80 * 7], vectors);

        Assert.Equal([7, 7], vectors);
    }
}
