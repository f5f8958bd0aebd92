namespace CrossModalVae.Onnx;

/// <summary>
/// The age and gender network of @vladmandic/face-api (AgeGenderNet.ts, TinyXception.ts): a small Xception (Chollet 2017) on a picture of
/// 112 x 112. Its input here is the recognition network's, resized in the graph by the triangle filter of the front end.
/// </summary>
internal static class FaceApiAgeGender
{
    public const string ManifestName = "age_gender_model-weights_manifest.json";

    /// <summary>Age in years, and the logarithm of the odds for a man.</summary>
    public const int Length = 2;

    private const int Size = 112;
    private const int MainBlocks = 2;

    /// <summary>Adds the network; gives [B, 2].</summary>
    public static string Add(OnnxGraphBuilder graph, FaceApiWeights weights, string picture, int pictureSize)
    {
        string h = Resize(graph, picture, pictureSize); // [B, 3, 112, 112]
        h = Relu(graph, Convolution(graph, weights, h, "entry_flow/conv_in", 3, 32, kernel: 3)); // [B, 32, 56, 56]
        h = Reduction(graph, weights, h, "entry_flow/reduction_block_0", 32, 64, activates: false);
        h = Reduction(graph, weights, h, "entry_flow/reduction_block_1", 64, 128, activates: true);
        for (int block = 0; block < MainBlocks; block++)
        {
            string x = h;
            for (int layer = 0; layer < 3; layer++)
            {
                h = Separable(graph, weights, Relu(graph, h), $"middle_flow/main_block_{block}/separable_conv{layer}", 128, 128);
            }

            h = graph.Node("Add", $"middle_flow/main_block_{block}/sum", [h, x]);
        }

        h = Reduction(graph, weights, h, "exit_flow/reduction_block", 128, 256, activates: true);
        h = Relu(graph, Separable(graph, weights, h, "exit_flow/separable_conv", 256, 512)); // [B, 512, 7, 7]
        h = graph.Node("Flatten", "traits_pooled", [graph.Node("GlobalAveragePool", "traits_average", [h])]); // [B, 512]
        return graph.Node("Gemm", "traits", [h, Heads(graph, weights, out string bias), bias]); // [B, 2]
    }

    // Age, and the first logit (male) less the second.
    private static string Heads(OnnxGraphBuilder graph, FaceApiWeights weights, out string bias)
    {
        float[] age = weights.Take("fc/age/weights", 512, 1), gender = weights.Take("fc/gender/weights", 512, 2);
        float[] ageBias = weights.Take("fc/age/bias", 1), genderBias = weights.Take("fc/gender/bias", 2);
        bias = graph.Floats("fc/bias", [ageBias[0], genderBias[0] - genderBias[1]]);
        return graph.Floats(
            "fc/weights", [.. age.SelectMany((value, i) => new[] { value, gender[2 * i] - gender[(2 * i) + 1] })], 512, Length);
    }

    private static string Reduction(
        OnnxGraphBuilder graph, FaceApiWeights weights, string x, string name, int input, int output, bool activates)
    {
        string h = Separable(graph, weights, activates ? Relu(graph, x) : x, $"{name}/separable_conv0", input, output);
        h = Separable(graph, weights, Relu(graph, h), $"{name}/separable_conv1", output, output);
        h = graph.Node(
            "MaxPool",
            $"{name}/pool",
            [h],
            ("kernel_shape", new long[] { 3, 3 }),
            ("strides", new long[] { 2, 2 }),
            ("pads", new long[] { 0, 0, 1, 1 }));
        return graph.Node(
            "Add", $"{name}/sum", [h, Convolution(graph, weights, x, $"{name}/expansion_conv", input, output, kernel: 1)]);
    }

    // Of an even side at stride 2, TensorFlow's padding 'same' adds a row and a column at the end for a kernel of 3.
    private static string Convolution(
        OnnxGraphBuilder graph, FaceApiWeights weights, string x, string name, int input, int output, int kernel)
    {
        float[] filters = weights.Take($"{name}/filters", kernel, kernel, input, output);
        string weight = graph.Floats($"{name}/weight", Turned(filters, kernel * kernel, input, output), output, input, kernel, kernel);
        long end = kernel / 2;
        return graph.Node(
            "Conv",
            $"{name}/convolved",
            [x, weight, graph.Floats($"{name}/bias", weights.Take($"{name}/bias", output))],
            ("kernel_shape", new long[] { kernel, kernel }),
            ("strides", new long[] { 2, 2 }),
            ("pads", new[] { 0, 0, end, end }));
    }

    // A 3 x 3 convolution of each channel, then a mixture of the channels.
    private static string Separable(OnnxGraphBuilder graph, FaceApiWeights weights, string x, string name, int input, int output)
    {
        float[] depth = Turned(weights.Take($"{name}/depthwise_filter", 3, 3, input, 1), 9, 1, input);
        float[] point = Turned(weights.Take($"{name}/pointwise_filter", 1, 1, input, output), 1, input, output);
        string h = graph.Node(
            "Conv",
            $"{name}/depthwise",
            [x, graph.Floats($"{name}/depthwise_weight", depth, input, 1, 3, 3)],
            ("kernel_shape", new long[] { 3, 3 }),
            ("pads", new long[] { 1, 1, 1, 1 }),
            ("group", input));
        return graph.Node(
            "Conv",
            $"{name}/pointwise",
            [
                h,
                graph.Floats($"{name}/pointwise_weight", point, output, input, 1, 1),
                graph.Floats($"{name}/bias", weights.Take($"{name}/bias", output)),
            ],
            ("kernel_shape", new long[] { 1, 1 }));
    }

    private static string Relu(OnnxGraphBuilder graph, string x) => graph.Node("Relu", $"{x}_relu", [x]);

    // [area, in, out] to [out, in, area].
    private static float[] Turned(float[] values, int area, int input, int output)
    {
        var turned = new float[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            (int rest, int o) = Math.DivRem(i, output);
            (int at, int c) = Math.DivRem(rest, input);
            turned[(((o * input) + c) * area) + at] = values[i];
        }

        return turned;
    }

    // A x A^T with the triangle filter's weights A, [112, size].
    private static string Resize(OnnxGraphBuilder graph, string x, int size)
    {
        var rows = new float[Size * size];
        var columns = new float[size * Size];
        double scale = (double)size / Size;
        for (int o = 0; o < Size; o++)
        {
            double[] weights =
            [
                .. Enumerable.Range(0, size).Select(i => Math.Max(0, 1 - (Math.Abs(i + 0.5 - ((o + 0.5) * scale)) / scale))),
            ];
            double sum = weights.Sum();
            for (int i = 0; i < size; i++)
            {
                rows[(o * size) + i] = columns[(i * Size) + o] = (float)(weights[i] / sum);
            }
        }

        string h = graph.Node("MatMul", "resized_rows", [graph.Floats("resize_rows", rows, Size, size), x]);
        return graph.Node("MatMul", "resized", [h, graph.Floats("resize_columns", columns, size, Size)]);
    }
}
