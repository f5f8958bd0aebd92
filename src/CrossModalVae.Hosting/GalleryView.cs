using CrossModalVae.Retrieval;

namespace CrossModalVae.Hosting;

/// <summary>A gallery as it was at one time. It closes when its maker and all who held it have left.</summary>
internal sealed class GalleryView
{
    private readonly Dictionary<Modality, RowMask> _masks;
    private readonly Dictionary<Modality, int> _people;
    private int _holders = 1; // the maker

    public GalleryView(string folder, RankingMetric metric)
    {
        Gallery = Gallery.Open(folder);
        try
        {
            Ranker = new Ranker(Gallery, metric);
            Modality[] modalities = [Modality.Voice, Modality.Face, Modality.Joint];
            _masks = modalities.ToDictionary(own => own, own => RowMask.Where(Gallery.Rows, row => row.Modality == own));
            _people = modalities.ToDictionary(
                own => own, own => Gallery.Rows.Where(row => row.Modality == own).Select(row => row.Identity).Distinct().Count());
        }
        catch
        {
            Gallery.Dispose();
            throw;
        }
    }

    public Gallery Gallery { get; }

    public Ranker Ranker { get; }

    public RowMask MaskOf(Modality modality) => _masks[modality];

    public int CountPeople(Modality modality) => _people[modality];

    /// <summary>Only while somebody holds it.</summary>
    public void Hold() => Interlocked.Increment(ref _holders);

    public void Leave()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            Gallery.Dispose();
        }
    }
}
