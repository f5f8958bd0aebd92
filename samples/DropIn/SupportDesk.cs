using System.Globalization;
using CrossModalVae;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Pipelines;
using Microsoft.ML;
using Microsoft.ML.Transforms;

namespace DropIn;

/// <summary>An ML.NET application that triages support calls by their notes, and what it takes to add voice-to-face ranking to it.</summary>
internal static class SupportDesk
{
    public static void Run(string ticketFile, string manifestFile, string modelFolder, TextWriter output)
    {
        // The application as it was: tickets, a step that reads their notes.
        var ml = new MLContext(seed: 1);
        IDataView tickets = ml.Data.LoadFromEnumerable(Ticket.ReadAll(ticketFile));
        CustomMappingEstimator<NoteText, Triage> triage = ml.Transforms.CustomMapping<NoteText, Triage>(Triage.Map, contractName: null);

        // What was added: whose portrait goes best with the voice of each call?
        using PipelineBundle bundle = PipelineBundle.Load(modelFolder);
        Manifest people = ManifestReader.Read(manifestFile);
        EmbeddingSet portraits = bundle.Embed(people, Modality.Face);
        var columns = new BundleColumns { VoicePath = nameof(Ticket.Recording), Folder = people.Folder };
        var pipeline = triage
            .Append(bundle.CreateVoicePipeline(ml, columns))
            .Append(ml.Transforms.RankAgainstGallery("voice_mean", portraits, bundle.Recipe.Ranking, distinctIdentities: true));

        IDataView ranked = pipeline.Fit(tickets).Transform(tickets);
        foreach (RankedTicket ticket in ml.Data.CreateEnumerable<RankedTicket>(ranked, reuseRowObject: false))
        {
            IEnumerable<string> nearest = ticket.RankedIdentities.Zip(ticket.RankedScores).Take(3)
                .Select(match => string.Create(CultureInfo.InvariantCulture, $"{match.First} {match.Second:F2}"));
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{ticket.Id}  priority {ticket.Priority:F0}  nearest faces: {string.Join(", ", nearest)}"));
        }
    }
}
