using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace CrossModalVae.Explore.Tests;

/// <summary>The page in a real browser: what people do with it, by mouse and by keyboard alone.</summary>
public sealed class BrowserTests(ServedGrid grid) : IClassFixture<ServedGrid>, IDisposable
{
    private const string IsDecoded = "image => image.decode().then(() => image.naturalWidth > 0)";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task Map_PointUnderTheKeys_ShowsTheFaceAndPlaysTheVoice()
    {
        await using Visit visit = await OpenAsync();
        Task<IRequest> voice = visit.Page.WaitForRequestAsync(new Regex("/voice/[0-9]+$"));

        await visit.Map.FocusAsync();
        await visit.Page.Keyboard.PressAsync("ArrowRight");
        await visit.Page.Keyboard.PressAsync("ArrowUp");

        ILocator tip = visit.Page.Locator(".tip");
        string name = await tip.Locator("strong").InnerTextAsync();
        EmbeddingRow row = grid.Explorer.Map.Set.Rows[Row(name)];
        Assert.Contains($"{row.Identity}/{row.Clip}", await visit.Page.Locator("#now").TextContentAsync(), StringComparison.Ordinal);
        await Assertions.Expect(tip.Locator("img")).ToBeVisibleAsync();
        Assert.True(await tip.Locator("img").EvaluateAsync<bool>(IsDecoded));
        Assert.Contains($"/voice/", (await voice).Url, StringComparison.Ordinal);
        await visit.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(tip).ToHaveCountAsync(0);
    }

    [SkippableFact]
    public async Task Map_PointUnderTheMouse_IsChosenByAClick()
    {
        await using Visit visit = await OpenAsync();
        int row = 10;
        (float x, float y) = await visit.PlaceAsync(row);

        await visit.Page.Mouse.MoveAsync(x, y);
        string name = await visit.Page.Locator(".tip strong").InnerTextAsync();
        await visit.Page.Mouse.ClickAsync(x, y);

        string heading = await visit.Page.Locator("[role=tabpanel] h2").First.InnerTextAsync();
        Assert.EndsWith(name, heading, StringComparison.Ordinal); // rows may lie on each other: what is shown is what is chosen
    }

