namespace CrossModalVae.Towers;

/// <summary>A tower's layers, made from a recipe's options, and what goes in and comes out.</summary>
/// <param name="Input">The tensor of one example.</param>
/// <param name="Layers">In order; the last gives [B, <paramref name="OutputCount"/>].</param>
/// <param name="OutputCount">Values of one example after the last layer.</param>
internal sealed record TowerArchitecture(TowerInput Input, IReadOnlyList<TowerLayer> Layers, int OutputCount)
{
    /// <summary>Added to the variance in batch normalisation, as PyTorch does.</summary>
    public const double NormalisationEpsilon = 1e-5;

    /// <summary>Channels over which squeeze-excitation's bottleneck is narrower, as in voxceleb_trainer.</summary>
    private const int Reduction = 8;

    private const int DescriptorLength = 128;

    private static readonly int[] ResidualBlocks = [3, 4, 6, 3];

    private static readonly int[] DlibBlocks = [3, 4, 3, 3];

    /// <summary>How many widths a kind's channels have; 0 for any number.</summary>
    public static int StagesOf(TowerKind kind) => kind switch
    {
        TowerKind.ResnetSe34Light => 4,
        TowerKind.VggM => 6,
        TowerKind.DlibResnet => 4,
        _ => 0,
    };

    /// <summary>The tower of a modality.</summary>
    /// <exception cref="ArgumentException">An example is too small for the network.</exception>
    public static TowerArchitecture Create(TowerOptions options, TowerInput input)
    {
        bool isVoice = input.Modality == Modality.Voice;
        int[] own = (options.Kind, isVoice) switch
        {
            (TowerKind.Cnn, true) => [256, 256, 256, 384],
            (TowerKind.Cnn, false) => [32, 64, 128, 256],
            (TowerKind.ResnetSe34Light, _) => [16, 32, 64, 128],
            (TowerKind.VggM, _) => [96, 256, 256, 256, 256, 1024],
            (TowerKind.DlibResnet, false) => [32, 64, 128, 256],
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Kind, "No such kind of tower."),
        };
        int[] channels = options.Channels.Count > 0 ? [.. options.Channels] : own;
        TowerInput given = input with { BinsAreChannels = isVoice && options.Kind == TowerKind.Cnn };
        TowerLayer pooled = options.Pooling == PlanePooling.Positions ? new FlattenLayer() : new AverageLayer();
        TowerLayer[] layers = (options.Kind, isVoice) switch
        {
            (TowerKind.Cnn, true) => [.. OverTime(given.Channels, channels), new StatisticsLayer()],
            (TowerKind.Cnn, false) => [.. Halving(given.Channels, channels), pooled],
            (TowerKind.ResnetSe34Light, true) =>
                [.. Residual(given.Channels, channels, new PlaneSize(2, 1), lastStride: 1), new StatisticsLayer()],
            (TowerKind.ResnetSe34Light, false) =>
                [.. Residual(given.Channels, channels, new PlaneSize(2, 2), lastStride: 2), pooled],
            (TowerKind.DlibResnet, _) => [.. Dlib(given, channels)],
            (_, true) => [.. VggM(given, channels), new StatisticsLayer()],
            (_, false) => [.. VggM(given, channels), pooled],
        };
        (int c, PlaneSize size) = Walk(layers, given.Channels, given.Size, options.Kind, given);
        int outputs = isVoice ? 2 * c * size.Height : layers[^1] is FlattenLayer ? c * size.Height * size.Width : c;
        return new TowerArchitecture(given, layers, outputs);
    }

    /// <summary>Every layer of a list that has weights, in the order of computation.</summary>
    public static IEnumerable<TowerLayer> Weighted(IEnumerable<TowerLayer> layers) => layers.SelectMany(layer => layer switch
    {
        ResidualLayer residual => Weighted(residual.Body).Concat(Weighted(residual.Shortcut)),
        ConvolutionLayer or TransposedLayer or SqueezeExcitationLayer or ProjectionLayer => [layer],
        _ => Array.Empty<TowerLayer>(),
    });

    private static IEnumerable<TowerLayer> OverTime(int inputs, int[] channels)
    {
        for (int i = 0; i < channels.Length; i++)
        {
            // The second convolution halves the frames: neighbours overlap by more than half.
            (int kernel, int stride) = (i == 0 ? 5 : 3, i == 1 ? 2 : 1);
            yield return new ConvolutionLayer(
                $"conv{i}", i == 0 ? inputs : channels[i - 1], channels[i], new(1, kernel), new(1, stride), new(0, kernel / 2));
        }
    }

    private static IEnumerable<TowerLayer> Halving(int inputs, int[] channels) => channels.Select((width, i) => new ConvolutionLayer(
        $"conv{i}", i == 0 ? inputs : channels[i - 1], width, PlaneSize.Square(3), PlaneSize.Square(2), PlaneSize.Square(1)));

    private static IEnumerable<TowerLayer> Residual(int inputs, int[] channels, PlaneSize firstStride, int lastStride)
    {
        yield return new ConvolutionLayer(
            "conv", inputs, channels[0], PlaneSize.Square(7), firstStride, PlaneSize.Square(3));
        int before = channels[0];
        for (int stage = 0; stage < channels.Length; stage++)
        {
            for (int block = 0; block < ResidualBlocks[stage]; block++)
            {
                int stride = block > 0 || stage == 0 ? 1 : stage == channels.Length - 1 ? lastStride : 2;
                yield return Block($"stage{stage}.{block}", before, channels[stage], stride);
                before = channels[stage];
            }
        }
    }

    // Normalisation before ReLU, as He et al. have it (voxceleb_trainer's first convolution of a block has them the other way round).
    private static ResidualLayer Block(string name, int inputs, int outputs, int stride)
    {
        (PlaneSize three, PlaneSize one) = (PlaneSize.Square(3), PlaneSize.Square(1));
        return new ResidualLayer(
            [
                new ConvolutionLayer($"{name}.conv0", inputs, outputs, three, PlaneSize.Square(stride), one),
                new ConvolutionLayer($"{name}.conv1", outputs, outputs, three, one, one, IsRectified: false),
                new SqueezeExcitationLayer($"{name}.excitation", outputs, Math.Max(1, outputs / Reduction)),
            ],
            stride == 1 && inputs == outputs
                ? []
                : [new ConvolutionLayer($"{name}.shortcut", inputs, outputs, one, PlaneSize.Square(stride), default, IsRectified: false)]);
    }

    // Two strided convolutions with pooling, three of 3 x 3, pooling, and one over the whole remaining height (voices: frequency; as
    // Learnable PINs' fc6) or the whole remaining picture, here a 1 x 1 convolution before the mean.
    private static IEnumerable<TowerLayer> VggM(TowerInput input, int[] c)
    {
        (PlaneSize one, PlaneSize two, PlaneSize three) = (PlaneSize.Square(1), PlaneSize.Square(2), PlaneSize.Square(3));
        yield return new ConvolutionLayer("conv0", input.Channels, c[0], PlaneSize.Square(7), two, PlaneSize.Square(3));
        yield return new MaximumLayer(three, two, one);
        yield return new ConvolutionLayer("conv1", c[0], c[1], PlaneSize.Square(5), two, two);
        yield return new MaximumLayer(three, two, one);
        yield return new ConvolutionLayer("conv2", c[1], c[2], three, one, one);
        yield return new ConvolutionLayer("conv3", c[2], c[3], three, one, one);
        yield return new ConvolutionLayer("conv4", c[3], c[4], three, one, one);
        int height = input.Size.Height;
        for (int i = 0; i < 4; i++)
        {
            height = (height + 1) / 2; // each of the four above rounds up
        }

        yield return new ConvolutionLayer(
            "fc6", c[4], c[5], input.Modality == Modality.Voice ? new(height, 1) : one, one, default);
    }

    // As the graph of the npm package @vladmandic/face-api has it, the scale layer after each convolution folded into it.
    private static IEnumerable<TowerLayer> Dlib(TowerInput input, int[] c)
    {
        PlaneSize two = PlaneSize.Square(2), three = PlaneSize.Square(3);
        yield return new ConvolutionLayer("conv", input.Channels, c[0], PlaneSize.Square(7), two, default, IsNormalised: false);
        yield return new MaximumLayer(three, two, default);
        PlaneSize size = Shrunk(Shrunk(input.Size, PlaneSize.Square(7), two, default), three, two, default);
        for (int stage = 0; stage < c.Length; stage++)
        {
            for (int block = 0; block < DlibBlocks[stage]; block++)
            {
                bool halves = stage > 0 && block == 0;
                yield return DlibBlock($"stage{stage}.{block}", halves ? c[stage - 1] : c[stage], c[stage], ref size, halves);
            }
        }

        yield return DlibBlock("last", c[^1], c[^1], ref size, halves: true);
        yield return new AverageLayer();
        yield return new ProjectionLayer("fc", c[^1], DescriptorLength);
    }

    // A block that halves the picture averages x, adds zeros for the channels that x lacks, and zeros where the convolution without padding
    // is a row and a column short.
    private static ResidualLayer DlibBlock(string name, int inputs, int outputs, ref PlaneSize size, bool halves)
    {
        PlaneSize one = PlaneSize.Square(1), two = PlaneSize.Square(2), three = PlaneSize.Square(3);
        TowerLayer[] body =
        [
            new ConvolutionLayer(
                $"{name}.conv1", inputs, outputs, three, halves ? two : one, halves ? default : one, IsNormalised: false),
            new ConvolutionLayer($"{name}.conv2", outputs, outputs, three, one, one, IsRectified: false, IsNormalised: false),
        ];
        if (!halves)
        {
            return new ResidualLayer(body, []);
        }

        (PlaneSize convolved, PlaneSize pooled) = (Shrunk(size, three, two, default), Shrunk(size, two, two, default));
        size = pooled;
        return new ResidualLayer(
            [.. body, .. Padded(0, pooled.Height - convolved.Height, pooled.Width - convolved.Width)],
            [new WindowMeanLayer(two, two), .. Padded(outputs - inputs, 0, 0)]);

        static TowerLayer[] Padded(int channels, int rows, int columns) =>
            channels + rows + columns == 0 ? [] : [new PaddingLayer(channels, rows, columns)];
    }

    private static (int Channels, PlaneSize Size) Walk(
        IEnumerable<TowerLayer> layers, int channels, PlaneSize size, TowerKind kind, TowerInput input)
    {
        foreach (TowerLayer layer in layers)
        {
            (channels, size) = layer switch
            {
                ConvolutionLayer c => (c.Outputs, Shrunk(size, c.Kernel, c.Stride, c.Padding)),
                MaximumLayer m => (channels, Shrunk(size, m.Kernel, m.Stride, m.Padding)),
                PaddingLayer p => (channels + p.Channels, new PlaneSize(size.Height + p.Rows, size.Width + p.Columns)),
                ProjectionLayer p => (p.Outputs, size),
                ResidualLayer r => Walk(r.Body, channels, size, kind, input),
                _ => (channels, size),
            };
            if (size.Height < 1 || size.Width < 1)
            {
                throw UserError.Mark(new ArgumentException(
                    $"A {EnumText.Of(kind)} {EnumText.Of(input.Modality)} tower cannot take an example of {input.Size.Height} x "
                    + $"{input.Size.Width}; it must be larger."));
            }
        }

        return (channels, size);
    }

    private static PlaneSize Shrunk(PlaneSize size, PlaneSize kernel, PlaneSize stride, PlaneSize padding) => new(
        ((size.Height + (2 * padding.Height) - kernel.Height) / stride.Height) + 1,
        ((size.Width + (2 * padding.Width) - kernel.Width) / stride.Width) + 1);
}

/// <summary>
/// One example as a tower takes it: a voice's frames, [T, bins], as one plane of bins x T or as bins channels over time; a picture,
/// [planes, height, width].
/// </summary>
/// <param name="Modality">Voice or face.</param>
/// <param name="Planes">Of a picture; 1 of a voice.</param>
/// <param name="Rows">Height of a picture; bins of a voice.</param>
/// <param name="Columns">Width of a picture; frames of a voice.</param>
/// <param name="BinsAreChannels">Whether a voice's bins are channels.</param>
internal sealed record TowerInput(Modality Modality, int Planes, int Rows, int Columns, bool BinsAreChannels = false)
{
    public int Channels => BinsAreChannels ? Rows : Planes;

    public PlaneSize Size => new(BinsAreChannels ? 1 : Rows, Columns);
}
