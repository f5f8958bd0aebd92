using System.Text;
using System.Text.Json.Nodes;
using CrossModalVae.Models;

namespace CrossModalVae.Cli.Workflows;

/// <summary>What was asked of a decoder.</summary>
internal enum GenerationKind
{
    Face,
    Voice,
    Prior,
    Interpolation,
}

/// <summary>The latent point of a generated file.</summary>
internal enum LatentPoint
{
    Mean,
    Draw,
    Path,
}

/// <summary>One generated file: its name, what it shows ("face", "voice", "sheet"), the clips it comes from, its point.</summary>
internal sealed record GeneratedFile(string File, string Shows, IReadOnlyList<string> From, LatentPoint Point, int? Draw = null);

/// <summary>
/// Fills an output folder through one beside it, so that the files appear when all are there; generated.json lists what was made from what.
/// A folder of an earlier run loses what its own list names, and nothing else. Dispose it: what was not finished goes.
/// </summary>
internal sealed class GeneratedFolder : IDisposable
{
    internal const string ListName = "generated.json";

    /// <summary>The contact sheet's name without its ending.</summary>
    internal const string SheetName = "sheet";

    private readonly string _folder;
    private readonly List<GeneratedFile> _files = [];
    private readonly HashSet<string> _stems = new(StringComparer.OrdinalIgnoreCase) { SheetName };

    internal GeneratedFolder(string folder)
    {
        _folder = folder;
        Work = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + AtomicFile.PartialSuffix;
        Dispose(); // of a process that died
        Directory.CreateDirectory(Work);
    }

    /// <summary>Where files are written until all are there.</summary>
    internal string Work { get; }

    internal IReadOnlyList<GeneratedFile> Files => _files;

    public void Dispose()
    {
        if (Directory.Exists(Work))
        {
            Directory.Delete(Work, recursive: true);
        }
    }

    /// <summary>A name for the files of a clip: its key, other signs than letters, digits and ._- replaced, each name given once.</summary>
    internal string Stem(string key)
    {
        var text = new StringBuilder(key.Length);
        foreach (char sign in key)
        {
            text.Append(char.IsLetterOrDigit(sign) || sign is '.' or '_' or '-' ? sign : '-');
        }

        string stem = text.ToString().TrimStart('.');
        string free = stem.Length == 0 ? "clip" : stem;
        for (int i = 2; !_stems.Add(free); i++)
        {
            free = $"{stem}-{i}";
        }

        return free;
    }

    /// <summary>Notes a file that was written, and gives its path.</summary>
    internal string Add(GeneratedFile file)
    {
        _files.Add(file);
        return Path.Combine(Work, file.File);
    }

    /// <summary>Writes the list and moves everything to its place.</summary>
    internal string Finish(GenerationKind kind, ModelCard card, long seed, double temperature, IReadOnlyList<string> notes)
    {
        JsonObject json = JsonFile.Start(FileSchema.Generated);
        json["kind"] = EnumText.Of(kind);
        json["model"] = card.Name;
        json["recipe_hash"] = card.RecipeHash;
        json["weights_hash"] = card.WeightsHash;
        json["seed"] = seed;
        json["temperature"] = temperature;
        json["notes"] = new JsonArray([.. notes.Select(note => JsonValue.Create(note))]);
        json["files"] = new JsonArray([.. _files.Select(ToJson)]);
        string list = Path.Combine(Work, ListName);
        JsonFile.Write(list, FileSchema.Generated, json);
        Directory.CreateDirectory(_folder);
        foreach (string old in OldFiles())
        {
            File.Delete(Path.Combine(_folder, Path.GetFileName(old)));
        }

        foreach (string file in _files.Select(file => file.File).Append(ListName))
        {
            File.Move(Path.Combine(Work, file), Path.Combine(_folder, file), overwrite: true);
        }

        return File.ReadAllText(Path.Combine(_folder, ListName));
    }

    private string[] OldFiles()
    {
        string list = Path.Combine(_folder, ListName);
        return !File.Exists(list)
            ? []
            : JsonFile.Read(list, FileSchema.Generated)["files"].AsArray(file => file["file"].AsString());
    }

    private static JsonObject ToJson(GeneratedFile file)
    {
        var json = new JsonObject
        {
            ["file"] = file.File,
            ["shows"] = file.Shows,
            ["from"] = new JsonArray([.. file.From.Select(clip => JsonValue.Create(clip))]),
            ["point"] = EnumText.Of(file.Point),
        };
        if (file.Draw is int draw)
        {
            json["draw"] = draw;
        }

        return json;
    }
}
