using CrossModalVae.Models;
using CrossModalVae.Onnx;
using CrossModalVae.Onnx.Protos;
using Google.Protobuf;

namespace CrossModalVae.Scoring.Tests.Encoders;

/// <summary>Encoders whose vectors can be worked out by hand, written by the exporter's own builder.</summary>
internal static class TinyEncoders
{
    /// <summary>[batch, 3, size, size] or [batch, size, size, 3] to the mean of each channel, [batch, 3].</summary>
    public static string Face(string path, int? size = 8, bool channelsLast = false, string? preset = null, string licence = "")
    {
        var graph = new OnnxGraphBuilder("tiny");
        graph.Input("picture", channelsLast ? [size, size, 3] : [3, size, size], "a picture");
        graph.Node("ReduceMean", "colour", ["picture"], ("axes", channelsLast ? new long[] { 1, 2 } : [2, 3]), ("keepdims", 0));
        graph.Output("colour", 3, "its mean colour");
        var metadata = new Dictionary<string, string>();
        if (preset is not null)
        {
            metadata[OnnxContract.EncoderPresetKey] = preset;
            metadata[OnnxContract.EncoderLicenceKey] = licence;
        }

        return Write(path, graph, metadata);
    }

    /// <summary>[batch, T, F] or [batch, F, T], T free, to the mean over time, [batch, F].</summary>
    public static string Frames(string path, int bins, bool binsFirst = false, int? frames = null)
    {
        var graph = new OnnxGraphBuilder("tiny");
        graph.Input("feats", binsFirst ? [bins, frames] : [frames, bins], "frames");
        graph.Node("ReduceMean", "embs", ["feats"], ("axes", new long[] { binsFirst ? 2 : 1 }), ("keepdims", 0));
        graph.Output("embs", bins, "their mean");
        return Write(path, graph, []);
    }

    /// <summary>[batch, S] and a length [batch] to the largest sample and the length, in two outputs.</summary>
    public static string Samples(string path)
    {
        var graph = new OnnxGraphBuilder("tiny");
        graph.Input("wavs", [null], "samples");
        graph.Input("wav_lens", [], "the share of them that counts");
        graph.Node("ReduceMax", "loudest", ["wavs"], ("axes", new long[] { 1 }), ("keepdims", 1));
        graph.Node("Unsqueeze", "lengths", ["wav_lens", graph.Integers("one", [1])]);
        graph.Output("loudest", 1, "the largest sample");
        graph.Output("lengths", 1, "the length");
        return Write(path, graph, []);
    }

    /// <summary>[batch, 80, T] and a length [batch] of whole numbers to the length, as NeMo's TitaNet takes them.</summary>
    public static string Counted(string path)
    {
        var graph = new OnnxGraphBuilder("tiny");
        graph.Input("audio_signal", [80, null], "frames");
        graph.Input("length", [], "how many of them count");
        graph.Node("Cast", "counted", ["length"], ("to", 1));
        graph.Node("Unsqueeze", "embs", ["counted", graph.Integers("one", [1])]);
        graph.Output("embs", 1, "the length");
        Model model = Model.Parser.ParseFrom(graph.Build("A tiny encoder.", new Dictionary<string, string>()));
        model.Graph.Input[1].Type.TensorType.ElemType = Tensor.Types.ElementType.Int64;
        File.WriteAllBytes(path, model.ToByteArray());
        return path;
    }

    private static string Write(string path, OnnxGraphBuilder graph, Dictionary<string, string> metadata)
    {
        File.WriteAllBytes(path, graph.Build("A tiny encoder.", metadata));
        return path;
    }
}
