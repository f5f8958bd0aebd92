using System.Text.RegularExpressions;
using CrossModalVae.Encoders;
using CrossModalVae.Files;

namespace CrossModalVae.Onnx;

/// <summary>
/// Reads back encoders that this library writes, for training to start from: those of an exported model, and the face recognition network
/// of <see cref="FaceApiImporter"/>.
/// </summary>
public static partial class ExportedEncoders
{
    private const string ImportedLayer = "conv32_down";
    private const float ImportedScale = 0.25f; // a power of two: pictures about as wide as standardised ones, weights without rounding

    /// <summary>Reads the encoders of a model folder, its decoder where that is of fully connected layers, or one encoder.</summary>
    /// <param name="path">A model folder; one of its encoders, beside its card; or a file of <see cref="FaceApiImporter"/>.</param>
    /// <exception cref="FileNotFoundException">There is no such file, or a folder lacks one.</exception>
    /// <exception cref="InvalidDataException">A file is broken, another than its card names, or a graph of another kind.</exception>
    public static StartingEncoders Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Directory.Exists(path) ? ReadFolder(path, file: null) : ReadFile(path);
    }

    /// <summary>Whether a path is for <see cref="Read"/>, and not the folder of a run.</summary>
    /// <param name="path">A file or folder.</param>
    public static bool IsFor(string path) =>
        path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase) || File.Exists(path)
        || File.Exists(Path.Combine(path, ModelCard.FileName));

    private static StartingEncoders ReadFile(string path)
    {
        OnnxWeights graph = OnnxWeights.Read(path);
        if (graph.Metadata.ContainsKey(OnnxContract.EncoderPresetKey) && graph.Has($"{ImportedLayer}/weight"))
        {
            return Imported(path, graph);
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (graph.Metadata.GetValueOrDefault(OnnxContract.SchemaKey) != OnnxContract.Schema)
        {
            throw new InvalidDataException(
                $"{path}: is no encoder of an exported model, nor the face recognition network that 'cmvae encoder import face-api' "
                + "writes; training can start from those only.");
        }

        return File.Exists(Path.Combine(folder, ModelCard.FileName))
            ? ReadFolder(folder, Path.GetFileName(path))
            : throw new InvalidDataException(
                $"{path}: lies without the {ModelCard.FileName} of its model, which says what features it takes; expected it beside it.");
    }

    // All of a model, or one of its files.
    private static StartingEncoders ReadFolder(string folder, string? file)
    {
        ModelCard card = ModelCardReader.Read(folder);
        ModelCardReader.CheckFiles(folder, card);
        if (card.Precision is not null)
        {
            throw new InvalidDataException(
                $"{folder}: has {EnumText.Of(card.Precision.Kind)} encoders; training can start from those of a float32 export only.");
        }

        if (card.Members is not null)
        {
            throw new InvalidDataException(
                $"{folder}: is an ensemble of {card.Members.Count} models; training can start from one model only.");
        }

        var weights = new Dictionary<string, NamedArray>(StringComparer.Ordinal);
        var statistics = new Dictionary<Modality, FeatureStatistics>();
        var parts = new List<string>();
        foreach (Modality modality in (Modality[])[Modality.Voice, Modality.Face])
        {
            string own = OnnxContract.EncoderFile(modality);
            if (file is null || file == own)
            {
                parts.Add($"{EnumText.Of(modality)}.");
                statistics[modality] = modality == Modality.Voice ? card.Recipe.Statistics!.Voice : card.Recipe.Statistics!.Face;
                AddEncoder(weights, OnnxWeights.Read(Path.Combine(folder, own)), EnumText.Of(modality));
            }
        }

        if (parts.Count == 0)
        {
            throw new InvalidDataException(
                $"{Path.Combine(folder, file!)}: is no encoder; expected {OnnxContract.VoiceEncoderFile} or "
                + $"{OnnxContract.FaceEncoderFile}.");
        }

        if (file is null && card.Files.Any(entry => entry.File == OnnxContract.DecoderFile))
        {
            AddDecoder(weights, OnnxWeights.Read(Path.Combine(folder, OnnxContract.DecoderFile)), card.Recipe.Model.DecoderHidden.Count);
        }

        return new StartingEncoders(
            file is null ? folder : Path.Combine(folder, file),
            parts,
            weights,
            file is null ? card.WeightsHash : card.Files.Single(entry => entry.File == file).Sha256,
            statistics)
        {
            Recipe = card.Recipe,
        };
    }

    // The names that EncoderGraph, TowerGraph and LayerGraph give, to the trainer's.
    private static void AddEncoder(Dictionary<string, NamedArray> weights, OnnxWeights graph, string prefix)
    {
        foreach ((string name, NamedArray array) in graph.Floats)
        {
            string tower = $"{prefix}_tower.";
            if (name.StartsWith(tower, StringComparison.Ordinal))
            {
                weights[$"{prefix}.tower.{name[tower.Length..]}"] = array;
            }
            else if (DenseName().Match(name) is { Success: true } match && match.Groups["prefix"].Value == prefix)
            {
                weights[$"{prefix}.{match.Groups["layer"].Value.Replace("hidden_", "hidden.", StringComparison.Ordinal)}."
                    + match.Groups["kind"].Value] = array;
            }
        }
    }

    private static void AddDecoder(Dictionary<string, NamedArray> weights, OnnxWeights graph, int hiddenCount)
    {
        for (int i = 0; i <= hiddenCount; i++)
        {
            foreach (string kind in (string[])["weight", "bias"])
            {
                if (graph.Has($"decoder_hidden_{i}_{kind}"))
                {
                    weights[i < hiddenCount ? $"decoder.{i}.{kind}" : $"output.{kind}"] = graph.Floats[$"decoder_hidden_{i}_{kind}"];
                }
            }
        }
    }

    // dlib's network, its pictures (x - mean) / 255 as face features less the mean, over 1/4: the first convolution has the rest.
    private static StartingEncoders Imported(string path, OnnxWeights graph)
    {
        var weights = new Dictionary<string, NamedArray>(StringComparer.Ordinal);
        foreach ((string name, NamedArray array) in graph.Floats)
        {
            if (name == "fc")
            {
                int outputs = (int)array.Shape[1], inputs = (int)array.Shape[0];
                weights["face.tower.fc.weight"] = new NamedArray(
                    [outputs, inputs],
                    [.. Enumerable.Range(0, outputs * inputs).Select(i => array.Values[(i % inputs * outputs) + (i / inputs)])]);
            }
            else if (ImportedName().Match(name) is { Success: true } match)
            {
                bool isFirst = match.Groups["part"].Length == 0;
                string layer = isFirst ? "conv" : $"{Block(match.Groups["block"].Value)}.{match.Groups["part"].Value}";
                string kind = match.Groups["kind"].Value;
                weights[$"face.tower.{layer}.{kind}"] = isFirst && kind == "weight"
                    ? new NamedArray(array.Shape, [.. array.Values.Select(value => value * ImportedScale)])
                    : array;
            }
        }

        FaceEncoderOptions preset = FaceEncoderOptions.Of(FaceEncoderPreset.FaceApi);
        string licence = graph.Metadata.GetValueOrDefault(OnnxContract.EncoderLicenceKey, "not stated");
        string source = graph.Metadata.GetValueOrDefault(OnnxContract.EncoderSourceKey, "not stated");
        var statistics = new FeatureStatistics(
            [.. preset.Mean.Select(mean => (float)(mean / 255))], [.. preset.Mean.Select(_ => ImportedScale)], ClipCount: 1);
        return new StartingEncoders(
            path,
            ["face.tower."],
            weights,
            graph.Sha256,
            new Dictionary<Modality, FeatureStatistics> { [Modality.Face] = statistics })
        {
            PictureSide = preset.Size,
            Note = $"Training of the face tower started from pretrained weights; licence: {licence}; source: {source}.",
        };

        // "conv64_down", "conv64_1" and so on are blocks 0, 1 and so on; the first stage has no block that halves the picture.
        static string Block(string name) => name switch
        {
            "256_down_out" => "last",
            _ when name.Split('_') is [string width, string block] =>
                $"stage{Array.IndexOf(FaceApiImporter.Widths, int.Parse(width, CultureInfo.InvariantCulture))}."
                + (block == "down" ? 0 : int.Parse(block, CultureInfo.InvariantCulture) - (width == "32" ? 1 : 0)),
            _ => throw new InvalidDataException($"'conv{name}' is no block of dlib's network."),
        };
    }

    [GeneratedRegex("^(?<prefix>voice|face)_(?<layer>hidden_[0-9]+|mean|log_variance)(_of_examples)?_(?<kind>weight|bias)$")]
    private static partial Regex DenseName();

    [GeneratedRegex("^conv(?<block>[0-9]+_[a-z0-9_]+)(/(?<part>conv[12]))?/(?<kind>weight|bias)$")]
    private static partial Regex ImportedName();
}
