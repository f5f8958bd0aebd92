using System.Text.Json.Nodes;

namespace CrossModalVae.Corpora;

/// <summary>A clip that was left out because it is broken.</summary>
/// <param name="Identity">The identity of the clip.</param>
/// <param name="Clip">The clip's name within its identity.</param>
/// <param name="Reason">What is wrong with it, in a sentence; files as the manifest names them.</param>
public sealed record SkippedClip(string Identity, string Clip, string Reason)
{
    /// <summary>The clip and its reason in a sentence.</summary>
    internal string Text => $"Clip '{Identity}/{Clip}' is left out: {Reason}";

    internal JsonObject ToJson() => new() { ["identity"] = Identity, ["clip"] = Clip, ["reason"] = Reason };

    internal static SkippedClip Of(StrictJson json) =>
        new(json["identity"].AsString(), json["clip"].AsString(), json["reason"].AsString());
}
