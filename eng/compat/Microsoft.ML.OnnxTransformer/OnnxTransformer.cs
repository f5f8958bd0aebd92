using System.Text.Json.Nodes;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

[assembly: Microsoft.ML.ModelLoader(
    Microsoft.ML.Transforms.Onnx.OnnxTransformer.Signature, typeof(Microsoft.ML.Transforms.Onnx.OnnxTransformer.Loader))]

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Adds an ONNX graph's outputs as columns, one run per row. It owns the session: dispose it.</summary>
public sealed class OnnxTransformer : RowToRowTransformerBase, IDisposable
{
    internal const string Signature = "OnnxTransform";
    private const string GraphEntry = "graph.onnx";
    private readonly ModelSource _source;
    private readonly IDictionary<string, int[]> _shapes;
    private readonly InferenceSession _session;
    private bool _disposed;

    internal OnnxTransformer(ModelSource source, string[] outputs, string[] inputs, IDictionary<string, int[]> shapes, EngineOptions engine)
    {
        _source = source;
        _shapes = shapes;
        CheckNames(inputs, "InputColumns");
        CheckNames(outputs, "OutputColumns");
        try
        {
            _session = engine.Open(source);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidOperationException($"Error initializing model :{e}", e);
        }

        try
        {
            var inputNodes = Session.InputMetadata.Concat(Session.OverridableInitializerMetadata).ToDictionary(node => node.Key, node => node.Value);
            Inputs = [.. Names(inputs, Session.InputMetadata.Keys).Select(name => OnnxTensorInfo.From(name, inputNodes.TryGetValue(name, out var node)
                ? node
                : throw new ArgumentOutOfRangeException(nameof(name), name, $"Input tensor, {name}, does not exist in the ONNX model. Available "
                    + $"input names are [{string.Join(",", Session.InputMetadata.Keys)}]. Available initializers are "
                    + $"[{string.Join(",", Session.OverridableInitializerMetadata.Keys)}]"), shapes))];
            Outputs = [.. Names(outputs, Session.OutputMetadata.Keys).Select(name => OnnxTensorInfo.From(name,
                Session.OutputMetadata.TryGetValue(name, out var node)
                    ? node
                    : throw new ArgumentOutOfRangeException(nameof(name), name, $"Ouput tensor, {name}, does not exist in the ONNX model. Available "
                        + $"output names are [{string.Join(",", Session.OutputMetadata.Keys)}]."), shapes))];
        }
        catch
        {
            Session.Dispose();
            throw;
        }
    }

    /// <summary>The session; a disposed one would take the process down with it when run.</summary>
    internal InferenceSession Session
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return _session;
        }
    }

    internal OnnxTensorInfo[] Inputs { get; }

    internal OnnxTensorInfo[] Outputs { get; }

    public void Dispose()
    {
        _disposed = true;
        _session.Dispose();
    }

    internal override IRowMapper MakeRowMapper(DataViewSchema schema) => new OnnxRowMapper(this, schema);

    internal override void SaveModel(ModelSaveContext ctx)
    {
        ctx.WriteBytes(GraphEntry, _source.Read());
        var shapes = new JsonObject();
        foreach (var (name, shape) in _shapes ?? new Dictionary<string, int[]>())
            shapes[name] = new JsonArray([.. shape.Select(d => JsonValue.Create(d))]);
        ctx.Write(Signature, new JsonObject { ["inputs"] = List(Inputs), ["outputs"] = List(Outputs), ["shapes"] = shapes });
    }

    private static JsonArray List(OnnxTensorInfo[] tensors) => new([.. tensors.Select(tensor => JsonValue.Create(tensor.Name))]);

    private static IEnumerable<string> Names(string[] asked, IEnumerable<string> all) => asked.Length > 0 ? asked : all;

    private static void CheckNames(string[] names, string parameter)
    {
        foreach (string name in Checks.Value(names, parameter))
        {
            if (string.IsNullOrWhiteSpace(name))
                throw new ArgumentNullException(parameter);
        }
    }

    internal sealed class Loader : IModelLoader
    {
        public ITransformer Load(MLContext ml, ModelLoadContext context)
        {
            var shapes = context.Fields["shapes"].AsObject()
                .ToDictionary(shape => shape.Key, shape => shape.Value.AsArray().Select(d => d.GetValue<int>()).ToArray());
            return new OnnxTransformer(
                new ModelSource(null, context.Bytes(GraphEntry)),
                context.Texts("outputs"),
                context.Texts("inputs"),
                shapes,
                new EngineOptions(ml.GpuDeviceId, ml.FallbackToCpu, null, null));
        }
    }
}
