// Whose face goes with a voice, as a native program: no ML.NET, no just-in-time compiler.
// NativeScoring MODEL MANIFEST VOICE.wav: the manifest's faces, ranked for the voice.
using CrossModalVae;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Retrieval;
using CrossModalVae.Scoring;

if (args is not [string folder, string people, string voice])
{
    Console.Error.WriteLine("usage: NativeScoring MODEL MANIFEST VOICE.wav");
    return 2;
}

using ScoringModel model = ScoringModel.Load(folder);
EmbeddingSet faces = model.Embed(ManifestReader.Read(people), Modality.Face);
ClipPosterior heard = model.EmbedVoice(voice);
foreach (RankedMatch match in new Ranker(faces).RankIdentities(heard.Mean, count: 3))
{
    Console.WriteLine(FormattableString.Invariant($"{match.Rank} {match.Identity} {match.Score:F4}"));
}

return 0;
