using System.Globalization;
using CrossModalVae;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Pipelines;
using CrossModalVae.Retrieval;
using CrossModalVae.Scoring;
using Microsoft.ML;
using Microsoft.ML.Transforms;

namespace DropIn;

/// <summary>
/// An ML.NET application that shortlists voice actors by the notes of their auditions, and what it
/// takes to add voice-to-face ranking to it.
/// </summary>
internal static class DubbingStudio
{
    public static void Run(string auditionFile, string manifestFile, string modelFolder, TextWriter output)
    {
        // The application as it was: auditions, a step that reads their notes.
        var ml = new MLContext(seed: 1);
        IDataView auditions = ml.Data.LoadFromEnumerable(Audition.ReadAll(auditionFile));
        CustomMappingEstimator<NoteText, Shortlist> shortlist = ml.Transforms.CustomMapping<NoteText, Shortlist>(
            Shortlist.Map, contractName: null);

        // What was added: whose portrait goes best with the voice of each actor? All of them have agreed to it.
        using ScoringModel model = ScoringModel.Load(modelFolder);
        Manifest people = ManifestReader.Read(manifestFile);
        EmbeddingSet portraits = model.Embed(people, Modality.Face);
        var columns = new PipelineColumns { Voice = nameof(Audition.Recording), Folder = people.Folder };
        var pipeline = shortlist
            .Append(model.CreateVoicePipeline(ml, columns))
            .AppendCacheCheckpoint(ml) // a trainer that is appended one day reads each recording once, not once a pass
            .Append(ml.Transforms.RankAgainstGallery(
                "Ranked", "VoiceMean", portraits, model.Recipe.Ranking, identities: IdentityAggregation.Best));

        IDataView ranked = pipeline.Fit(auditions).Transform(auditions);
        foreach (RankedAudition audition in ml.Data.CreateEnumerable<RankedAudition>(ranked, reuseRowObject: false))
        {
            IEnumerable<string> nearest = audition.RankedIdentities.Zip(audition.RankedScores).Take(3)
                .Select(match => string.Create(CultureInfo.InvariantCulture, $"{match.First} {match.Second:F2}"));
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{audition.Id}  priority {audition.Priority:F0}  nearest faces: {string.Join(", ", nearest)}"));
        }
    }
}
