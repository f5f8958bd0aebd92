using System.Security.Cryptography;
using CrossModalVae.Encoders;
using CrossModalVae.Files;
using CrossModalVae.Scoring.Sessions;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace CrossModalVae.Scoring.Encoders;

/// <summary>An input or output of an encoder's graph.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Type">Its element type as ONNX Runtime calls it, such as Float or Int64.</param>
/// <param name="Shape">Sizes per axis; null is free.</param>
public sealed record EncoderTensor(string Name, string Type, IReadOnlyList<int?> Shape)
{
    /// <summary>As messages show it: "Float [batch, 3, ?, ?]".</summary>
    public override string ToString() => $"{Type} {Text(Shape)}";

    /// <summary>The shape of rows: "[batch, 3, 112, 112]".</summary>
    internal static string Rows(IEnumerable<int> shape) => Text([null, .. shape.Select(size => (int?)size)]);

    private static string Text(IEnumerable<int?> shape) => "[" + string.Join(
        ", ", shape.Select((size, axis) => size?.ToString(CultureInfo.InvariantCulture) ?? (axis == 0 ? "batch" : "?"))) + "]";
}

/// <summary>
/// An ONNX file that turns pictures or voices into vectors: what it takes and gives, its hash and its metadata. Owns native memory: dispose
/// it.
/// </summary>
public sealed class EncoderFile : IDisposable
{
    /// <summary>The metadata key of a layout's name (<see cref="FaceEncoderPreset"/>, <see cref="VoiceEncoderPreset"/>), which makes a
    /// recipe short.</summary>
    public const string PresetKey = OnnxContract.EncoderPresetKey;

    /// <summary>The metadata key of the weights' licence.</summary>
    public const string LicenceKey = OnnxContract.EncoderLicenceKey;

    /// <summary>The metadata key of where the weights come from.</summary>
    public const string SourceKey = OnnxContract.EncoderSourceKey;

    private const long LargestBytes = int.MaxValue; // a protobuf message has no more

    private EncoderFile(string path, string sha256, InferenceSession session, ExecutionDevice device)
    {
        Path = path;
        Sha256 = sha256;
        Session = new OnnxSession(session, device);
        Inputs = [.. session.InputMetadata.Select(pair => Tensor(pair.Key, pair.Value))];
        Outputs = [.. session.OutputNames.Select(name => Tensor(name, session.OutputMetadata[name]))];
        Metadata = new Dictionary<string, string>(session.ModelMetadata.CustomMetadataMap);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Its SHA-256, 64 lower-case hexadecimal digits.</summary>
    public string Sha256 { get; }

    /// <summary>The graph's inputs in its order.</summary>
    public IReadOnlyList<EncoderTensor> Inputs { get; }

    /// <summary>The graph's outputs in its order.</summary>
    public IReadOnlyList<EncoderTensor> Outputs { get; }

    /// <summary>The metadata written into the file.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Batches run on it from several threads.</summary>
    internal OnnxSession Session { get; }

    /// <summary>Reads a file once: what is hashed is what is scored, so weights in files beside it are refused.</summary>
    /// <param name="path">The .onnx file.</param>
    /// <param name="device">Where it will be computed: the first of these that starts. Default the CPU.</param>
    /// <exception cref="FileNotFoundException">The file is missing.</exception>
    /// <exception cref="InvalidDataException">The file is no ONNX graph, or keeps weights in other files.</exception>
    /// <exception cref="InvalidOperationException">No device starts; the message names what is missing.</exception>
    public static EncoderFile Open(string path, DeviceOrder? device = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Open(path, (device ?? DeviceOrder.Cpu).Start());
    }

    internal static EncoderFile Open(string path, StartedDevice started)
    {
        ExecutionDevice device = started.Device;
        using SessionOptions options = OnnxSessions.CreateOptions(device, allowsCpuNodes: true);
        byte[] bytes = [];
        int length = InputFile.ReadAll(path, "an encoder (ONNX)", LargestBytes, ref bytes);
        Array.Resize(ref bytes, length);
        if (OnnxWire.FirstExternalTensor(bytes) is string name)
        {
            throw new InvalidDataException(
                $"{path}: keeps '{name}' in another file; expected one file that holds all weights, since its SHA-256 stands for them.");
        }

        string hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        return new EncoderFile(path, hash, OnnxSessions.Load(path, bytes, options, device), device);
    }

    /// <summary>Releases the native session.</summary>
    public void Dispose() => Session.Dispose();

    private static EncoderTensor Tensor(string name, NodeMetadata metadata) => metadata.IsTensor
        ? new EncoderTensor(
            name, metadata.ElementDataType.ToString(), [.. metadata.Dimensions.Select(size => size > 0 ? size : (int?)null)])
        : new EncoderTensor(name, metadata.OnnxValueType.ToString(), []);

    /// <summary>Whether a tensor has floats.</summary>
    internal static bool IsFloat(EncoderTensor tensor) => tensor.Type == nameof(TensorElementType.Float);

    /// <summary>Whether a tensor has whole numbers of 64 bits.</summary>
    internal static bool IsInteger(EncoderTensor tensor) => tensor.Type == nameof(TensorElementType.Int64);
}
