using System.Collections.Concurrent;

namespace CrossModalVae.Audio;

/// <summary>
/// The filters from the rates of a corpus to one rate. Real corpora have a few rates; files that each state another
/// one must not fill the memory. Thread-safe.
/// </summary>
internal sealed class ResamplerCache(int toHz)
{
    private const int MaxCount = 32;

    private readonly ConcurrentDictionary<int, Resampler> _resamplers = new();

    /// <summary>The filter from a rate, null where nothing is to be changed.</summary>
    public Resampler? From(int rateHz)
    {
        if (rateHz == toHz)
        {
            return null;
        }

        if (_resamplers.TryGetValue(rateHz, out Resampler? known))
        {
            return known;
        }

        var made = new Resampler(rateHz, toHz);
        return _resamplers.Count < MaxCount ? _resamplers.GetOrAdd(rateHz, made) : made;
    }
}
