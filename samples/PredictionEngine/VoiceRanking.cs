using System.Globalization;
using CrossModalVae;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Pipelines;
using CrossModalVae.Retrieval;
using CrossModalVae.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace PeopleRanking;

/// <summary>Whose face goes with a voice, one recording at a time, by a file that holds all it takes.</summary>
internal static class VoiceRanking
{
    /// <summary>Writes the bundle: front end, graph and the people's faces.</summary>
    public static void Save(string modelFolder, string manifestFile, string bundleFile)
    {
        var ml = new MLContext(seed: 1);
        using ScoringModel model = ScoringModel.Load(modelFolder);
        EmbeddingSet faces = model.Embed(ManifestReader.Read(manifestFile), Modality.Face);
        var pipeline = model.CreateVoicePipeline(ml)
            .Append(ml.Transforms.RankAgainstGallery(
                "Ranked", ModelColumns.VoiceMean, faces, model.Recipe.Ranking, identities: IdentityAggregation.Best));

        IDataView nothing = ml.Data.LoadFromEnumerable(Array.Empty<Recording>()); // nothing is learnt from data
        ml.Model.SaveBundle(pipeline.Fit(nothing), nothing.Schema, bundleFile);
    }

    /// <summary>Ranks the people of a bundle by each recording. A service has the bytes from an upload.</summary>
    public static void Rank(string bundleFile, IEnumerable<string> recordings, TextWriter output)
    {
        var ml = new MLContext();
        ITransformer model = ml.Model.LoadBundle(bundleFile, out DataViewSchema _);
        using PredictionEngine<Recording, RankedPeople> engine = // for one thread; it ends the model, too
            ml.Model.CreatePredictionEngine<Recording, RankedPeople>(model);
        foreach (string file in recordings)
        {
            RankedPeople people = engine.Predict(new Recording { Voice = File.ReadAllBytes(file) });
            IEnumerable<string> nearest = people.RankedIdentities.Zip(people.RankedScores).Take(3)
                .Select(match => string.Create(CultureInfo.InvariantCulture, $"{match.First} {match.Second:F2}"));
            output.WriteLine($"{Path.GetFileName(file)}: {string.Join(", ", nearest)}");
        }
    }
}
