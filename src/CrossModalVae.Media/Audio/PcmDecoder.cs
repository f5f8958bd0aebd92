using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace CrossModalVae.Audio;

/// <summary>Interleaved little-endian samples to one channel of floats: full scale is 1, channels are averaged.</summary>
internal static class PcmDecoder
{
    private static readonly float[] ALawTable = [.. Enumerable.Range(0, 256).Select(ExpandALaw)];
    private static readonly float[] MuLawTable = [.. Enumerable.Range(0, 256).Select(ExpandMuLaw)];

    /// <summary>Decodes whole blocks, one value for each.</summary>
    public static void DecodeMono(ReadOnlySpan<byte> bytes, WavInfo info, Span<float> mono)
    {
        switch (info.Encoding, info.BitsPerSample)
        {
            case (WavEncoding.Pcm, 16) when info.ChannelCount == 1 && BitConverter.IsLittleEndian:
                DecodeInt16(MemoryMarshal.Cast<byte, short>(bytes), mono);
                break;
            case (WavEncoding.Pcm, 8):
                Decode<UInt8>(bytes, info.ChannelCount, mono);
                break;
            case (WavEncoding.Pcm, 16):
                Decode<Int16>(bytes, info.ChannelCount, mono);
                break;
            case (WavEncoding.Pcm, 24):
                Decode<Int24>(bytes, info.ChannelCount, mono);
                break;
            case (WavEncoding.Pcm, _):
                Decode<Int32>(bytes, info.ChannelCount, mono);
                break;
            case (WavEncoding.IeeeFloat, 32):
                Decode<Float32>(bytes, info.ChannelCount, mono);
                break;
            case (WavEncoding.IeeeFloat, _):
                Decode<Float64>(bytes, info.ChannelCount, mono);
                break;
            case (WavEncoding.ALaw, _):
                Decode<ALaw>(bytes, info.ChannelCount, mono);
                break;
            default:
                Decode<MuLaw>(bytes, info.ChannelCount, mono);
                break;
        }
    }

    private interface IEncoding
    {
        static abstract int Length { get; }

        static abstract double Value(ReadOnlySpan<byte> bytes);
    }

    private static void Decode<TEncoding>(ReadOnlySpan<byte> bytes, int channelCount, Span<float> mono)
        where TEncoding : struct, IEncoding
    {
        int position = 0;
        for (int i = 0; i < mono.Length; i++)
        {
            double sum = 0;
            for (int channel = 0; channel < channelCount; channel++)
            {
                sum += TEncoding.Value(bytes.Slice(position, TEncoding.Length));
                position += TEncoding.Length;
            }

            mono[i] = (float)(sum / channelCount);
        }
    }

    private static void DecodeInt16(ReadOnlySpan<short> samples, Span<float> mono)
    {
        const float Scale = 1f / 32_768;
        int i = 0;
        for (; i <= mono.Length - Vector<short>.Count; i += Vector<short>.Count)
        {
            Vector.Widen(new Vector<short>(samples[i..]), out Vector<int> low, out Vector<int> high);
            (Vector.ConvertToSingle(low) * Scale).CopyTo(mono[i..]);
            (Vector.ConvertToSingle(high) * Scale).CopyTo(mono[(i + Vector<int>.Count)..]);
        }

        for (; i < mono.Length; i++)
        {
            mono[i] = samples[i] * Scale;
        }
    }

    // ITU-T G.711: sign, 3 bits of exponent, 4 of mantissa, every other bit inverted; the result has 13 bits, here the top ones of 16.
    private static float ExpandALaw(int code)
    {
        code ^= 0x55;
        int exponent = (code >> 4) & 7;
        int magnitude = ((code & 15) << 4) + 8;
        magnitude = exponent == 0 ? magnitude : (magnitude + 256) << (exponent - 1);
        return ((code & 0x80) != 0 ? magnitude : -magnitude) / 32_768f;
    }

    // The same fields, all bits inverted, with a bias of 33; the result has 14 bits.
    private static float ExpandMuLaw(int code)
    {
        const int Bias = 33 << 2;
        code = ~code;
        int magnitude = ((((code & 15) << 3) + Bias) << ((code >> 4) & 7)) - Bias;
        return ((code & 0x80) != 0 ? -magnitude : magnitude) / 32_768f;
    }

    private readonly struct UInt8 : IEncoding
    {
        public static int Length => 1;

        public static double Value(ReadOnlySpan<byte> bytes) => (bytes[0] - 128) / 128.0;
    }

    private readonly struct Int16 : IEncoding
    {
        public static int Length => 2;

        public static double Value(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt16LittleEndian(bytes) / 32_768.0;
    }

    private readonly struct Int24 : IEncoding
    {
        public static int Length => 3;

        public static double Value(ReadOnlySpan<byte> bytes) => (bytes[0] | (bytes[1] << 8) | ((sbyte)bytes[2] << 16)) / 8_388_608.0;
    }

    private readonly struct Int32 : IEncoding
    {
        public static int Length => 4;

        public static double Value(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32LittleEndian(bytes) / 2_147_483_648.0;
    }

    private readonly struct Float32 : IEncoding
    {
        public static int Length => 4;

        public static double Value(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadSingleLittleEndian(bytes);
    }

    private readonly struct Float64 : IEncoding
    {
        public static int Length => 8;

        public static double Value(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadDoubleLittleEndian(bytes);
    }

    private readonly struct ALaw : IEncoding
    {
        public static int Length => 1;

        public static double Value(ReadOnlySpan<byte> bytes) => ALawTable[bytes[0]];
    }

    private readonly struct MuLaw : IEncoding
    {
        public static int Length => 1;

        public static double Value(ReadOnlySpan<byte> bytes) => MuLawTable[bytes[0]];
    }
}
