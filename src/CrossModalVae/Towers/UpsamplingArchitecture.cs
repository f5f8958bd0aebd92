namespace CrossModalVae.Towers;

/// <summary>
/// The mirror image of a tower: from a small plane of many channels, which a fully connected layer gives, to one example by transposed
/// convolutions that each double height and width (of a voice: time, its bins being channels). What is more than the example is cut off at
/// the end.
/// </summary>
/// <param name="Input">The example.</param>
/// <param name="Channels">Channels of the first plane.</param>
/// <param name="Size">Size of the first plane.</param>
/// <param name="Layers">In order; the last gives a picture's planes or a voice's bins.</param>
internal sealed record UpsamplingArchitecture(TowerInput Input, int Channels, PlaneSize Size, IReadOnlyList<TowerLayer> Layers)
{
    private const int FirstChannels = 256;
    private const int FewestChannels = 32;
    private const int VoiceDoublings = 3;
    private const int SmallestSide = 4;

    /// <summary>Numbers of the first plane.</summary>
    public int SeedLength => Channels * Size.Height * Size.Width;

    public static UpsamplingArchitecture Create(TowerInput input)
    {
        bool isVoice = input.Modality == Modality.Voice;
        int doublings = isVoice ? VoiceDoublings : Math.Max(1, (int)Math.Log2(Math.Min(input.Rows, input.Columns) / (double)SmallestSide));
        (PlaneSize kernel, PlaneSize stride, PlaneSize padding) = isVoice
            ? (new PlaneSize(1, 4), new PlaneSize(1, 2), new PlaneSize(0, 1))
            : (PlaneSize.Square(4), PlaneSize.Square(2), PlaneSize.Square(1));
        int outputs = isVoice ? input.Rows : input.Planes;
        TowerLayer[] layers =
        [
            .. Enumerable.Range(0, doublings).Select(i => new TransposedLayer(
                $"up{i}",
                ChannelsAt(i),
                i == doublings - 1 ? outputs : ChannelsAt(i + 1),
                kernel,
                stride,
                padding,
                IsLast: i == doublings - 1)),
        ];
        return new UpsamplingArchitecture(
            input, FirstChannels, new PlaneSize(isVoice ? 1 : Halved(input.Rows), Halved(input.Columns)), layers);

        int Halved(int size) => (int)Math.Ceiling(size / (double)(1 << doublings));
    }

    private static int ChannelsAt(int layer) => Math.Max(FewestChannels, FirstChannels >> layer);
}
