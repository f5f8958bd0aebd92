using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Hosting.Tests;

public sealed class GalleryHostTests : IDisposable
{
    private static readonly RankingRequest People = new() { Identities = IdentityAggregation.Best, Count = 5 };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Rank_PeopleAdded_AreRankedAsInMemoryAndAfterReopening()
    {
        await using ModelHost host = Host("a", 11);
        HostedPosterior[] faces = await Task.WhenAll(Clips.Faces.Take(8).Select(clip => host.EmbedFaceAsync(clip)));
        HostedPosterior query = await host.EmbedVoiceAsync(Clips.Voices[3]);
        IReadOnlyList<RankedMatch> ranked;
        using (var gallery = GalleryHost.Open(_folder["g"], host))
        {
            Assert.Empty(gallery.Rank(query, Modality.Face, People));
            for (int i = 0; i < faces.Length; i++)
            {
                await gallery.AddAsync(Row($"p{i / 2}", $"c{i}", Modality.Face), faces[i]);
            }

            await gallery.AddAsync(Row("p9", "c0", Modality.Voice), query);
            ranked = gallery.Rank(query, Modality.Face, People);
            Assert.Equal((9, 4, 1), (gallery.Count, gallery.CountPeople(Modality.Face), gallery.CountPeople(Modality.Voice)));
        }

        var set = new EmbeddingSet(
            [.. faces.SelectMany(face => face.Mean)],
            query.Mean.Length,
            [.. faces.Select((_, i) => Row($"p{i / 2}", $"c{i}", Modality.Face))]);
        RankedMatch[] expected = [.. People.Rank(new Ranker(set), query.Mean)];
        Assert.Equal(expected, ranked);
        Assert.All(expected, match => Assert.Equal(2, match.ClipCount));
        using var reopened = GalleryHost.Open(_folder["g"], host);
        Assert.Equal(expected, reopened.Rank(query, Modality.Face, People));
    }

    [Fact]
    public async Task ForgetAsync_APerson_IsRankedNoMoreAndLeavesNoName()
    {
        await using ModelHost host = Host("a", 11);
        using var gallery = GalleryHost.Open(_folder["g"], host);
        HostedPosterior face = await host.EmbedFaceAsync(Clips.Faces[0]);
        await gallery.AddAsync(Row("stays", "c", Modality.Face), face);
        await gallery.AddAsync(Row("somebody-who-leaves", "c", Modality.Face), face);

        Assert.Equal(1, await gallery.ForgetAsync(row => row.Identity == "somebody-who-leaves"));

        Assert.Equal(["stays"], gallery.Rank(face, Modality.Face, People).Select(match => match.Identity));
        Assert.DoesNotContain(Directory.GetFiles(_folder["g"], "*", SearchOption.AllDirectories), file =>
            file.EndsWith(".jsonl", StringComparison.Ordinal) && File.ReadAllText(file).Contains("somebody", StringComparison.Ordinal));
        await gallery.AddAsync(Row("somebody-who-leaves", "c", Modality.Face), face); // and may come again
        Assert.Equal(2, gallery.Count);
    }

    [Fact]
    public async Task Rank_WhilePeopleComeAndGo_NeverFails()
    {
        await using ModelHost host = Host("a", 11);
        using var gallery = GalleryHost.Open(_folder["g"], host);
        HostedPosterior face = await host.EmbedFaceAsync(Clips.Faces[0]);
        await gallery.AddAsync(Row("stays", "c", Modality.Face), face);
        using var stop = new CancellationTokenSource();
        Task[] readers =
        [
            .. Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    do
                    {
                        Assert.Contains("stays", gallery.Rank(face, Modality.Face, People).Select(match => match.Identity));
                    }
                    while (!stop.IsCancellationRequested);
                },
                TaskCreationOptions.LongRunning)), // threads of their own: they rank also where the pool is busy
        ];
        for (int i = 0; i < 20; i++)
        {
            await gallery.AddAsync(Row("visitor", $"c{i}", Modality.Face), face);
            Assert.Equal(1, await gallery.ForgetAsync(row => row.Identity == "visitor"));
        }

        await stop.CancelAsync();
        await Task.WhenAll(readers);
    }

    [Fact]
    public async Task Open_GalleryOfAnotherModel_IsRefused()
    {
        await using ModelHost host = Host("a", 11), other = Host("b", 12);
        GalleryHost.Open(_folder["g"], host).Dispose();

        string message = Assert.Throws<InvalidDataException>(() => GalleryHost.Open(_folder["g"], other)).Message;

        Assert.Equal(
            $"{_folder["g", "origin.json"]}: the embeddings are of '{host.Model.Name}', weights {host.Model.WeightsHash[..12]}; "
            + $"expected those of '{other.Model.Name}', weights {other.Model.WeightsHash[..12]}.",
            message);
        using var gallery = GalleryHost.Open(_folder["g"], host);
        HostedPosterior foreign = await other.EmbedFaceAsync(Clips.Faces[0]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => gallery.AddAsync(Row("p", "c", Modality.Face), foreign));
        Assert.Throws<InvalidOperationException>(() => gallery.Rank(foreign, Modality.Face, People));
        File.Delete(_folder["g", "origin.json"]);
        Assert.Throws<IOException>(() => GalleryWriter.Open(_folder["g"])); // the host has it
        gallery.Dispose();
        Assert.StartsWith(
            $"{_folder["g", "origin.json"]}: there is no such file, so that nobody knows which model made the gallery; ",
            Assert.Throws<InvalidDataException>(() => GalleryHost.Open(_folder["g"], host)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddAsync_ClipTwice_IsRefusedAndTheGalleryGoesOn()
    {
        await using ModelHost host = Host("a", 11);
        using var gallery = GalleryHost.Open(_folder["g"], host);
        HostedPosterior face = await host.EmbedFaceAsync(Clips.Faces[0]);
        await gallery.AddAsync(Row("p", "c", Modality.Face), face);

        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(
            () => gallery.AddAsync(Row("p", "c", Modality.Face), face));

        Assert.StartsWith("The face of 'p/c' is in the gallery already; expected once.", error.Message, StringComparison.Ordinal);
        await gallery.AddAsync(Row("p", "d", Modality.Face), face);
        Assert.Equal(2, gallery.Count);
    }

    private static EmbeddingRow Row(string identity, string clip, Modality modality) =>
        new() { Identity = identity, Clip = clip, Modality = modality, Split = CorpusSplit.Test };

    private ModelHost Host(string name, int seed)
    {
        ModelFolders.Write(_folder[name], ModelFolders.Recipe(), seed);
        return new ModelHost(new CrossModalVaeOptions { ModelFolder = _folder[name], MaxDelayMilliseconds = 0 });
    }
}
