using System.Numerics;
using System.Runtime.InteropServices;
using CrossModalVae.Fourier;

namespace CrossModalVae.Projection;

/// <summary>One thread's buffers.</summary>
internal sealed class SpectrumWork(int length) : ComplexLaneFft.Buffers(length)
{
    private static readonly int Lanes = Vector<float>.Count;

    public Vector<float>[] XRe { get; } = new Vector<float>[length];

    public Vector<float>[] XIm { get; } = new Vector<float>[length];

    public Vector<float>[] YRe { get; } = new Vector<float>[length];

    public Vector<float>[] YIm { get; } = new Vector<float>[length];

    /// <summary>Rows first .. first + lanes become the lanes; beyond their end come zeros.</summary>
    public void Gather(float[] re, float[] im, int first, int size)
    {
        for (int l = 0; l < Lanes; l++)
        {
            SetLane(l, re, im, (first + l) * size, size);
        }

        Re.AsSpan(size).Clear();
        Im.AsSpan(size).Clear();
    }

    public void SetLane(int lane, float[] re, float[] im, int start, int count)
    {
        Span<float> toRe = MemoryMarshal.Cast<Vector<float>, float>(Re.AsSpan());
        Span<float> toIm = MemoryMarshal.Cast<Vector<float>, float>(Im.AsSpan());
        ReadOnlySpan<float> fromRe = re.AsSpan(start, count), fromIm = im.AsSpan(start, count);
        for (int c = 0, o = lane; c < fromRe.Length; c++, o += Lanes)
        {
            toRe[o] = fromRe[c];
            toIm[o] = fromIm[c];
        }
    }

    public void Scatter(float[] re, float[] im, int first, int size)
    {
        ReadOnlySpan<float> fromRe = MemoryMarshal.Cast<Vector<float>, float>(Re.AsSpan());
        ReadOnlySpan<float> fromIm = MemoryMarshal.Cast<Vector<float>, float>(Im.AsSpan());
        for (int l = 0; l < Lanes; l++)
        {
            Span<float> toRe = re.AsSpan((first + l) * size, size), toIm = im.AsSpan((first + l) * size, size);
            for (int c = 0, o = l; c < toRe.Length; c++, o += Lanes)
            {
                toRe[c] = fromRe[o];
                toIm[c] = fromIm[o];
            }
        }
    }

    public void Back(ComplexLaneFft fft, Vector<float>[] re, Vector<float>[] im)
    {
        im.CopyTo(Re, 0);
        re.CopyTo(Im, 0);
        fft.Transform(this);
        Exchange();
    }
}
