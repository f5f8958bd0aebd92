using System.Text.Json;
using CrossModalVae.Encoders;
using CrossModalVae.Files;

namespace CrossModalVae.Onnx;

/// <summary>What of @vladmandic/face-api becomes an encoder.</summary>
public enum FaceApiNetworks
{
    /// <summary>The face recognition network: a descriptor of 128 values.</summary>
    Recognition,

    /// <summary>The age and gender network: age in years, and the logarithm of the odds for a man.</summary>
    AgeGender,

    /// <summary>Both: 130 values. What a voice tells of a face is most of all gender and age.</summary>
    Both,
}

/// <summary>
/// Writes networks of the npm package @vladmandic/face-api as ONNX. Recognition: dlib's residual network
/// (dlib_face_recognition_resnet by Davis King), whose 8-bit weights the package has with scale and minimum. The graph is that of the
/// package's FaceRecognitionNet.ts; the scale layer after each convolution is folded into it. Its input is a picture as the preset face-api
/// normalises it, [batch, 3, 150, 150]; its output a descriptor, [batch, 128], two of which are of one person where their Euclidean
/// distance is below about 0.6.
/// </summary>
public static class FaceApiImporter
{
    private const string PackageName = "@vladmandic/face-api";
    private const string ManifestName = "face_recognition_model-weights_manifest.json";
    private const string RecognitionSource = "face_recognition_model (dlib_face_recognition_resnet_model_v1 of Davis King's dlib)";
    private const string AgeGenderSource = "age_gender_model";
    private const int Size = 150;
    private const int Dimension = 128;
    private const long LargestBytes = 1L << 27;

    // Widths and blocks of the four stages; every stage but the first begins with a block that halves the picture.
    private static readonly (int Width, int Blocks)[] Stages = [(32, 3), (64, 3), (128, 2), (256, 2)];

    /// <summary>Writes the network. The same package gives the same bytes.</summary>
    /// <param name="package">The package's folder, as npm unpacks it: with package.json and model/.</param>
    /// <param name="path">The ONNX file.</param>
    /// <param name="networks">Which networks. Default recognition.</param>
    /// <exception cref="FileNotFoundException">The folder lacks a file.</exception>
    /// <exception cref="InvalidDataException">The folder is another package, or its weights are not those of this network.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Import(string package, string path, FaceApiNetworks networks = FaceApiNetworks.Recognition)
    {
        ArgumentException.ThrowIfNullOrEmpty(package);
        ArgumentException.ThrowIfNullOrEmpty(path);
        string licence = Licence(package);
        var builder = new OnnxGraphBuilder("face_api");
        string picture = builder.Input("face", [3, Size, Size], "a face: red, green and blue planes, (x - mean) / 255");
        var vectors = new List<string>();
        if (networks != FaceApiNetworks.AgeGender)
        {
            vectors.Add(Use(package, ManifestName, weights => Recognise(builder, weights, picture)));
        }

        if (networks != FaceApiNetworks.Recognition)
        {
            vectors.Add(Use(package, FaceApiAgeGender.ManifestName, weights => FaceApiAgeGender.Add(builder, weights, picture, Size)));
        }

        byte[] content = Finish(builder, vectors, networks, licence);
        AtomicFile.Write(path, stream => stream.Write(content));
    }

    /// <summary>Of the recognition network's stages.</summary>
    internal static int[] Widths => [.. Stages.Select(stage => stage.Width)];

    private static string Use(string package, string manifest, Func<FaceApiWeights, string> add)
    {
        var weights = FaceApiWeights.Read(Path.Combine(package, "model"), manifest);
        string vector = add(weights);
        weights.RequireAllUsed();
        return vector;
    }

    private static string Licence(string package)
    {
        string file = Path.Combine(package, "package.json");
        byte[] bytes = [];
        int length = InputFile.ReadAll(file, $"the package {PackageName}, as npm unpacks it", LargestBytes, ref bytes);
        try
        {
            using JsonDocument json = JsonDocument.Parse(bytes.AsMemory(0, length));
            return json.RootElement.GetProperty("name").GetString() == PackageName
                ? json.RootElement.GetProperty("license").GetString() ?? ""
                : throw new InvalidDataException($"{file}: is of another package; expected {PackageName}.");
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InvalidDataException($"{file}: is no package.json with a name and a license: {e.Message}", e);
        }
    }

