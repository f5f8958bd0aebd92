using System.Runtime.InteropServices;
using System.Text;

namespace CrossModalVae.Media.Tests.Audio;

/// <summary>The files that Golden/Audio/make_voice_golden.py made.</summary>
internal static class GoldenVoice
{
    public const int Bins = 257;

    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", "Audio", name);

    /// <summary>The numbers of a float32 array in numpy's format 1.0, in C order.</summary>
    public static float[] Read(string name)
    {
        byte[] bytes = File.ReadAllBytes(PathOf(name));
        int header = 10 + BitConverter.ToUInt16(bytes, 8);
        Assert.Contains(
            "'descr': '<f4', 'fortran_order': False", Encoding.ASCII.GetString(bytes, 10, header - 10), StringComparison.Ordinal);
        return MemoryMarshal.Cast<byte, float>(bytes.AsSpan(header)).ToArray();
    }
}
