using System.Globalization;
using CrossModalVae.Numerics;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.PixelFormats;

namespace CrossModalVae.Bench;

/// <summary>
/// Jpg files with the statistics of photographs: noise whose amplitude falls with frequency about as 1/f^1.6 (a face crop of a video is
/// smoother than a landscape), weaker in colour than in luma, an edge here and there, a little grain. Real face crops (GRID) enlarged to
/// this size take 9.1 KB at quality 90 and 12.6 KB at 95; these take about as much.
/// </summary>
internal static class PhotoFolder
{
    public const int Side = 224;

    private const int Octaves = 7;
    private const double Falloff = 0.36; // amplitude of an octave to the one before, of half its frequency

    public static string[] Write(string folder, int count)
    {
        var paths = new string[count];
        Parallel.For(0, count, i =>
        {
            paths[i] = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{i:0000}.jpg"));
            using Image<Rgb24> image = Photo(SeededRandom.For(i, "bench/faces"));
            using FileStream stream = File.Create(paths[i]);
            image.SaveAsJpeg(stream, new JpegEncoder { Quality = 90 + (i % 6) });
        });
        return paths;
    }

    private static Image<Rgb24> Photo(SeededRandom random)
    {
        double[] luma = Field(random), u = Field(random), v = Field(random);
        (double x0, double y0, double radius) = (random.NextDouble(80, 144), random.NextDouble(80, 144), random.NextDouble(50, 90));
        var image = new Image<Rgb24>(Side, Side);
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
            {
                int i = (y * Side) + x;
                bool inside = Math.Pow((x - x0) / radius, 2) + Math.Pow((y - y0) / (1.3 * radius), 2) < 1;
                double level = (inside ? 140 : 95) + (38 * luma[i]) + random.NextDouble(-2, 2);
                image[x, y] = new Rgb24(Byte(level + (22 * v[i])), Byte(level - (6 * u[i]) - (11 * v[i])), Byte(level + (28 * u[i])));
            }
        }

        return image;
    }

    // Smoothly interpolated random grids, each twice as fine as the one before.
    private static double[] Field(SeededRandom random)
    {
        var field = new double[Side * Side]; // [Side, Side]
        double amplitude = 1;
        for (int octave = 0; octave < Octaves; octave++, amplitude *= Falloff)
        {
            int cells = 2 << octave;
            double[] grid = [.. Enumerable.Range(0, (cells + 1) * (cells + 1)).Select(_ => random.NextGaussian())];
            for (int y = 0; y < Side; y++)
            {
                (int row, double fy) = Place(y, cells);
                for (int x = 0; x < Side; x++)
                {
                    (int column, double fx) = Place(x, cells);
                    int at = (row * (cells + 1)) + column;
                    double upper = grid[at] + (fx * (grid[at + 1] - grid[at])),
                        lower = grid[at + cells + 1] + (fx * (grid[at + cells + 2] - grid[at + cells + 1]));
                    field[(y * Side) + x] += amplitude * (upper + (fy * (lower - upper)));
                }
            }
        }

        return field;
    }

    private static (int Cell, double Share) Place(int pixel, int cells)
    {
        double place = (double)pixel * cells / Side, share = place - Math.Floor(place);
        return ((int)place, share * share * (3 - (2 * share)));
    }

    private static byte Byte(double level) => (byte)Math.Clamp(Math.Round(level), 0, 255);
}
