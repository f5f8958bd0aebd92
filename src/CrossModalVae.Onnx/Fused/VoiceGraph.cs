using CrossModalVae.Audio;
using static CrossModalVae.Onnx.Protos.Tensor.Types;

namespace CrossModalVae.Onnx.Fused;

/// <summary>
/// Writes the steps of <see cref="VoiceFrontEnd"/> on samples at the recipe's rate, [B, n]: crop or pad, scale, DC filter, dither,
/// pre-emphasis, frames, Fourier magnitude or power, mel filters, compression, normalisation over time, pooling, mirrored bins. Filters and
/// spectrogram are in double precision: the rounding of loud bins would show in the logarithms of quiet ones.
/// </summary>
internal sealed class VoiceGraph
{
    private readonly VoiceOptions _options;
    private readonly VoiceFrontEnd _frontEnd;
    private readonly GraphSteps _steps;
    private readonly int _sampleCount;

    /// <summary>Writes on a graph of its own names.</summary>
    public VoiceGraph(OnnxGraphBuilder graph, VoiceOptions options)
    {
        (_options, _sampleCount) = (options, options.SampleCount);
        _frontEnd = new VoiceFrontEnd(options with { Encoder = null });
        _steps = new GraphSteps(graph, "voice_front_end");
    }

    /// <summary>For the steps that follow.</summary>
    public GraphSteps Steps => _steps;

    /// <summary>Frames of a crop.</summary>
    public int FrameCount => _frontEnd.FrameCount;

    /// <summary>The crop, padded where the clip is short, times the scale, [B, n] to [B, N].</summary>
    public string Crop(string samples)
    {
        // Reflection repeats with a period of 2 (count - 1): place m of it is sample min(m, period - m).
        string count = _steps.Node("Min", _steps.Size(samples, 1), _steps.Whole(_sampleCount)); // [1]
        string last = _steps.Node("Sub", count, _steps.Whole(1));
        string period = _steps.Node("Max", _steps.Node("Mul", last, _steps.Whole(2)), _steps.Whole(1));
        string places = _steps.Whole([.. Enumerable.Range(0, _sampleCount).Select(n => (long)n)]); // [N]
        bool isCentred = _options.Crop == VoiceCrop.Center;
        places = isCentred ? _steps.Node("Sub", places, Half(_steps.Node("Sub", _steps.Whole(_sampleCount), count))) : places;
        string within = _steps.Node("Mod", places, period);
        string index = _steps.Node("Min", within, _steps.Node("Sub", period, within)); // [N]
        index = isCentred ? _steps.Node("Add", index, Half(_steps.Node("Sub", _steps.Size(samples, 1), count))) : index;
        string crop = _steps.Node("Gather", [samples, index], ("axis", 1)); // [B, N]
        return _options.SignalScale == 1 ? crop : _steps.Node("Mul", crop, _steps.Float((float)_options.SignalScale));

        string Half(string length) => _steps.Node("Div", length, _steps.Whole(2));
    }

    /// <summary>0 a clip, or NaN where the front end refuses it: too short, or the same sample from end to end, [B, 1].</summary>
    public string Fault(string samples)
    {
        int least = _options.ShortClips == ShortClipPolicy.Refuse ? _sampleCount : _options.FrameSamples;
        string isShort = _steps.Node("Less", _steps.Size(samples, 1), _steps.Whole(least)); // [1]
        (string, OnnxGraphBuilder.Value)[] overTime = [("axes", new long[] { 1 }), ("keepdims", 1)];
        string highest = _steps.Node("ReduceMax", [samples], overTime), lowest = _steps.Node("ReduceMin", [samples], overTime); // [B, 1]
        string isRefused = _steps.Node("Or", isShort, _steps.Node("Equal", highest, lowest));
        return _steps.Node("Where", isRefused, _steps.Float(float.NaN), _steps.Float(0));
    }

    /// <summary>A crop, [B, N], to [B, T, F], or pooled [B, F] or [B, 2 F].</summary>
    public string Features(string crop)
    {
        string x = Compress(Spectrogram(Frames(Condition(crop)))); // [B, T, one-sided bins or mel bins]
        string mean = _steps.Mean(x, 1); // [B, 1, bins]
        if (_options.Pooling == TimePooling.Mean)
        {
            return Flatten(mean);
        }

        if (_options.Pooling == TimePooling.None && !_options.NormalisesClips)
        {
            return Mirror(x, 2);
        }

        string centred = _steps.Node("Sub", x, mean);
        bool isUnbiased = _options.Normalisation == FeatureNormalisation.ClipOverTimeUnbiased;
        string deviation = _steps.Deviation(centred, isUnbiased ? _frontEnd.FrameCount : 0); // [B, 1, bins]
        if (_options.Pooling == TimePooling.MeanAndDeviation)
        {
            return _steps.Concat(1, Flatten(mean), Flatten(deviation));
        }

        return Mirror(_steps.Scale(centred, mean, deviation), 2);

        string Flatten(string pooled) => Mirror(_steps.Node("Flatten", [pooled], ("axis", 1)), 1);
    }

