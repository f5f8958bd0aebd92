using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using CrossModalVae.Faces;

namespace CrossModalVae.Bench;

/// <summary>
/// Face features of jpg files of VoxCeleb's size, 224 x 224, to 23 x 23 grey and 112 x 112 RGB, reading included: this library's
/// front end, fast and exact, and the best ways in Python, in turn within each round, so that a busy machine hurts all alike.
/// Outputs are compared before anything is timed.
/// </summary>
internal sealed class FacesBenchmark : IBenchmark
{
    private const string Script = "face_pictures.py";

    // Levels of 255 in the mean over all pictures: other filters (INTER_AREA, a resize of whole levels), no other picture.
    private const double Tolerance = 4;

    private const int WarmUps = 10;

    private static readonly string[] Ways = ["pillow", "opencv", "opencv-processes"];

    public string Name => "faces";

    public string Summary =>
        "face features, jpg files/s against Pillow and OpenCV: --files 500 --rounds 15 --processes 2 --cases 23,112 --python python3";

    public void Run(BenchOptions options)
    {
        int files = options.Count("files", 500), rounds = options.Count("rounds", 15), processes = options.Count("processes", 2);
        string python = options.Text("python", "/usr/bin/python3");
        string folder = Directory.CreateTempSubdirectory("cmvae-bench-").FullName;
        try
        {
            string[] paths = PhotoFolder.Write(folder, files);
            string list = Path.Combine(folder, "list.txt");
            File.WriteAllText(list, string.Join('\n', paths));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{files} jpg files of {PhotoFolder.Side} x {PhotoFolder.Side}, "
                + $"{paths.Average(path => new FileInfo(path).Length) / 1024:F1} KiB each, quality 90 to 95, 4:2:0; "
                + $"{processes} threads or processes, median of {rounds} interleaved rounds (fastest and slowest beside it)."));
            foreach (int side in options.Counts("cases", 23, 112))
            {
                Compare(side, paths, list, Path.Combine(folder, "rival.bin"), python, rounds, processes);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Compare(int side, string[] paths, string list, string saved, string python, int rounds, int processes)
    {
        FaceColour colour = side == 23 ? FaceColour.Grey : FaceColour.Rgb;
        FaceFrontEnd[] ours = [.. new[] { FaceDecoding.Fast, FaceDecoding.Exact }.Select(
            decoding => new FaceFrontEnd(new FaceOptions { Width = side, Height = side, Colour = colour, Decoding = decoding }))];
        var names = new List<string> { "CrossModalVae, fast", "CrossModalVae, exact" };
        var ways = new List<Func<double>> { () => Ours(ours[0], paths, processes), () => Ours(ours[1], paths, processes) };
        var rivals = new List<PythonRival>();
        try
        {
            // The runtime compiles what runs often once more, in the background; the rivals' libraries were compiled long ago.
            for (int k = 0; k < WarmUps; k++) ways[0]();
            for (int k = 0; k < WarmUps; k++) ways[1]();
            float[] exact = [.. paths.SelectMany(path => ours[1].Extract([path]))]; // [files, F]
            names[0] += Differs([.. paths.SelectMany(path => ours[0].Extract([path]))], exact);
            foreach (string way in Ways)
            {
                if (PythonRival.Version(python, Script, way) is not string version)
                {
                    Console.WriteLine(
                        $"{way} is left out: '{python}' cannot import it (apt-get install python3-pil python3-opencv, or --python PATH).");
                    continue;
                }

                var rival = new PythonRival(python, Script, way, ("--case", side.ToString(CultureInfo.InvariantCulture)), list, processes);
                rivals.Add(rival);
                rival.Save(saved);
                names.Add(version + (way == "opencv" ? ", threads" : ", processes") + Differs(
                    MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(saved)).ToArray(), exact));
                ways.Add(rival.Run);
            }

            var seconds = ways.Select(_ => new double[rounds]).ToArray(); // [ways, rounds]
            for (int round = 0; round < rounds; round++)
            {
                for (int k = 0; k < ways.Count; k++)
                {
                    int way = (k + round) % ways.Count;
                    seconds[way][round] = ways[way]();
                }
            }

            Print(side, colour, names, seconds, paths.Length);
        }
        finally
        {
            foreach (PythonRival rival in rivals) rival.Dispose();
        }
    }

    private static double Ours(FaceFrontEnd frontEnd, string[] paths, int threads)
    {
        var watch = Stopwatch.StartNew();
        Parallel.For(
            0,
            paths.Length,
            new ParallelOptions { MaxDegreeOfParallelism = threads },
            () => new float[frontEnd.FeatureCount],
            (i, _, features) =>
            {
                frontEnd.Extract([paths[i]], features);
                return features;
            },
            _ => { });
        return watch.Elapsed.TotalSeconds;
    }

    private static string Differs(float[] features, float[] exact)
    {
        double mean = 255 * features.Zip(exact, (a, b) => Math.Abs(a - b)).Average();
        return mean <= Tolerance
            ? string.Create(CultureInfo.InvariantCulture, $" (mean difference from exact {mean:F2} levels)")
            : throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"A way's pictures differ from ours by {mean:F1} levels in the mean; expected at most {Tolerance}."));
    }

    private static void Print(int side, FaceColour colour, List<string> names, double[][] seconds, int files)
    {
        Console.WriteLine();
        Console.WriteLine($"To {side} x {side} {(colour == FaceColour.Grey ? "grey" : "RGB")}:");
        Console.WriteLine();
        Console.WriteLine("| way | images/s | fastest | slowest | ours fast is faster | ours exact is faster |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|");
        for (int k = 0; k < names.Count; k++)
        {
            // The median of the rounds' ratios, because the ways of a round share their moment.
            string Ratio(int own) => k < 2
                ? ""
                : string.Create(
                    CultureInfo.InvariantCulture, $"**{Sorted.Median(seconds[k].Zip(seconds[own], (theirs, ours) => theirs / ours)):F2}**");
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {names[k]} | {files / Sorted.Median(seconds[k]):F0} | {files / seconds[k].Min():F0} | "
                + $"{files / seconds[k].Max():F0} | {Ratio(0)} | {Ratio(1)} |"));
        }
    }
}