    // Gives [B, 128].
    private static string Recognise(OnnxGraphBuilder graph, FaceApiWeights weights, string picture)
    {
        int side = (Size - 7) / 2 + 1, width = 32;
        string h = Convolution(graph, weights, picture, "conv32_down", (3, width, 7), stride: 2); // [B, 32, 72, 72]
        h = graph.Node("Relu", "conv32_down_relu", [h]);
        h = graph.Node("MaxPool", "pool", [h], ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 })); // [B, 32, 35, 35]
        side = ((side - 3) / 2) + 1;
        foreach ((int stage, int blocks) in Stages)
        {
            if (stage != width)
            {
                h = Block(graph, weights, h, $"conv{stage}_down", width, stage, ref side, halves: true);
                width = stage;
            }

            for (int block = 1; block <= blocks; block++)
            {
                h = Block(graph, weights, h, $"conv{stage}_{block}", width, width, ref side, halves: false);
            }
        }

        h = Block(graph, weights, h, $"conv{width}_down_out", width, width, ref side, halves: true);
        h = graph.Node("GlobalAveragePool", "average", [h]); // [B, 256, 1, 1]
        h = graph.Node("Flatten", "average_flat", [h]); // [B, 256]
        string fc = graph.Floats("fc", weights.Take("fc", width, Dimension), width, Dimension);
        return graph.Node("MatMul", "descriptor", [h, fc]); // [B, 128]
    }

    private static byte[] Finish(OnnxGraphBuilder graph, List<string> vectors, FaceApiNetworks networks, string licence)
    {
        string[] names = networks switch
        {
            FaceApiNetworks.Recognition => [RecognitionSource],
            FaceApiNetworks.AgeGender => [AgeGenderSource],
            _ => [RecognitionSource, AgeGenderSource],
        };
        if (vectors.Count == 1)
        {
            graph.Output(vectors[0], networks == FaceApiNetworks.Recognition ? Dimension : FaceApiAgeGender.Length, "the face's vector");
        }
        else
        {
            graph.Output(
                graph.Node("Concat", "vector", [.. vectors], ("axis", 1)), Dimension + FaceApiAgeGender.Length, "the face's vector");
        }

        return graph.Build(
            "Face networks of the npm package @vladmandic/face-api.",
            new Dictionary<string, string>
            {
                [OnnxContract.EncoderPresetKey] = EnumText.Of(FaceEncoderPreset.FaceApi),
                [OnnxContract.EncoderLicenceKey] = licence,
                [OnnxContract.EncoderSourceKey] = $"npm package {PackageName}, {string.Join(" and ", names)}",
            });
    }

    // relu(conv2(relu(conv1(x))) + x), where a block that halves the picture averages x, adds zeros for the channels that x lacks, and
    // zeros where the convolution without padding is a row and a column short.
    private static string Block(
        OnnxGraphBuilder graph, FaceApiWeights weights, string x, string name, int input, int output, ref int side, bool halves)
    {
        string h = Convolution(graph, weights, x, $"{name}/conv1", (input, output, 3), halves ? 2 : 1);
        h = graph.Node("Relu", $"{name}/relu", [h]);
        h = Convolution(graph, weights, h, $"{name}/conv2", (output, output, 3), 1);
        string shortcut = x;
        if (halves)
        {
            shortcut = graph.Node(
                "AveragePool", $"{name}/pool", [x], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }));
            if (input != output)
            {
                shortcut = Pad(graph, shortcut, $"{name}/widened", [0, 0, 0, 0, 0, output - input, 0, 0]);
            }

            int pooled = side / 2, convolved = ((side - 3) / 2) + 1;
            if (pooled != convolved)
            {
                h = Pad(graph, h, $"{name}/padded", [0, 0, 0, 0, 0, 0, pooled - convolved, pooled - convolved]);
            }

            side = pooled;
        }

        h = graph.Node("Add", $"{name}/sum", [h, shortcut]);
        return graph.Node("Relu", $"{name}/out", [h]); // [B, output, side, side]
    }

    private static string Pad(OnnxGraphBuilder graph, string x, string name, long[] pads) =>
        graph.Node("Pad", name, [x, graph.Integers($"{name}_pads", pads)]);

    // (W x + b) s + t = (s W) x + (s b + t); padded to the same size at stride 1, not at all at stride 2.
    private static string Convolution(
        OnnxGraphBuilder graph, FaceApiWeights weights, string x, string name, (int Input, int Output, int Kernel) shape, int stride)
    {
        (int input, int output, int kernel) = shape;
        float[] filters = weights.Take($"{name}/conv/filters", kernel, kernel, input, output); // [height, width, in, out]
        float[] bias = weights.Take($"{name}/conv/bias", output);
        float[] scale = weights.Take($"{name}/scale/weights", output);
        float[] shift = weights.Take($"{name}/scale/biases", output);
        var folded = new float[filters.Length]; // [out, in, height, width]
        int area = kernel * kernel;
        for (int i = 0; i < filters.Length; i++)
        {
            (int rest, int o) = Math.DivRem(i, output);
            (int at, int c) = Math.DivRem(rest, input);
            folded[(((o * input) + c) * area) + at] = (float)((double)filters[i] * scale[o]);
        }

        float[] foldedBias = [.. bias.Select((value, o) => (float)(((double)value * scale[o]) + shift[o]))];
        long padding = stride == 1 ? kernel / 2 : 0;
        return graph.Node(
            "Conv",
            $"{name}/convolved",
            [x, graph.Floats($"{name}/weight", folded, output, input, kernel, kernel), graph.Floats($"{name}/bias", foldedBias)],
            ("kernel_shape", new long[] { kernel, kernel }),
            ("strides", new long[] { stride, stride }),
            ("pads", new[] { padding, padding, padding, padding }));
    }
}
