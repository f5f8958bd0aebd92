namespace CrossModalVae.Cli.Tests;

/// <summary>What some verbs need beside their required options: one of several inputs.</summary>
internal static class VerbNeeds
{
    /// <summary>A query, a model and clips, by the verb; files by the path given.</summary>
    public static IEnumerable<string> Of(string verb, string path) => verb switch
    {
        "cmvae rank" => ["--query", "a/b"],
        "cmvae report" => ["--run", path],
        "cmvae generate face" => ["--model", path, "--voices", path],
        "cmvae generate voice" => ["--model", path, "--faces", path],
        "cmvae generate prior" or "cmvae generate interpolate" => ["--model", path],
        _ => [],
    };

    /// <summary>A value of a required option's form.</summary>
    public static string Value(string option, string path) => option is "--from" or "--to" ? "face:a/b" : path;
}
