using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Numerics;
using CrossModalVae.Retrieval;

namespace CrossModalVae.Tests.Retrieval;

public sealed class GalleryReplaceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Replace_SomeRowsAreThere_TheOthersKeepTheirPlace()
    {
        using GalleryWriter writer = Three();

        Assert.Equal(1, writer.Replace(Set(("b", 7), ("d", 9))));

        Assert.Equal(["a 1", "c 3", "b 7", "d 9"], Rows());
    }

    [Theory]
    [InlineData(float.NaN, "Value 1 of the face of 'p/d' for embeddings.npy is NaN, which is not finite. (Parameter 'set')")]
    [InlineData(70_000f, "Value 1 of the face of 'p/d' for embeddings.npy is 70000, which float16 cannot hold (at most 65504 in size). "
        + "(Parameter 'set')")]
    public void Replace_NumberThatCannotBeKept_RemovesNothing(float value, string message)
    {
        using GalleryWriter writer = Three();

        Assert.Equal(message, Assert.Throws<ArgumentException>(() => writer.Replace(Set(("b", 7), ("d", value)))).Message);

        Assert.Equal(["a 1", "b 2", "c 3"], Rows());
    }

    [Fact]
    public void Replace_ClipTwice_RemovesNothing()
    {
        using GalleryWriter writer = Three();

        Assert.Equal(
            "The face of 'p/b' is in the set twice; expected once. (Parameter 'set')",
            Assert.Throws<ArgumentException>(() => writer.Replace(Set(("b", 7), ("b", 8)))).Message);

        Assert.Equal(["a 1", "b 2", "c 3"], Rows());
    }

    private GalleryWriter Three()
    {
        GalleryWriter writer = GalleryWriter.Create(
            _folder["gallery"], new GalleryOptions { Dimension = 2, Precision = FeaturePrecision.Float16 });
        writer.Append(Set(("a", 1), ("b", 2), ("c", 3)));
        return writer;
    }

    private string[] Rows()
    {
        using var gallery = Gallery.Open(_folder["gallery"]);
        EmbeddingSet all = gallery.Read([.. Enumerable.Range(0, gallery.Count)]);
        return [.. all.Rows.Select((row, i) => $"{row.Clip} {all.Values[(2 * i) + 1]}")];
    }

    private static EmbeddingSet Set(params (string Clip, float Value)[] rows) => new(
        [.. rows.SelectMany(row => new[] { 0.5f, row.Value })],
        2,
        [.. rows.Select(row => new EmbeddingRow { Identity = "p", Clip = row.Clip, Modality = Modality.Face, Split = CorpusSplit.Test })]);
}
