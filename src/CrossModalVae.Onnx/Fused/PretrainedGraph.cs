using CrossModalVae.Encoders;
using CrossModalVae.Onnx.Protos;
using Google.Protobuf;
using static CrossModalVae.Onnx.Protos.Tensor.Types;
using Kind = CrossModalVae.Onnx.Protos.Attribute.Types.Kind;

namespace CrossModalVae.Onnx.Fused;

/// <summary>Writes a pretrained encoder's own nodes, and the steps before and after them, of a recipe as used.</summary>
internal sealed class PretrainedGraph
{
    // What the nodes of this exporter mean the same in.
    private const long OldestOpset = 15;

    private readonly Model _model;
    private readonly string _section;

    private PretrainedGraph(Model model, string section) => (_model, _section) = (model, section);

    /// <summary>The operator set that its nodes are of.</summary>
    public int OpsetVersion => (int)_model.OpsetImport.Single(set => set.Domain.Length == 0).Version;

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">Its nodes cannot be part of another graph; the message says why.</exception>
    public static PretrainedGraph Read(string path, string section, string input)
    {
        Model model;
        try
        {
            model = Model.Parser.ParseFrom(File.ReadAllBytes(path));
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InvalidDataException($"{path}: is no ONNX graph: {e.Message}", e);
        }

        long opset = model.OpsetImport.FirstOrDefault(set => set.Domain.Length == 0)?.Version ?? 0;
        Dimension? batch = model.Graph.Input.FirstOrDefault(value => value.Name == input)?.Type.TensorType.Shape?.Dim.FirstOrDefault();
        string? fault = opset is < OldestOpset or > OnnxContract.OpsetVersion
            ? $"has operator set {opset}; must be {OldestOpset} to {OnnxContract.OpsetVersion} (onnx.version_converter makes it)"
            : model.Graph.Node.SelectMany(node => node.Attribute).Any(attribute => attribute.Type is Kind.Graph or > Kind.Ints)
                ? "has branches, loops or lists of texts or tensors; must have none"
            : batch?.ValueCase == Dimension.ValueOneofCase.DimValue
                ? $"takes {batch.DimValue} at a time; its first axis must be free"
            : null;
        return fault is null
            ? new PretrainedGraph(model, section)
            : throw UserError.Mark(new InvalidDataException(
                $"{path}: {fault}, to be part of a fused graph ('{section}'). Export without --fused."));
    }

    /// <summary>Planes of 0 to 255, [B, 3, size, size], to vectors, [B, D], the mean over the mirror image where it counts.</summary>
    public string Face(GraphSteps steps, FaceEncoderOptions options, string planes, int length)
    {
        bool isRgb = options.ColourOrder == ColourOrder.Rgb, isNchw = options.Layout == ImageLayout.Nchw;
        string x = options.Mirror ? steps.Concat(0, planes, steps.Reverse(planes, 3, options.Size - 1, 0)) : planes; // [K B, 3, size, size]
        x = steps.Node("Div", steps.Node("Sub", x, Channels(options.Mean)), Channels(options.Deviation));
        x = isRgb ? x : steps.Reverse(x, 1, 2, 0);
        x = isNchw ? x : steps.Transpose(x, 0, 2, 3, 1);
        string vectors = Vectors(steps, new() { [options.Input] = x }, options.Output, options.Vector, length); // [K B, D]
        if (!options.Mirror)
        {
            return vectors;
        }

        string both = steps.Reshape(vectors, 2, -1, length); // [2, B, D]
        return steps.Node("ReduceMean", [both], ("axes", new long[] { 0 }), ("keepdims", 0));

        string Channels(IReadOnlyList<double> values) => steps.Floats([.. values.Select(value => (float)value)], 3, 1, 1);
    }

    /// <summary>Samples, [B, N], or T frames, [B, T, F], to vectors, [B, D].</summary>
    public string Voice(GraphSteps steps, VoiceEncoderOptions options, string rows, int frames, int length)
    {
        string x = rows;
        ValueInfo input = Input(options.Input);
        if (options.Takes == VoiceEncoderInput.Samples)
        {
            x = input.Type.TensorType.Shape?.Dim.Count == 3 ? steps.Node("Unsqueeze", x, steps.Whole(1)) : x; // [B, 1, N]
        }
        else
        {
            x = Normalise(steps, options.Frames, x, frames);
            x = options.Layout == FrameLayout.FramesFirst ? x : steps.Transpose(x, 0, 2, 1);
        }

        var inputs = new Dictionary<string, string> { [options.Input] = x };
        if (options.LengthInput.Length > 0)
        {
            // The number of samples or frames, or 1 for all of them, a row.
            bool isWhole = Input(options.LengthInput).Type.TensorType.ElemType == ElementType.Int64;
            string one = isWhole ? steps.Size(rows, 1) : steps.Float(1);
            inputs[options.LengthInput] = steps.Node("Expand", one, steps.Size(rows, 0));
        }

        return Vectors(steps, inputs, options.Output, options.Vector, length);
    }

    private ValueInfo Input(string name) => _model.Graph.Input.Single(value => value.Name == name);

    private static string Normalise(GraphSteps steps, FrameNormalisation normalisation, string rows, int frames)
    {
        if (normalisation == FrameNormalisation.None)
        {
            return rows;
        }

        string mean = steps.Mean(rows, 1);
        string centred = steps.Node("Sub", rows, mean);
        return normalisation == FrameNormalisation.Mean ? centred : steps.Scale(centred, mean, steps.Deviation(centred, frames));
    }

    private string Vectors(
        GraphSteps steps, Dictionary<string, string> inputs, string output, VectorNormalisation normalisation, int length)
    {
        string prefix = $"{_section}/";
        steps.Graph.Include(_model, prefix, inputs);
        string vectors = steps.Reshape(prefix + output, -1, length); // [B, D]
        return normalisation == VectorNormalisation.UnitLength ? steps.Graph.UnitLength(vectors, 1, $"{prefix}unit") : vectors;
    }
}
