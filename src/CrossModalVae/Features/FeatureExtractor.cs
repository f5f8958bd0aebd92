using CrossModalVae.Audio;
using CrossModalVae.Corpora;
using CrossModalVae.Faces;
using CrossModalVae.Recipes;

namespace CrossModalVae.Features;

/// <summary>Runs both front ends of a recipe over a corpus, on all cores; the result does not depend on how many there are.</summary>
public sealed class FeatureExtractor
{
    private readonly VoiceFrontEnd _voice;
    private readonly FaceFrontEnd _face;

    /// <summary>Prepares the front ends of a recipe.</summary>
    /// <param name="recipe">Its voice and face sections are used.</param>
    /// <exception cref="ArgumentException">An option is out of range; all faults are named.</exception>
    public FeatureExtractor(Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        _voice = new VoiceFrontEnd(recipe.Voice);
        _face = new FaceFrontEnd(recipe.Face);
    }

    /// <summary>Features of the clips that satisfy a condition, in manifest order.</summary>
    /// <param name="manifest">The corpus.</param>
    /// <param name="condition">Which clips; null for all.</param>
    /// <param name="progress">Receives the number of clips done, in rising order.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <exception cref="InvalidDataException">A file is broken; the message names it. Of several, the first in manifest order.</exception>
    /// <exception cref="FileNotFoundException">A file is missing; likewise.</exception>
    public FeatureTable Extract(
        Manifest manifest, Func<Clip, bool>? condition = null, IProgress<int>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        Clip[] clips = [.. manifest.Clips.Where(condition ?? (_ => true))];
        var table = new FeatureTable
        {
            Clips = clips,
            Voice = new float[(long)clips.Length * _voice.FeatureCount],
            Face = new float[(long)clips.Length * _face.FeatureCount],
            VoiceLength = _voice.FeatureCount,
            FaceLength = _face.FeatureCount,
        };

        int done = 0;
        var gate = new Lock();
        var failures = new SortedDictionary<int, Exception>();
        Parallel.For(0, clips.Length, new ParallelOptions { CancellationToken = cancellationToken }, (i, state) =>
        {
            try
            {
                Extract(manifest, clips[i], table, i);
            }
            catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                lock (gate)
                {
                    failures[i] = e;
                }

                state.Break(); // Lower rows still run, so the first fault in manifest order is always the one reported.
                return;
            }

            lock (gate)
            {
                progress?.Report(++done);
            }
        });

        if (failures.Count > 0)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failures.First().Value);
        }

        return table;
    }

    private void Extract(Manifest manifest, Clip clip, FeatureTable table, int row)
    {
        if (manifest.VoicePath(clip) is string voice)
        {
            Span<float> features = table.Voice.AsSpan(row * table.VoiceLength, table.VoiceLength);
            _voice.Extract(voice, clip.StartSeconds, clip.DurationSeconds, features);
        }

        if (clip.Faces.Count > 0)
        {
            _face.Extract(manifest.FacePaths(clip), table.Face.AsSpan(row * table.FaceLength, table.FaceLength));
        }
    }
}
