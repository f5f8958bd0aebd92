using CrossModalVae.Pictures.Drawing;
using ScottPlot;

namespace CrossModalVae.Pictures.Tests.Drawing;

public class PaletteTests
{
    // CIE 1976 colour difference; 2.3 is just noticeable side by side, so this is some seven steps apart, for marks that lie scattered.
    private const double LeastDifference = 15;

    // Full dichromacy, linear RGB (Machado, Oliveira, Fernandes 2009, table of severity 1.0).
    private static readonly Dictionary<string, double[]> Sight = new()
    {
        ["normal"] = [1, 0, 0, 0, 1, 0, 0, 0, 1],
        ["protanopia"] = [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
        ["deuteranopia"] = [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881],
        ["tritanopia"] = [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900],
    };

    public static TheoryData<string> Kinds => [.. Sight.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Colours_AsSeenByAnyReader_DifferFromEachOther(string kind)
    {
        Assert.Equal(8, Palette.Colours.Count);
        for (int i = 0; i < Palette.Colours.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double difference = Difference(Palette.Colours[i], Palette.Colours[j], Sight[kind]);
                Assert.True(
                    difference >= LeastDifference, $"{Palette.Colours[i]} and {Palette.Colours[j]} differ by {difference:0.0} with {kind}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Colours_AsSeenByAnyReader_DifferFromTheGreyOfTheOthers(string kind)
    {
        Assert.All(
            Palette.Colours, colour => Assert.InRange(Difference(colour, Palette.Pale, Sight[kind]), LeastDifference, double.MaxValue));
    }

    [Fact]
    public void Difference_RedAndGreenOfEqualLightness_VanishesForProtanopes()
    {
        // The check of the check: what such a reader confuses must come out near.
        (Color red, Color green) = (new Color(0xC0, 0x40, 0x20), new Color(0x60, 0x58, 0x20));

        Assert.True(Difference(red, green, Sight["normal"]) > 3 * Difference(red, green, Sight["protanopia"]));
        Assert.InRange(Difference(red, green, Sight["protanopia"]), 0, LeastDifference);
    }

    [Fact]
    public void Mark_EveryIndex_HasALookOfItsOwn()
    {
        MarkLook[] marks = [.. Enumerable.Range(0, Palette.MarkCount).Select(Palette.Mark)];

        Assert.Equal(23, marks.Length);
        Assert.Equal(marks.Length, marks.Distinct().Count());
        Assert.All(marks.Take(8), mark => Assert.Null(mark.Centre));
        Assert.All(marks, mark => Assert.NotEqual(mark.Fill, mark.Centre));
        Assert.Throws<ArgumentOutOfRangeException>(() => Palette.Mark(Palette.MarkCount));
    }

    [Fact]
    public void Line_ManyLines_DifferInColourOrDashes()
    {
        string[] looks =
        [
            .. Enumerable.Range(0, 28).Select(Palette.Line)
                .Select(line => $"{line.Color.ToHex()} {string.Join(' ', line.Pattern.Intervals)}"),
        ];

        Assert.Equal(looks.Length, looks.Distinct().Count());
        Assert.DoesNotContain(looks, look => look.StartsWith(Palette.Yellow.ToHex(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(MarkerShape.FilledCircle, 3.141592653589793)]
    [InlineData(MarkerShape.FilledTriangleUp, 0.4330127018922193)] // sqrt(3) / 4 of its side's square
    [InlineData(MarkerShape.FilledDiamond, 0.5)] // of its diagonal's square
    public void Style_AnyShape_HasTheAreaOfTheCircle(MarkerShape shape, double areaOfSize)
    {
        double size = new MarkLook(Palette.Blue).Style(shape, 7).Size;
        double measure = shape == MarkerShape.FilledCircle ? size / 2 : size;

        Assert.Equal(Math.PI * 49, areaOfSize * measure * measure, 0.001);
    }

    private static double Difference(Color a, Color b, double[] sight) =>
        Math.Sqrt(Lab(a, sight).Zip(Lab(b, sight), (x, y) => (x - y) * (x - y)).Sum());

    // sRGB, D65.
    private static double[] Lab(Color colour, double[] sight)
    {
        double[] linear = [.. new[] { colour.R, colour.G, colour.B }.Select(value => Linear(value / 255.0))];
        double[] seen = [.. Times(sight, linear).Select(value => Math.Clamp(value, 0, 1))];
        double[] xyz = Times(
            [0.4124564, 0.3575761, 0.1804375, 0.2126729, 0.7151522, 0.0721750, 0.0193339, 0.1191920, 0.9503041], seen);
        double[] f = [.. xyz.Zip([0.95047, 1, 1.08883], (value, white) => Lightness(value / white))];
        return [(116 * f[1]) - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])];

        static double Linear(double v) => v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4);

        static double Lightness(double t) => t > 216.0 / 24389 ? Math.Cbrt(t) : ((24389.0 / 27 * t) + 16) / 116;
    }

    private static double[] Times(double[] matrix, double[] vector) =>
        [.. Enumerable.Range(0, 3).Select(row => Enumerable.Range(0, 3).Sum(column => matrix[(3 * row) + column] * vector[column]))];
}
