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
    private readonly FrameSteps _frame;
    private readonly int _sampleCount;
    private readonly int _radix; // R
    private readonly int _cutSamples; // W', the window's length to a multiple of R

    /// <summary>Writes on a graph of its own names.</summary>
    public VoiceGraph(OnnxGraphBuilder graph, VoiceOptions options)
    {
        (_options, _sampleCount) = (options, options.SampleCount);
        _frontEnd = new VoiceFrontEnd(options with { Encoder = null });
        _steps = new GraphSteps(graph, "voice_front_end");
        _frame = FrameSteps.Of(options);
        _radix = 1 << (int.Log2(options.FftLength) / 2);
        _cutSamples = (options.WindowSamples + _radix - 1) / _radix * _radix;
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
            signal = _steps.Cast(PreEmphasise(Wide(signal), 1, _sampleCount, a), ElementType.Float);
        }

        a = _options.PreEmphasisStage == PreEmphasisStage.Signal ? a : 0;
        string deviation = "";
        if (_options.RemoveDc || _options.Dither > 0 || a != 0)
        {
            string wide = _options.RemoveDc ? RemoveDc(Wide(signal)) : Wide(signal);
            deviation = _options.Dither == 0 ? "" : _steps.Deviation(_steps.Node("Sub", wide, _steps.Mean(wide, 1))); // [B, 1]
            signal = _steps.Cast(PreEmphasise(wide, 1, _sampleCount, a), ElementType.Float);
        }

        if (_options.Dither == 0)
        {
            return signal;
        }

        string amplitude = _steps.Cast(_steps.Node("Mul", deviation, _steps.Double(_options.Dither)), ElementType.Float); // [B, 1]
        return _steps.Node("Add", signal, _steps.Node("Mul", _steps.Float(_frontEnd.Noise.ToArray()), amplitude));
    }

    private string PreEmphasise(string wide, int axis, int length, double a)
    {
        if (a == 0)
        {
            return wide;
        }

        // The sample before the first: none, the first or the second.
        int edge = _options.PreEmphasisEdge == PreEmphasisEdge.Reflect ? 1 : 0;
        string before = _steps.Slice(wide, axis, edge, edge + 1);
        before = _options.PreEmphasisEdge == PreEmphasisEdge.Zero ? _steps.Node("Mul", before, _steps.Double(0)) : before;
        string previous = _steps.Concat(axis, before, _steps.Slice(wide, axis, 0, length - 1));
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

    // 2. Frames, [B, N] to [B, T, W'], W' the window's length or a little more: rows of one hop, each beside the next ones.
    private string Frames(string signal)
    {
        int margin = _options.Framing == VoiceFraming.CenterReflect ? _options.FftLength / 2 : 0;
        (int frames, int hop) = (_frontEnd.FrameCount, _options.HopSamples);
        int start = _frame.WindowStart, rows = frames - 1 + ((_cutSamples + hop - 1) / hop);
        int available = Math.Min(_sampleCount + (2 * margin) - start, rows * hop);
        string padded = _steps.Slice(_steps.Pad(signal, margin, margin, reflects: true), 1, start, start + available);
        string hops = _steps.Reshape(_steps.Pad(padded, 0, (rows * hop) - available, reflects: false), -1, rows, hop); // [B, R, H]
        var parts = new List<string>();
        for (int i = 0; i * hop < _cutSamples; i++)
        {
            string part = _steps.Slice(hops, 1, i, i + frames); // [B, T, H]
            parts.Add(_cutSamples - (i * hop) >= hop ? part : _steps.Slice(part, 2, 0, _cutSamples - (i * hop)));
        }

        return ConditionFrames(Wide(_steps.Concat(2, [.. parts])));
    }

    // The frame's mean over the window, and pre-emphasis within the frame.
    private string ConditionFrames(string frames)
    {
        int length = _frame.Window.Length;
        if (_frame.RemoveMean)
        {
            double[] mean = [.. Enumerable.Range(0, _cutSamples).Select(n => n < length ? 1.0 / length : 0)];
            frames = _steps.Node("Sub", frames, _steps.Node("MatMul", frames, _steps.Doubles(mean, _cutSamples, 1)));
        }

        return PreEmphasise(frames, 2, _cutSamples, _frame.PreEmphasis);
    }

    // 3. The Fourier transform of L = R S points by Cooley and Tukey, R of S and S of R, in two products with matrices; the window is in
    // the first. Where the frame lies in the transform turns phases, not magnitudes. [B, T, W'] to [B, T, L / 2 + 1], or mel bins.
    private string Spectrogram(string frames)
    {
        (int t, int r, int s, int q) = (_frontEnd.FrameCount, _radix, _options.FftLength / _radix, _cutSamples / _radix);
        int h = (s / 2) + 1; // a real signal's half
        string x = _steps.Transpose(_steps.Reshape(frames, -1, t, q, r), 0, 3, 1, 2); // [B, R, T, Q]
        string y = _steps.Node("MatMul", x, _steps.Doubles(InnerTransforms(r, s, q, h), r, q, 2 * h)); // [B, R, T, 2 H]
        y = _steps.Reshape(_steps.Transpose(_steps.Reshape(y, -1, r, t, 2, h), 0, 4, 2, 3, 1), -1, h, t, 2 * r); // [B, H, T, 2 R]
        y = _steps.Node("MatMul", y, _steps.Doubles(OuterTransforms(r, s, h), h, 2 * r, 2 * r)); // [B, H, T, 2 R]
        string real = _steps.Slice(y, 3, 0, r), imaginary = _steps.Slice(y, 3, r, 2 * r);
        string z = _steps.Node("Add", _steps.Node("Mul", real, real), _steps.Node("Mul", imaginary, imaginary)); // [B, H, T, R]
        z = _steps.Reshape(_steps.Transpose(_frame.Power ? z : _steps.Node("Sqrt", z), 0, 2, 1, 3), -1, t, h * r); // [B, T, H R]

        // Bin k = i + S m is at i R + m, or its mirror image is.
        long[] places =
        [
            .. Enumerable.Range(0, (_options.FftLength / 2) + 1).Select(k => k % s < h ? k : _options.FftLength - k)
                .Select(k => (long)((k % s * r) + (k / s))),
        ];
        if (_frame.Mel is not MelFilterBank bank)
        {
            return _steps.Cast(_steps.Node("Gather", [z, _steps.Whole(places)], ("axis", 2)), ElementType.Float);
        }

        var mel = new double[h * r * bank.Count]; // [H R, mels]
        for (int m = 0; m < bank.Count; m++)
        {
            ReadOnlySpan<double> weights = bank.Weights(m, out int first);
            for (int i = 0; i < weights.Length; i++)
            {
                mel[(places[first + i] * bank.Count) + m] = weights[i];
            }
        }

        return _steps.Cast(_steps.Node("MatMul", z, _steps.Doubles(mel, h * r, bank.Count)), ElementType.Float);
    }

    // Of every R-th sample: S points, the window's samples with it, [R, Q, 2 H], real parts first.
    private double[] InnerTransforms(int r, int s, int q, int h)
    {
        var matrices = new double[r * q * 2 * h];
        for (int n = 0; n < _frame.Window.Length; n++)
        {
            for (int i = 0; i < h; i++)
            {
                int at = (((n % r * q) + (n / r)) * 2 * h) + i;
                (double sin, double cos) = Math.SinCos(2 * Math.PI * (n / r * i % s) / s);
                (matrices[at], matrices[at + h]) = (_frame.Window[n] * cos, -_frame.Window[n] * sin);
            }
        }

        return matrices;
    }

    // From the R transforms' i-th bins to bins i + S m, [H, 2 R, 2 R].
    private static double[] OuterTransforms(int r, int s, int h)
    {
        var matrices = new double[h * 4 * r * r];
        for (int i = 0; i < h; i++)
        {
            for (int n = 0; n < r; n++)
            {
                for (int m = 0; m < r; m++)
                {
                    (double sin, double cos) = Math.SinCos(2 * Math.PI * ((i + (s * m)) * n % (r * s)) / (r * s));
                    int real = (((i * 2 * r) + n) * 2 * r) + m, imaginary = real + (2 * r * r);
                    (matrices[real], matrices[real + r]) = (cos, -sin);
                    (matrices[imaginary], matrices[imaginary + r]) = (sin, cos);
                }
            }
        }

        return matrices;
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