    // 1. DC filter, dither, pre-emphasis.
    private string Condition(string crop)
    {
        double a = _options.PreEmphasis;
        string signal = crop;
        if (_options.PreEmphasisStage == PreEmphasisStage.BeforeDc)
        {
            signal = _steps.Cast(PreEmphasise(Wide(signal), a), ElementType.Float);
        }

        a = _options.PreEmphasisStage == PreEmphasisStage.Signal ? a : 0;
        string deviation = "";
        if (_options.RemoveDc || _options.Dither > 0 || a != 0)
        {
            string wide = _options.RemoveDc ? RemoveDc(Wide(signal)) : Wide(signal);
            deviation = _options.Dither == 0 ? "" : _steps.Deviation(_steps.Node("Sub", wide, _steps.Mean(wide, 1))); // [B, 1]
            signal = _steps.Cast(PreEmphasise(wide, a), ElementType.Float);
        }

        if (_options.Dither == 0)
        {
            return signal;
        }

        string amplitude = _steps.Cast(_steps.Node("Mul", deviation, _steps.Double(_options.Dither)), ElementType.Float); // [B, 1]
        return _steps.Node("Add", signal, _steps.Node("Mul", _steps.Float(_frontEnd.Noise.ToArray()), amplitude));
    }

    private string PreEmphasise(string wide, double a)
    {
        if (a == 0)
        {
            return wide;
        }

        // The sample before the first: none, the first or the second.
        int edge = _options.PreEmphasisEdge == PreEmphasisEdge.Reflect ? 1 : 0;
        string before = _steps.Slice(wide, 1, edge, edge + 1);
        before = _options.PreEmphasisEdge == PreEmphasisEdge.Zero ? _steps.Node("Mul", before, _steps.Double(0)) : before;
        string previous = _steps.Concat(1, before, _steps.Slice(wide, 1, 0, _sampleCount - 1));
        return _steps.Node("Sub", wide, _steps.Node("Mul", previous, _steps.Double(a)));
    }

    // y[n] = x[n] - x[n-1] + p y[n-1] is x[n] - (1 - p) s[n-1] with s[n] = x[n] + p s[n-1]: a triangular product within blocks of K, and
    // one over the R blocks for what each leaves to the next.
    private string RemoveDc(string wide)
    {
        int k = (int)Math.Ceiling(Math.Sqrt(_sampleCount)), r = (_sampleCount + k - 1) / k;
        var within = new double[k * (k + 1)]; // [K, K + 1]: s[n-1] of the block's own samples, and s at its end
        var across = new double[r * r]; // [R, R]
        for (int i = 0; i < k; i++)
        {
            for (int j = i + 1; j <= k; j++)
            {
                within[(i * (k + 1)) + j] = Math.Pow(VoiceSignal.DcPole, j - i - 1);
            }
        }

        for (int i = 0; i < r; i++)
        {
            for (int j = i + 1; j < r; j++)
            {
                across[(i * r) + j] = Math.Pow(VoiceSignal.DcPole, (double)k * (j - i - 1));
            }
        }

        string blocks = _steps.Reshape(_steps.Pad(wide, 0, (r * k) - _sampleCount, reflects: false), -1, r, k); // [B, R, K]
        string sums = _steps.Node("MatMul", blocks, _steps.Doubles(within, k, k + 1)); // [B, R, K + 1]
        string ends = _steps.Reshape(_steps.Slice(sums, 2, k, k + 1), -1, r); // [B, R]
        string starts = _steps.Reshape(_steps.Node("MatMul", ends, _steps.Doubles(across, r, r)), -1, r, 1);
        string decay = _steps.Double([.. Enumerable.Range(0, k).Select(n => Math.Pow(VoiceSignal.DcPole, n))]); // [K]
        string sum = _steps.Node("Add", _steps.Slice(sums, 2, 0, k), _steps.Node("Mul", starts, decay)); // [B, R, K]
        string y = _steps.Node("Sub", blocks, _steps.Node("Mul", sum, _steps.Double(1 - VoiceSignal.DcPole)));
        return _steps.Slice(_steps.Reshape(y, -1, r * k), 1, 0, _sampleCount);
    }

