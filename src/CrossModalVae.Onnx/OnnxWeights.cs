using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CrossModalVae.Files;
using CrossModalVae.Onnx.Protos;
using Google.Protobuf;

namespace CrossModalVae.Onnx;

/// <summary>The constants and the metadata of a graph's file.</summary>
/// <param name="Floats">Constants of floats by name.</param>
/// <param name="Metadata">By key.</param>
/// <param name="Sha256">Of the file.</param>
internal sealed record OnnxWeights(
    IReadOnlyDictionary<string, NamedArray> Floats, IReadOnlyDictionary<string, string> Metadata, string Sha256)
{
    private const long LargestBytes = int.MaxValue;

    public bool Has(string name) => Floats.ContainsKey(name);

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no ONNX graph.</exception>
    public static OnnxWeights Read(string path)
    {
        byte[] bytes = [];
        int length = InputFile.ReadAll(path, "an ONNX graph", LargestBytes, ref bytes);
        try
        {
            Model model = Model.Parser.ParseFrom(bytes, 0, length);
            return model.Graph is null ? throw new InvalidDataException($"{path}: holds no ONNX graph.") : new OnnxWeights(
                model.Graph.Initializer
                    .Where(tensor => tensor.DataType == Tensor.Types.ElementType.Float && tensor.HasRawData)
                    .ToDictionary(tensor => tensor.Name, ToArray, StringComparer.Ordinal),
                model.MetadataProps.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal),
                Convert.ToHexStringLower(SHA256.HashData(bytes.AsSpan(0, length))));
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or ArgumentException)
        {
            throw new InvalidDataException($"{path}: is no ONNX graph: {e.Message}", e);
        }
    }

    private static NamedArray ToArray(Tensor tensor) =>
        new([.. tensor.Dims], MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray());
}
