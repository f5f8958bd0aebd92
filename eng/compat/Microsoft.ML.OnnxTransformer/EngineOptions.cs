using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>On what a session runs.</summary>
internal sealed record EngineOptions(int? GpuDeviceId, bool FallbackToCpu, int? InterOpThreads, int? IntraOpThreads)
{
    public InferenceSession Open(ModelSource model)
    {
        if (GpuDeviceId is not { } device)
            return Open(model, new SessionOptions());
        try
        {
            return Open(model, CudaProvider.Options(device));
        }
        catch (OnnxRuntimeException) when (FallbackToCpu)
        {
            return Open(model, new SessionOptions());
        }
    }

    private InferenceSession Open(ModelSource model, SessionOptions options)
    {
        using (options)
        {
            if (InterOpThreads is { } inter)
                options.InterOpNumThreads = inter;
            if (IntraOpThreads is { } intra)
                options.IntraOpNumThreads = intra;
            return model.Bytes == null ? new InferenceSession(model.File, options) : new InferenceSession(model.Bytes, options);
        }
    }
}