    // 2. Frames of the window's length, [B, N] to [B, T, W]: rows of one hop, each beside the next ones.
    private string Frames(string signal)
    {
        int margin = _options.Framing == VoiceFraming.CenterReflect ? _options.FftLength / 2 : 0;
        (int frames, int hop, int window) = (_frontEnd.FrameCount, _options.HopSamples, _options.WindowSamples);
        int start = FrameSteps.Of(_options).WindowStart, rows = frames - 1 + ((window + hop - 1) / hop);
        int available = Math.Min(_sampleCount + (2 * margin) - start, rows * hop);
        string padded = _steps.Slice(_steps.Pad(signal, margin, margin, reflects: true), 1, start, start + available);
        string hops = _steps.Reshape(_steps.Pad(padded, 0, (rows * hop) - available, reflects: false), -1, rows, hop); // [B, R, H]
        var parts = new List<string>();
        for (int i = 0; i * hop < window; i++)
        {
            string part = _steps.Slice(hops, 1, i, i + frames); // [B, T, H]
            parts.Add(window - (i * hop) >= hop ? part : _steps.Slice(part, 2, 0, window - (i * hop)));
        }

        return _steps.Concat(2, [.. parts]);
    }

    // 3. What is linear in a frame is one matrix: its mean, pre-emphasis within it, window, Fourier transform.
    private string Spectrogram(string frames)
    {
        FrameSteps steps = FrameSteps.Of(_options);
        int bins = (_options.FftLength / 2) + 1;
        string x = _steps.Node(
            "MatMul", Wide(frames), _steps.Doubles(Basis(steps, bins), steps.Window.Length, 2 * bins)); // [B, T, 2 bins]
        string real = _steps.Slice(x, 2, 0, bins), imaginary = _steps.Slice(x, 2, bins, 2 * bins);
        x = _steps.Node("Add", _steps.Node("Mul", real, real), _steps.Node("Mul", imaginary, imaginary)); // [B, T, bins]
        x = steps.Power ? x : _steps.Node("Sqrt", x);
        if (steps.Mel is null)
        {
            return _steps.Cast(x, ElementType.Float);
        }

        var mel = new double[bins * steps.Mel.Count]; // [bins, mels]
        for (int m = 0; m < steps.Mel.Count; m++)
        {
            ReadOnlySpan<double> weights = steps.Mel.Weights(m, out int first);
            for (int i = 0; i < weights.Length; i++)
            {
                mel[((first + i) * steps.Mel.Count) + m] = weights[i];
            }
        }

        return _steps.Cast(_steps.Node("MatMul", x, _steps.Doubles(mel, bins, steps.Mel.Count)), ElementType.Float);
    }

    // Row n is what sample n of the window adds to the real parts and to the imaginary ones. Where the frame lies in the transform turns
    // phases, not magnitudes.
    private static double[] Basis(FrameSteps steps, int bins)
    {
        int length = steps.Window.Length;
        var basis = new double[length * 2 * bins];
        var impulse = new double[length];
        (double Sin, double Cos)[] turns =
            [.. Enumerable.Range(0, steps.FftLength).Select(i => Math.SinCos(2 * Math.PI * i / steps.FftLength))];
        for (int n = 0; n < length; n++)
        {
            impulse.AsSpan().Fill(steps.RemoveMean ? -1.0 / length : 0);
            impulse[n] += 1;
            double previous = steps.Edge switch
            {
                PreEmphasisEdge.Zero => 0,
                PreEmphasisEdge.Replicate => impulse[0],
                _ => impulse[1],
            };
            for (int i = 0; i < length; i++)
            {
                (previous, impulse[i]) = (impulse[i], (impulse[i] - (steps.PreEmphasis * previous)) * steps.Window[i]);
            }

            Span<double> row = basis.AsSpan(n * 2 * bins, 2 * bins);
            for (int i = 0; i < length; i++)
            {
                for (int k = 0; impulse[i] != 0 && k < bins; k++)
                {
                    (double sin, double cos) = turns[k * i % steps.FftLength];
                    row[k] += impulse[i] * cos;
                    row[bins + k] -= impulse[i] * sin;
                }
            }
        }

        return basis;
    }

    private string Compress(string x)
    {
        if (_options.Compression == SpectrumCompression.None)
        {
            return x;
        }

        bool isAdded = _options.Compression == SpectrumCompression.Log;
        return _steps.Node("Log", _steps.Node(isAdded ? "Add" : "Max", x, _steps.Float((float)_options.LogFloor)));
    }

    // Bin L - k of a real signal's transform has the magnitude of bin k.
    private string Mirror(string x, int axis) => _options.TwoSided
        ? _steps.Concat(axis, x, _steps.Reverse(x, axis, (_options.FftLength / 2) - 1, 1))
        : x;

    private string Wide(string x) => _steps.Cast(x, ElementType.Double);
}
