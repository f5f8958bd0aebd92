using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace CrossModalVae.Explore.Tests;

/// <summary>A page that was opened, and everything that went wrong on it: a script's fault, a refusal of its policy, a dialog.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private readonly Explorer _explorer;
    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentQueue<string> _requests = new();

    private Visit(IPage page, Explorer explorer)
    {
        (Page, _explorer) = (page, explorer);
        page.PageError += (_, fault) => _faults.Enqueue(fault);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _faults.Enqueue(message.Text);
            }
        };
        page.Dialog += async (_, dialog) =>
        {
            _faults.Enqueue($"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
        page.Request += (_, request) => _requests.Enqueue(request.Url);
    }

    internal IPage Page { get; }

    internal ILocator Map => Page.Locator(".map");

    internal IReadOnlyCollection<string> Requests => _requests;

    /// <summary>How many faults a test means to cause, at most.</summary>
    internal int ExpectedFaults { get; set; }

    internal static async Task<Visit> OpenAsync(IBrowser browser, string address, Explorer explorer, BrowserNewPageOptions? options)
    {
        options ??= new BrowserNewPageOptions();
        options.ViewportSize = new ViewportSize { Width = 1280, Height = 800 };
        IPage page = await browser.NewPageAsync(options);
        var visit = new Visit(page, explorer);
        await page.GotoAsync(address);
        await page.Locator(".map canvas").First.WaitForAsync();
        return visit;
    }

    public async ValueTask DisposeAsync()
    {
        if (!Page.IsClosed)
        {
            await Page.CloseAsync();
        }

        Assert.True(_faults.Count <= ExpectedFaults, string.Join('\n', _faults));
    }

    internal string Name(int row) => $"{_explorer.Map.Set.Rows[row].Identity}/{_explorer.Map.Set.Rows[row].Clip}";

    internal Task TabAsync(string name) => Page.GetByRole(AriaRole.Tab, new() { Name = name }).ClickAsync();

    /// <summary>Chooses a row by search.</summary>
    internal async Task ChooseAsync(string modality, int row)
    {
        await Page.GetByLabel("Search by identity or clip").FillAsync(Name(row));
        await Page.GetByRole(AriaRole.Button, new() { Name = $"{modality} of {Name(row)}", Exact = true }).First.ClickAsync();
    }

    /// <summary>Where a row is on the screen.</summary>
    internal async Task<(float X, float Y)> PlaceAsync(int row)
    {
        float[] place = await Page.EvaluateAsync<float[]>(
            "row => { const box = document.querySelector('.map').getBoundingClientRect(), at = window.cmvaeMap.place(row);"
            + " return [box.left + at[0], box.top + at[1]]; }",
            row);
        return (place[0], place[1]);
    }

    /// <summary>How many colours points have: whole pixels, not the blended ones at their edges.</summary>
    internal Task<int> CountColoursAsync() => Page.EvaluateAsync<int>(
        """
        () => new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(() => {
            const canvas = document.querySelector(".map canvas"), context = canvas.getContext("2d");
            const pixels = new Uint32Array(context.getImageData(0, 0, canvas.width, canvas.height).data.buffer), found = new Set();
            const width = canvas.width;
            for (let i = width + 1; i < pixels.length - width - 1; i++) {
                const colour = pixels[i];
                if (pixels[i - 1] === colour && pixels[i + 1] === colour && pixels[i - width] === colour && pixels[i + width] === colour) {
                    found.add(colour);
                }
            }
            resolve(found.size - 1); // the ground
        })))
        """);

    internal async Task<string> SaveAsync(string button)
    {
        IDownload download = await Page.RunAndWaitForDownloadAsync(
            () => Page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync());
        return await File.ReadAllTextAsync(await download.PathAsync());
    }
}
