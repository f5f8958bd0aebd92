using PeopleRanking;

switch (args)
{
    case ["save", string modelFolder, string manifest, string bundle]:
        VoiceRanking.Save(modelFolder, manifest, bundle);
        return 0;
    case ["rank", string bundle, .. { Length: > 0 } recordings]:
        VoiceRanking.Rank(bundle, recordings, Console.Out);
        return 0;
    default:
        Console.Error.WriteLine(
            "usage: PredictionEngine save MODEL_FOLDER MANIFEST BUNDLE   e.g. onnx/demo tests/fixtures/grid/manifest.jsonl people.zip\n"
            + "       PredictionEngine rank BUNDLE RECORDING.wav...");
        return 2;
}