    [SkippableFact]
    public async Task Clip_Chosen_ListsTheNearestMarkedAndGoesOnAndBack()
    {
        await using Visit visit = await OpenAsync();
        await visit.ChooseAsync("voice", 0);

        ILocator matches = visit.Page.Locator("ol.matches li button");
        await Assertions.Expect(matches).ToHaveCountAsync(10);
        NearestClips expected = grid.Explorer.Nearest.For(0, CancellationToken.None);
        string own = grid.Explorer.Map.Set.Rows[0].Identity;
        for (int i = 0; i < 10; i++)
        {
            string text = await matches.Nth(i).InnerTextAsync();
            Match match = expected.Matches[i];
            Assert.Contains($"{match.Identity}/{match.Clip}", text, StringComparison.Ordinal);
            Assert.Contains(match.Identity == own ? "✓ right" : "✗ other", text, StringComparison.Ordinal);
            Assert.Contains(FormattableString.Invariant($"score {match.Score:F3}"), text, StringComparison.Ordinal);
            Assert.Contains(FormattableString.Invariant($"{100 * match.Probability:F1} %"), text, StringComparison.Ordinal);
        }

        ILocator heading = visit.Page.Locator("[role=tabpanel] h2").First;
        await matches.First.ClickAsync();
        await Assertions.Expect(heading).ToHaveTextAsync($"Face of {expected.Matches[0].Identity}/{expected.Matches[0].Clip}");
        await Assertions.Expect(visit.Page.Locator("ol.matches li .mark").First).ToBeVisibleAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "← Back" }).ClickAsync();
        await Assertions.Expect(heading).ToHaveTextAsync($"Voice of {visit.Name(0)}");
    }

    [SkippableFact]
    public async Task Filters_AndColours_ChangeWhatIsDrawn()
    {
        await using Visit visit = await OpenAsync();
        int women = grid.Explorer.Map.Set.Rows.Count(row => row.Gender == "f");
        Assert.InRange(women, 1, grid.Explorer.RowCount - 1);

        await visit.Page.GetByLabel("Gender", new() { Exact = true }).SelectOptionAsync("f");
        await Assertions.Expect(visit.Page.Locator("header")).ToContainTextAsync($"{women} of {grid.Explorer.RowCount} rows");
        await visit.Page.GetByLabel("Show", new() { Exact = true }).SelectOptionAsync("voice");
        await Assertions.Expect(visit.Page.Locator("header")).ToContainTextAsync($"{women / 2} of {grid.Explorer.RowCount} rows");
        visit.ExpectedFaults = 1; // the browser has an advice for who reads a canvas so often, as this test does
        int one = await visit.CountColoursAsync();
        await visit.Page.GetByLabel("Colour", new() { Exact = true }).SelectOptionAsync("person");
        int people = await visit.CountColoursAsync();
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Show all" }).ClickAsync();

        Assert.Equal(1, one); // voices only
        int[] shown = [.. grid.Explorer.Map.Persons.Where((_, row) => grid.Explorer.Map.Set.Rows[row].Gender == "f").Distinct()];
        Assert.Equal(shown.Select(person => person % 8).Distinct().Count(), people); // of eight colours
        await Assertions.Expect(visit.Page.Locator("header")).ToContainTextAsync($"{grid.Explorer.RowCount} rows");
        Assert.Equal(8, await visit.CountColoursAsync()); // of ten people
    }

    [SkippableFact]
    public async Task Errors_List_HasTheWorstFirst()
    {
        await using Visit visit = await OpenAsync();
        grid.Explorer.ComputeRanks();
        await visit.TabAsync("Errors");

        IReadOnlyList<string> ranks = await visit.Page.Locator("ol.errors .mark").AllInnerTextsAsync();

        Assert.Equal(
            grid.Explorer.Ranks.Ranks.Where(rank => rank > 1).OrderDescending().Select(rank => $"{rank} of 10"), ranks);
        int first = grid.Explorer.Ranks.Ranks.Index().Count(rank => rank.Index % 2 == 0 && rank.Item == 1);
        await Assertions.Expect(visit.Page.Locator("[role=tabpanel]")).ToContainTextAsync(
            FormattableString.Invariant($"Voice to face (line): the right person is first for {100.0 * first / 27:F1} % of 27 clips")
            + " (chance 10.0 %)");
        await visit.Page.Locator("ol.errors button").First.ClickAsync();
        await Assertions.Expect(visit.Page.Locator("ol.matches li")).ToHaveCountAsync(10);
    }

    [SkippableFact]
    public async Task Clusters_Row_ShowsThatClusterOnly()
    {
        await using Visit visit = await OpenAsync();
        await visit.TabAsync("Clusters");
        int[] clusters = grid.Explorer.Map.Clusters!;

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Show cluster 0", Exact = true }).ClickAsync();

        await Assertions.Expect(visit.Page.Locator("header")).ToContainTextAsync(
            $"{clusters.Count(cluster => cluster == 0)} of {clusters.Length} rows");
        await Assertions.Expect(visit.Page.Locator("[role=tabpanel]")).ToContainTextAsync("HDBSCAN of the face embeddings");
    }

    [SkippableFact]
    public async Task Lasso_AroundSomePoints_GivesThemAsFiles()
    {
        await using Visit visit = await OpenAsync();
        (float X, float Y)[] places = [.. await Task.WhenAll(Enumerable.Range(0, grid.Explorer.RowCount).Select(visit.PlaceAsync))];
        float middle = places.Select(place => place.X).Order().ElementAt(places.Length / 2) + 0.5f;
        int[] left = [.. Enumerable.Range(0, places.Length).Where(row => places[row].X < middle)];
        LocatorBoundingBoxResult box = (await visit.Map.BoundingBoxAsync())!;

        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Lasso" }).ClickAsync();
        await visit.Page.Mouse.MoveAsync(middle, box.Y + 2);
        await visit.Page.Mouse.DownAsync();
        await visit.Page.Mouse.MoveAsync(middle, box.Y + box.Height - 2);
        await visit.Page.Mouse.MoveAsync(box.X + 2, box.Y + box.Height - 2);
        await visit.Page.Mouse.MoveAsync(box.X + 2, box.Y + 2);
        await visit.Page.Mouse.UpAsync();

        await Assertions.Expect(visit.Page.Locator("table.chosen tbody tr")).ToHaveCountAsync(left.Length);
        string[] csv = (await visit.SaveAsync("Save as CSV")).Split("\r\n");
        string[] lines = (await visit.SaveAsync("Save as JSONL")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("identity,clip,modality,split,cluster,rank", csv[0]);
        Assert.Equal(left.Select(visit.Name), csv[1..^1].Select(line => string.Join('/', line.Split(',')[..2])));
        Assert.Equal(
            left.Select(visit.Name),
            lines.Select(line => JsonDocument.Parse(line).RootElement)
                .Select(row => $"{row.GetProperty("identity")}/{row.GetProperty("clip")}"));
    }

    /// <summary>Every action without a mouse.</summary>
    [SkippableFact]
    public async Task Page_ByKeyboardAlone_DoesEverything()
    {
        await using Visit visit = await OpenAsync();
        IKeyboard keys = visit.Page.Keyboard;
        await TabToAsync("Search by identity or clip");
        await keys.TypeAsync(visit.Name(3));
        await keys.PressAsync("Enter");
        await Assertions.Expect(visit.Page.Locator("ol.matches li")).ToHaveCountAsync(10);
        await TabToAsync("Lasso");
        await keys.PressAsync("Space");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = "Lasso" }))
            .ToHaveAttributeAsync("aria-pressed", "true");
        await TabToAsync("Embed a file…");
        await visit.Map.FocusAsync();
        await keys.PressAsync("ArrowLeft");
        await keys.PressAsync("x");
        await keys.PressAsync("+");
        await keys.PressAsync("Shift+ArrowLeft");
        await keys.PressAsync("0");
        await keys.PressAsync("p");
        await keys.PressAsync("Enter");
        await keys.PressAsync("b");
        await keys.PressAsync("Tab"); // the list of tabs
        await keys.PressAsync("ArrowLeft");
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Tab, new() { Name = "Selection" }))
            .ToHaveAttributeAsync("aria-selected", "true");
        await Assertions.Expect(visit.Page.Locator("table.chosen tbody tr")).ToHaveCountAsync(1);
        await visit.Map.FocusAsync();
        await keys.PressAsync("v");
        await Assertions.Expect(visit.Page.Locator("table.chosen tbody tr")).ToHaveCountAsync(grid.Explorer.RowCount);

        async Task TabToAsync(string name)
        {
            for (int i = 0; i < 40; i++)
            {
                await keys.PressAsync("Tab");
                if (await visit.Page.EvaluateAsync<bool>(
                    "name => [document.activeElement.textContent, ...[...(document.activeElement.labels ?? [])].map(l => l.textContent)]"
                    + ".some(text => text.trim() === name)", name))
                {
                    return;
                }
            }

            Assert.Fail($"Tab does not reach '{name}'.");
        }
    }

    [SkippableFact]
    public async Task Drop_FilesOfTheModelsKind_LandOnTheMap()
    {
        await using Visit visit = await OpenAsync();
        Manifest manifest = grid.Explorer.Options.Manifest!;
        ILocator input = visit.Page.Locator("input[type=file]"), heading = visit.Page.Locator("[role=tabpanel] h2").First;

        await input.SetInputFilesAsync(manifest.VoicePath(manifest.Clips[0])!);
        await Assertions.Expect(heading).ToContainTextAsync("Voice of the file");
        await Assertions.Expect(visit.Page.Locator("ol.matches li")).ToHaveCountAsync(10);
        await input.SetInputFilesAsync(manifest.FacePaths(manifest.Clips[0])[0]);
        await Assertions.Expect(heading).ToContainTextAsync("Face of the file");
        // By the mouse: what a browser makes of a file that is let go above the page.
        await visit.Page.EvaluateAsync(
            """
            encoded => {
                const data = new DataTransfer(), bytes = Uint8Array.from(atob(encoded), letter => letter.charCodeAt(0));
                data.items.add(new File([bytes], "thrown.wav"));
                const map = document.querySelector(".map");
                map.dispatchEvent(new DragEvent("dragover", { bubbles: true, cancelable: true, dataTransfer: data }));
                map.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data }));
            }
            """,
            Convert.ToBase64String(await File.ReadAllBytesAsync(manifest.VoicePath(manifest.Clips[5])!)));
        await Assertions.Expect(heading).ToHaveTextAsync("Voice of the file thrown.wav");
        await input.SetInputFilesAsync(_folder.Write("letter.txt", "no sound"));
        await Assertions.Expect(visit.Page.Locator(".fault")).ToContainTextAsync("letter.txt: the sound: ");
        visit.ExpectedFaults = 1; // the browser logs the refusal
    }

    /// <summary>axe-core finds nothing serious, in every view and both colour schemes.</summary>
    [SkippableTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Axe_OfEveryView_FindsNothingSerious(ColorScheme scheme)
    {
        await using Visit visit = await OpenAsync(new BrowserNewPageOptions { ColorScheme = scheme });
        string axe = await File.ReadAllTextAsync(Path.Combine(PageFolder.Path, "node_modules", "axe-core", "axe.min.js"));
        await visit.Page.EvaluateAsync(axe);
        var found = new List<string>();

        await LookAsync("start");
        await visit.ChooseAsync("voice", 0);
        await Assertions.Expect(visit.Page.Locator("ol.matches li")).ToHaveCountAsync(10);
        await visit.Map.FocusAsync();
        await visit.Page.Keyboard.PressAsync("ArrowRight");
        await LookAsync("clip");
        foreach (string tab in new[] { "Errors", "Clusters" })
        {
            await visit.TabAsync(tab);
            await LookAsync(tab);
        }

        await visit.Map.FocusAsync();
        await visit.Page.Keyboard.PressAsync("v");
        await LookAsync("selection");
        await visit.Page.GetByLabel("Search by identity or clip").FillAsync(visit.Name(0)[..2]);
        await LookAsync("search");

        Assert.Empty(found);

        async Task LookAsync(string view)
        {
            string result = await visit.Page.EvaluateAsync<string>("""
                () => axe.run().then(result => JSON.stringify(result.violations
                    .filter(one => one.impact === "serious" || one.impact === "critical")
                    .map(one => `${one.id}: ${one.help}: ${one.nodes.map(node => node.html.slice(0, 120)).join(" | ")}`)))
                """);
            found.AddRange(JsonDocument.Parse(result).RootElement.EnumerateArray().Select(one => $"{view}: {one.GetString()}"));
        }
    }

    [SkippableFact]
    public async Task Reveal_WithReducedMotion_DoesNotMoveGradually()
    {
        await using Visit visit = await OpenAsync(new BrowserNewPageOptions { ReducedMotion = ReducedMotion.Reduce });
        await using Visit moving = await OpenAsync();
        const string Zoomed =
            "() => { const map = window.cmvaeMap; map.zoom(50); map.reveal(0); map.reveal(53); return map.animation !== null; }";

        Assert.False(await visit.Page.EvaluateAsync<bool>(Zoomed));
        Assert.True(await moving.Page.EvaluateAsync<bool>(Zoomed));
    }

    [SkippableFact]
    public async Task Names_WithMarkup_AreShownAsText()
    {
        grid.Require();
        const string Evil = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">";
        EmbeddingRow[] rows =
        [
            ExploreData.Row(Evil, "</script>", Modality.Voice), ExploreData.Row(Evil, "</script>", Modality.Face),
            ExploreData.Row("b", "1", Modality.Face), ExploreData.Row("b", "1", Modality.Voice),
        ];
        using Explorer explorer = ExploreData.Load(_folder, new EmbeddingSet([1, 0, 0, 1, 1, 1, 2, 1], 2, rows));
        await using ExploreServer server = await ExploreServer.StartAsync(explorer);
        explorer.WritePage(_folder["page.html"]);

        foreach (string address in new[] { server.Link.ToString(), new Uri(_folder["page.html"]).ToString() })
        {
            await using Visit visit = await Visit.OpenAsync(grid.Browser, address, explorer, null);
            await visit.ChooseAsync("voice", 0);
            await Assertions.Expect(visit.Page.Locator("[role=tabpanel] h2").First).ToHaveTextAsync($"Voice of {Evil}/</script>");
            await Assertions.Expect(visit.Page.Locator("ol.matches")).ToContainTextAsync($"{Evil}/</script>");
            await visit.Map.FocusAsync();
            await visit.Page.Keyboard.PressAsync("v");
            await visit.TabAsync("Errors");
            Assert.EndsWith("cmvae explore", await visit.Page.TitleAsync(), StringComparison.Ordinal);
            Assert.Equal(0, await visit.Page.Locator("img[src=x]").CountAsync());
        }
    }

    /// <summary>A file asks nobody: no network, and nothing but the file is loaded.</summary>
    [SkippableFact]
    public async Task File_Offline_ShowsMapRankingsPicturesAndSounds()
    {
        grid.Require();
        grid.Explorer.WritePage(_folder["page.html"], 20 << 20);
        string address = new Uri(_folder["page.html"]).ToString();
        await using Visit visit = await Visit.OpenAsync(grid.Browser, address, grid.Explorer, null);
        await visit.Page.Context.SetOfflineAsync(true);

        await visit.ChooseAsync("voice", 0);

        ILocator matches = visit.Page.Locator("ol.matches li button");
        await Assertions.Expect(matches).ToHaveCountAsync(10);
        Assert.Equal(
            grid.Explorer.Nearest.For(0, CancellationToken.None).Matches.Select(match => $"{match.Identity}/{match.Clip}"),
            (await visit.Page.Locator("ol.matches .name").AllInnerTextsAsync()).Select(text => text.Split('\n')[0]));
        Assert.True(await visit.Page.Locator(".clip img").EvaluateAsync<bool>(IsDecoded));
        await Assertions.Expect(visit.Page.GetByRole(AriaRole.Button, new() { Name = $"Play the voice of {visit.Name(0)}" }))
            .ToBeEnabledAsync();
        Assert.Equal(0, await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Embed a file…" }).CountAsync());
        Assert.All(visit.Requests, request => Assert.Matches("^(data|blob):|^file:.*/page.html$", request));
    }

    [SkippableFact]
    public async Task SecondTab_AndOneThatClosesInTheMiddle_DoNotDisturbEachOther()
    {
        await using Visit first = await OpenAsync();
        Visit second = await OpenAsync();
        await second.ChooseAsync("voice", 2);
        await second.Page.CloseAsync(); // while it asks
        await first.ChooseAsync("face", 1);

        await Assertions.Expect(first.Page.Locator("ol.matches li")).ToHaveCountAsync(10);
    }

    [SkippableFact]
    public async Task Media_MissingFiles_LeaveAPlaceholder()
    {
        grid.Require();
        string[] lines =
        [
            """{"identity":"a","clip":"1","voice":"no.wav","faces":["no.jpg"],"split":"test"}""",
            """{"identity":"b","clip":"1","voice":"no.wav","faces":["no.jpg"],"split":"test"}""",
        ];
        Manifest manifest = ManifestReader.Read(_folder.Write("m.jsonl", string.Join('\n', lines) + "\n"));
        using Explorer explorer = ExploreData.Load(
            _folder,
            new EmbeddingSet(
                [1, 0, 0, 1, 1, 1],
                2,
                [
                    ExploreData.Row("a", "1", Modality.Voice), ExploreData.Row("a", "1", Modality.Face),
                    ExploreData.Row("b", "1", Modality.Face),
                ]),
            options => options with { Manifest = manifest });
        await using ExploreServer server = await ExploreServer.StartAsync(explorer);
        await using Visit visit = await Visit.OpenAsync(grid.Browser, server.Link.ToString(), explorer, null);
        visit.ExpectedFaults = int.MaxValue; // the browser logs what it does not find

        await visit.ChooseAsync("voice", 0);

        await Assertions.Expect(visit.Page.GetByLabel("Face of a/1: no picture").First).ToBeVisibleAsync();
        await Assertions.Expect(visit.Page.Locator(".fault")).ToHaveTextAsync("There is no sound: its file is missing or broken.");
    }

    [SkippableFact]
    public async Task Map_OfOneRow_IsShownWithANote()
    {
        grid.Require();
        using Explorer explorer = ExploreData.Load(_folder, new EmbeddingSet([1, 2], 2, [ExploreData.Row("a", "1", Modality.Voice)]));
        await using ExploreServer server = await ExploreServer.StartAsync(explorer);
        await using Visit visit = await Visit.OpenAsync(grid.Browser, server.Link.ToString(), explorer, null);

        await visit.Map.FocusAsync();
        await visit.Page.Keyboard.PressAsync("ArrowRight");
        await visit.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(visit.Page.Locator(".notes")).ToContainTextAsync("There is one row; it lies in the middle.");
        await Assertions.Expect(visit.Page.Locator("[role=tabpanel]"))
            .ToContainTextAsync("There is nothing of the other modality to rank.");
    }

    private async Task<Visit> OpenAsync(BrowserNewPageOptions? options = null)
    {
        grid.Require();
        return await Visit.OpenAsync(grid.Browser, grid.Server.Link.ToString(), grid.Explorer, options);
    }

    private int Row(string name) => Enumerable.Range(0, grid.Explorer.RowCount)
        .First(row => $"{grid.Explorer.Map.Set.Rows[row].Identity}/{grid.Explorer.Map.Set.Rows[row].Clip}" == name);
}
