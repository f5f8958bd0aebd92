using CrossModalVae.Encoders;
using CrossModalVae.Faces;
using static CrossModalVae.Onnx.Protos.Tensor.Types;

namespace CrossModalVae.Onnx.Fused;

/// <summary>
/// Writes the steps of <see cref="FaceFrontEnd"/> on upright pixels, [B, H, W, 3] of 0 to 255: the square in the middle, antialiased resize
/// as two products with matrices made from the size, grey or planes, [0, 1], normalisation over the picture.
/// </summary>
internal sealed class FaceGraph
{
    private const float LargestLevel = 255;

    private readonly FaceOptions _options;
    private readonly GraphSteps _steps;

    /// <summary>Writes on a graph of its own names.</summary>
    public FaceGraph(OnnxGraphBuilder graph, FaceOptions options)
    {
        _options = options.Encoder is FaceEncoderOptions encoder
            ? options with { Width = encoder.Size, Height = encoder.Size, Colour = FaceColour.Rgb }
            : options;
        _steps = new GraphSteps(graph, "face_front_end");
    }

    /// <summary>For the steps that follow.</summary>
    public GraphSteps Steps => _steps;

    /// <summary>0, or NaN where the front end refuses pictures of this size, [1].</summary>
    public string Fault(string pixels)
    {
        string least = _steps.Whole(FaceImage.SmallestSide);
        string isSmall = _steps.Node(
            "Or", _steps.Node("Less", _steps.Size(pixels, 1), least), _steps.Node("Less", _steps.Size(pixels, 2), least));
        return _steps.Node("Where", isSmall, _steps.Float(float.NaN), _steps.Float(0));
    }

    /// <summary>Pixels to planes of 0 to 255, [B, C, height, width].</summary>
    public string Planes(string pixels)
    {
        string x = _steps.Cast(Square(pixels), ElementType.Float); // [B, h, w, 3]
        int channels = _options.Colour == FaceColour.Grey ? 1 : 3;
        if (channels == 1)
        {
            x = _steps.Node("MatMul", x, _steps.Floats([.. PixelRows.LumaWeights], 3, 1)); // [B, h, w, 1]
        }

        string rows = _steps.Node("MatMul", Resize(_steps.Size(x, 1), _options.Height), _steps.Reshape(x, 0, 0, -1)); // [B, height, w C]
        string planes = _steps.Transpose(_steps.Reshape(rows, 0, _options.Height, -1, channels), 0, 3, 1, 2); // [B, C, height, w]
        string columns = _steps.Transpose(Resize(_steps.Size(x, 2), _options.Width), 1, 0); // [w, width]
        return _steps.Node("Min", _steps.Node("MatMul", planes, columns), _steps.Float(LargestLevel));
    }

    /// <summary>Planes of 0 to 255 to features, [B, C, height, width].</summary>
    public string Features(string planes)
    {
        string x = _steps.Node("Div", planes, _steps.Float(LargestLevel));
        if (_options.Normalisation != FaceNormalisation.Clip)
        {
            return x;
        }

        (string, OnnxGraphBuilder.Value)[] overPicture = [("axes", new long[] { 1, 2, 3 }), ("keepdims", 1)];
        string centred = _steps.Node("Sub", x, _steps.Node("ReduceMean", [x], overPicture));
        string deviation = _steps.Node("Sqrt", _steps.Node("ReduceMean", [_steps.Node("Mul", centred, centred)], overPicture));
        string isFlat = _steps.Node("Less", deviation, _steps.Float((float)FaceFrontEnd.SmallestStandardDeviation));
        return _steps.Node("Div", centred, _steps.Node("Where", isFlat, _steps.Float(float.PositiveInfinity), deviation));
    }

    /// <summary>The picture as a clip of one frame: as many times as a clip has pictures, [B, features].</summary>
    public string Row(string features)
    {
        string row = _steps.Node("Flatten", [features], ("axis", 1));
        return _steps.Concat(1, [.. Enumerable.Repeat(row, _options.PictureCount)]);
    }

    /// <summary>The picture as a clip of one frame for a tower that averages over pictures, [B, 1, C, height, width].</summary>
    public string OnePicture(string features) => _steps.Node("Unsqueeze", features, _steps.Whole(1));

    // The square in the middle, its side half-even rounded as in SquareCrop.
    private string Square(string pixels)
    {
        if (_options.Square is not FaceSquare square)
        {
            return pixels;
        }

        string height = _steps.Size(pixels, 1), width = _steps.Size(pixels, 2);
        string shorter = _steps.Cast(_steps.Node("Min", height, width), ElementType.Double);
        string wanted = _steps.Node("Round", _steps.Node("Mul", shorter, _steps.Double(square.CenterShare)));
        string side = _steps.Node("Max", _steps.Cast(wanted, ElementType.Int64), _steps.Whole(FaceImage.SmallestSide)); // [1]
        string start = _steps.Concat(0, Middle(height), Middle(width)); // [2]
        return _steps.Node("Slice", pixels, start, _steps.Node("Add", start, side), _steps.Whole(1, 2));

        string Middle(string length) => _steps.Node("Div", _steps.Node("Sub", length, side), _steps.Whole(2));
    }

    // TriangleFilter's weights for a length, [1], that is resized to another: [output, length].
    private string Resize(string length, int output)
    {
        string wide = _steps.Cast(length, ElementType.Double); // [1]
        string step = _steps.Node("Div", wide, _steps.Double(output));
        string support = _steps.Node("Max", step, _steps.Double(1));
        string places = _steps.Doubles([.. Enumerable.Range(0, output).Select(o => o + 0.5)], output, 1);
        string centres = _steps.Node("Mul", places, step); // [output, 1]
        string end = _steps.Reshape(length); // a scalar, as Range wants it
        string samples = _steps.Cast(_steps.Node("Range", Scalar(0), end, Scalar(1)), ElementType.Double); // [length]
        string distance = _steps.Node("Abs", _steps.Node("Sub", _steps.Node("Add", samples, _steps.Double(0.5)), centres));
        string taps = _steps.Node("Max", _steps.Node("Sub", _steps.Double(1), _steps.Node("Div", distance, support)), _steps.Double(0));
        string sums = _steps.Node("ReduceSum", [taps, _steps.Whole(1)], ("keepdims", 1)); // [output, 1]
        return _steps.Cast(_steps.Node("Div", taps, sums), ElementType.Float);

        string Scalar(long value) => _steps.Reshape(_steps.Whole(value));
    }
}
