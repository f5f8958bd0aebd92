using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Numerics;
using Microsoft.Playwright;

namespace CrossModalVae.Bench;

/// <summary>
/// The page of <c>cmvae explore</c> in headless Chromium without a graphics processor: seconds to the link and to the map, and frames a
/// second while the map moves in every frame, all of it drawn anew.
/// </summary>
internal sealed class ExploreBenchmark : IBenchmark
{
    private const int Dimension = 32;
    private const int RowsOfAPerson = 8;

    // Moves the map in circles, a step a frame, and gives the milliseconds between frames.
    private const string Move = """
        async seconds => {
            const map = window.cmvaeMap, times = [];
            map.fit();
            for (let step = 0, start = performance.now(); performance.now() - start < 1000 * seconds; step++) {
                map.pan(6 * Math.cos(step / 20), 6 * Math.sin(step / 20));
                await new Promise(requestAnimationFrame);
                times.push(performance.now());
            }
            return times.slice(1).map((time, i) => time - times[i]);
        }
        """;

    public string Name => "explore";

    public string Summary =>
        "frames a second of explore's map in headless Chromium, software rendering: --rows 20000,100000,1000000 --seconds 5 "
        + "--chromium /usr/bin/chromium --size 1280x800";

    public void Run(BenchOptions options) => RunAsync(options).GetAwaiter().GetResult();

    private static async Task RunAsync(BenchOptions options)
    {
        string[] size = options.Text("size", "1280x800").Split('x');
        using IPlaywright playwright = await Playwright.CreateAsync();
        await using IBrowser browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = options.Text("chromium", "/usr/bin/chromium"),
            Args = ["--no-sandbox", "--disable-gpu"],
        });
        Console.WriteLine($"{browser.Version}, {string.Join(" x ", size)}, {Environment.ProcessorCount} processors");
        Console.WriteLine();
        Console.WriteLine("| rows | on the map | link, s | map, s | frames a second | slowest twentieth, ms | longest frame, ms |");
        Console.WriteLine("|---:|---:|---:|---:|---:|---:|---:|");
        foreach (int rows in options.Counts("rows", 20_000, 100_000, 1_000_000))
        {
            string folder = Directory.CreateTempSubdirectory("cmvae-bench-").FullName;
            try
            {
                EmbeddingFile.Write(folder, People(rows));
                await MeasureAsync(browser, options, folder, rows, int.Parse(size[0], null), int.Parse(size[1], null));
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static async Task MeasureAsync(IBrowser browser, BenchOptions options, string folder, int rows, int width, int height)
    {
        var watch = Stopwatch.StartNew();
        using Process process = Process.Start(new ProcessStartInfo(
            "dotnet", [options.Text("cmvae", CommandRun.DefaultProgram), "explore", "--embeddings", folder, "--json"])
        {
            RedirectStandardOutput = true,
        })!;
        try
        {
            string line = await process.StandardOutput.ReadLineAsync()
                ?? throw new InvalidOperationException("cmvae explore ended without a link.");
            double link = watch.Elapsed.TotalSeconds;
            using var json = JsonDocument.Parse(line);
            IPage page = await browser.NewPageAsync(new BrowserNewPageOptions { ViewportSize = new() { Width = width, Height = height } });
            watch.Restart();
            await page.GotoAsync(json.RootElement.GetProperty("link").GetString()!);
            await page.WaitForFunctionAsync("() => window.cmvaeMap?.frames > 0");
            double map = watch.Elapsed.TotalSeconds;
            int shown = await page.EvaluateAsync<int>("() => window.cmvaeMap.rows.count");
            double[] gaps = await page.EvaluateAsync<double[]>(Move, options.Number("seconds", 5));
            Array.Sort(gaps);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {rows} | {shown} | {link:F1} | {map:F2} | {1000 * gaps.Length / gaps.Sum():F0} "
                + $"| {gaps[gaps.Length * 19 / 20]:F0} | {gaps[^1]:F0} |"));
            await page.CloseAsync();
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    // People whose voices and faces are near each other, as many as there are rows for.
    private static EmbeddingSet People(int count)
    {
        var random = new SeededRandom(1);
        int people = Math.Max(1, count / RowsOfAPerson);
        float[] centres = [.. Enumerable.Range(0, people * Dimension).Select(_ => (float)random.NextGaussian())];
        var values = new float[count * Dimension];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = centres[(i / Dimension % people * Dimension) + (i % Dimension)] + (float)(0.5 * random.NextGaussian());
        }

        return new EmbeddingSet(values, Dimension,
        [
            .. Enumerable.Range(0, count).Select(i => new EmbeddingRow
            {
                Identity = $"p{i % people}",
                Clip = $"c{i / people / 2}",
                Modality = i / people % 2 == 0 ? Modality.Voice : Modality.Face,
                Split = CorpusSplit.Test,
            }),
        ]);
    }
}
