using System.Buffers.Binary;
using System.Text;
using CrossModalVae.Models;

namespace CrossModalVae.Tests.Models;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder["w.safetensors"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_ThenRead_GivesTheSameArraysAndMetadata()
    {
        var tensors = new Dictionary<string, NamedArray>
        {
            ["b"] = new([2, 2], [1, -0.0f, float.MaxValue, float.Epsilon]),
            ["a"] = new([3], [4, 5, 6]),
            ["scalar"] = new([], [7]),
            ["empty"] = new([0, 5], []),
        };

        SafetensorsFile.Write(FilePath, tensors, new Dictionary<string, string> { ["epoch"] = "3" });
        (IReadOnlyDictionary<string, NamedArray> read, IReadOnlyDictionary<string, string> metadata) = SafetensorsFile.Read(FilePath);

        Assert.Equal(tensors.Keys.Order(), read.Keys.Order());
        Assert.All(tensors, pair => Assert.Equal(pair.Value.Values, read[pair.Key].Values));
        Assert.All(tensors, pair => Assert.Equal(pair.Value.Shape, read[pair.Key].Shape));
        Assert.Equal("3", metadata["epoch"]);
        Assert.Equal([FilePath], Directory.GetFiles(_folder.Root));
    }

    [Fact]
    public void Write_KnownContent_IsTheFormatByteForByte()
    {
        SafetensorsFile.Write(FilePath, new Dictionary<string, NamedArray> { ["x"] = new([1], [1]) });

        byte[] bytes = File.ReadAllBytes(FilePath);

        const string Header = """{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}  """;
        Assert.Equal(56, Header.Length);
        Assert.Equal([56, 0, 0, 0, 0, 0, 0, 0, .. Encoding.UTF8.GetBytes(Header), 0, 0, 0x80, 0x3F], bytes);
    }

    [Fact]
    public void Write_OtherInsertionOrder_SameBytes()
    {
        NamedArray a = new([1], [1]);
        NamedArray b = new([2], [2, 3]);
        string other = _folder["other.safetensors"];

        SafetensorsFile.Write(FilePath, new Dictionary<string, NamedArray> { ["a"] = a, ["b"] = b });
        SafetensorsFile.Write(other, new Dictionary<string, NamedArray> { ["b"] = b, ["a"] = a });

        Assert.Equal(File.ReadAllBytes(FilePath), File.ReadAllBytes(other));
    }

    [Fact]
    public void Write_ShapeDoesNotFitValues_Refused()
    {
        var tensors = new Dictionary<string, NamedArray> { ["x"] = new([2, 3], [1]) };

        var error = Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(FilePath, tensors));

        Assert.StartsWith(
            "Tensor 'x' has 1 values and shape [2, 3]; must have 6, under another name than __metadata__.",
            error.Message,
            StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Root));
    }

    [Theory]
    [InlineData("""{"x":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}""", 4, "tensor 'x' has dtype F16; expected F32.")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8,
        "tensor 'x' begins at byte 4 of the data; expected 0, without gap or overlap.")]
    [InlineData("""{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8,
        "8 bytes of data; expected 4, the end of the last tensor.")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4,
        "tensor 'x' of shape [2] lies at bytes 0 to 8 of 4; expected 8 bytes inside the file.")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4,
        """tensor 'x' needs 'dtype', 'shape' and two 'data_offsets'; found {"dtype":"F32","shape":[-1],"data_offsets":[0,4]}.""")]
    [InlineData("""{"__metadata__":{"a":1}}""", 0, """'__metadata__' is {"a":1}; expected an object of strings.""")]
    [InlineData("[]", 0, "the header is a JSON Array; expected an object.")]
    public void Read_WrongContent_NamesFileAndPlace(string header, int dataLength, string message)
    {
        WriteRaw(header.Length, header, dataLength);

        var error = Assert.Throws<InvalidDataException>(() => SafetensorsFile.Read(FilePath));

        Assert.Equal($"{FilePath}: {message}", error.Message);
    }

    [Theory]
    [InlineData("4294967296, 4294967296", 0)]
    [InlineData("4611686018427387904, 4", 0)]
    [InlineData("-1, -1", 1)]
    public void Write_ShapeWhoseProductWraps_Refused(string shape, int valueCount)
    {
        long[] sizes = [.. shape.Split(", ").Select(long.Parse)];
        var tensors = new Dictionary<string, NamedArray> { ["x"] = new(sizes, new float[valueCount]) };

        var error = Assert.Throws<ArgumentException>(() => SafetensorsFile.Write(FilePath, tensors));

        Assert.StartsWith($"Tensor 'x' has {valueCount} values and shape [{shape}]; must have ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ShapeWhoseProductWraps_NamesFileAndPlace()
    {
        // 2^62 x 2^62 x 16 is 2^128, which is 0 in 128 bits.
        const string Header = """{"x":{"dtype":"F32","shape":[4611686018427387904,4611686018427387904,16],"data_offsets":[0,0]}}""";
        WriteRaw(Header.Length, Header, 0);

        var error = Assert.Throws<InvalidDataException>(() => SafetensorsFile.Read(FilePath));

        Assert.Equal(
            $"{FilePath}: tensor 'x' of shape [4611686018427387904, 4611686018427387904, 16] has more numbers than an array holds; "
            + $"expected at most {Array.MaxLength}.",
            error.Message);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(-1)]
    public void Read_HeaderLongerThanTheFile_Refused(long headerLength)
    {
        WriteRaw(headerLength, "{}", 0);

        var error = Assert.Throws<InvalidDataException>(() => SafetensorsFile.Read(FilePath));

        Assert.Equal($"{FilePath}: header length {headerLength}; expected 2 to 2.", error.Message);
    }

    [Fact]
    public void Read_TruncatedBeforeTheHeader_Refused()
    {
        File.WriteAllBytes(FilePath, [1, 2, 3]);

        var error = Assert.Throws<InvalidDataException>(() => SafetensorsFile.Read(FilePath));

        Assert.Equal($"{FilePath}: 3 bytes; a safetensors file has at least 8.", error.Message);
    }

    private void WriteRaw(long headerLength, string header, int dataLength)
    {
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, headerLength);
        File.WriteAllBytes(FilePath, [.. length, .. Encoding.UTF8.GetBytes(header), .. new byte[dataLength]]);
    }
}
