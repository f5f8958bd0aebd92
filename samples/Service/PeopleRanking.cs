using CrossModalVae;
using CrossModalVae.Calibration;
using CrossModalVae.Hosting;
using CrossModalVae.Retrieval;

namespace FaceVoiceService;

/// <summary>Ranks the gallery's people for a voice or a face, each by the best clip, with calibrated probabilities.</summary>
public sealed class PeopleRanking
{
    private readonly GalleryHost _gallery;
    private readonly ServiceOptions _options;
    private readonly CalibrationReport? _forVoices;
    private readonly CalibrationReport? _forFaces;

    /// <summary>Reads the calibrations, which must be of what is ranked here.</summary>
    /// <exception cref="InvalidDataException">A file is no calibration.</exception>
    /// <exception cref="ArgumentException">A calibration is of other scores.</exception>
    public PeopleRanking(GalleryHost gallery, ServiceOptions options)
    {
        (_gallery, _options) = (gallery, options);
        _forVoices = Read(options.VoiceCalibration, RetrievalDirection.VoiceToFace);
        _forFaces = Read(options.FaceCalibration, RetrievalDirection.FaceToVoice);
    }

    /// <summary>The people whose faces go with a voice, or whose voices go with a face.</summary>
    /// <param name="query">The embedding.</param>
    /// <param name="of">What it is of.</param>
    /// <param name="count">How many people to list; at most the service's limit.</param>
    /// <param name="model">The model that serves.</param>
    public RankedPeople Rank(HostedPosterior query, Modality of, int count, HostedModel model)
    {
        Modality ranked = of == Modality.Voice ? Modality.Face : Modality.Voice;
        int people = _gallery.CountPeople(ranked);
        var request = new RankingRequest
        {
            Count = Math.Clamp(count, 1, _options.MaxCount),
            Identities = IdentityAggregation.Best,
            Calibration = (of == Modality.Voice ? _forVoices : _forFaces)?.For(people, _options.Prior),
        };
        return new RankedPeople(model.Name, query.WeightsHash, people,
        [
            .. _gallery.Rank(query, ranked, request).Select(match => new RankedPerson(
                match.Rank, match.Identity, match.Clip, match.ClipCount ?? 1, match.Score, match.Probability)),
        ]);
    }

    private CalibrationReport? Read(string path, RetrievalDirection direction)
    {
        if (path.Length == 0)
        {
            return null;
        }

        CalibrationReport report = CalibrationFile.Read(path);
        report.Require(direction, _gallery.Metric, IdentityAggregation.Best);
        return report;
    }
}
