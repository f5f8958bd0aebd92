using System.Buffers.Binary;
using CrossModalVae.Eng;

namespace CrossModalVae.Cli.Tests;

/// <summary>eng/WeakSymbolVersion, which makes TorchSharp's library load on systems with an older libstdc++.</summary>
public sealed class ElfVersionNeedsTests
{
    private static readonly string[] Versions = ["GLIBC_2.14", "GLIBCXX_3.4.3", "GLIBCXX_3.4.32", "CXXABI_1.3"];

    [Fact]
    public void MakeWeak_Version_SetsOneFlagOfThatVersionAlone()
    {
        byte[] before = Library(), after = Library();

        Assert.True(ElfVersionNeeds.MakeWeak(after, "GLIBCXX_3.4.32"));

        Assert.Equal(1, before.Zip(after).Count(pair => pair.First != pair.Second));
        Assert.Equal([false, false, true, false], Versions.Select(version => ElfVersionNeeds.IsWeak(after, version)!.Value));
    }

    [Fact]
    public void MakeWeak_Twice_ChangesNothingMore()
    {
        byte[] library = Library();

        ElfVersionNeeds.MakeWeak(library, "CXXABI_1.3");

        Assert.False(ElfVersionNeeds.MakeWeak(library, "CXXABI_1.3"));
    }

    [Fact]
    public void MakeWeak_VersionThatIsNotRequired_ChangesNothing()
    {
        byte[] library = Library();

        Assert.False(ElfVersionNeeds.MakeWeak(library, "GLIBCXX_3.4"));

        Assert.Equal(Library(), library);
        Assert.Null(ElfVersionNeeds.IsWeak(library, "GLIBCXX_3.4"));
    }

    [Fact]
    public void IsWeak_OtherFile_Throws() =>
        Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.IsWeak(new byte[100], "GLIBCXX_3.4.32"));

    [Fact]
    public void IsWeak_TruncatedFile_Throws() =>
        Assert.Throws<InvalidDataException>(() => ElfVersionNeeds.IsWeak(Library().AsSpan(0, 120), "GLIBCXX_3.4.32"));

    [Fact]
    public void Output_LibTorchSharp_LoadsOnThisMachine()
    {
        byte[] library = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so"));

        // Weak where the machine needs it, as the package has it elsewhere.
        Assert.Equal(LibStdCxx.Has(LibStdCxx.NeededVersion) == false, ElfVersionNeeds.IsWeak(library, LibStdCxx.NeededVersion));
    }

    // Header, string table, version requirements of two libraries with two versions each, and three section headers.
    private static byte[] Library()
    {
        const int Strings = 64, Needs = 192, Sections = 384;
        var file = new byte[Sections + (3 * 64)];
        new byte[] { 0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1 }.CopyTo(file, 0);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(0x28), Sections);
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(0x3C), 3);
        var names = new int[Versions.Length];
        for (int i = 0, at = 1; i < Versions.Length; i++)
        {
            names[i] = at;
            System.Text.Encoding.ASCII.GetBytes(Versions[i]).CopyTo(file, Strings + at);
            at += Versions[i].Length + 1;
        }

        for (int need = 0; need < 2; need++)
        {
            Span<byte> record = file.AsSpan(Needs + (need * 48), 48);
            BinaryPrimitives.WriteUInt16LittleEndian(record[2..], 2);
            BinaryPrimitives.WriteUInt32LittleEndian(record[8..], 16);
            BinaryPrimitives.WriteUInt32LittleEndian(record[12..], need == 0 ? 48u : 0);
            for (int i = 0; i < 2; i++)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(record[(16 + (16 * i) + 8)..], (uint)names[(2 * need) + i]);
                BinaryPrimitives.WriteUInt32LittleEndian(record[(16 + (16 * i) + 12)..], i == 0 ? 16u : 0);
            }
        }

        Section(file.AsSpan(Sections + 64), type: 3, Strings, link: 0);
        Section(file.AsSpan(Sections + 128), type: 0x6FFFFFFE, Needs, link: 1);
        return file;
    }

    private static void Section(Span<byte> header, uint type, ulong offset, uint link)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], type);
        BinaryPrimitives.WriteUInt64LittleEndian(header[0x18..], offset);
        BinaryPrimitives.WriteUInt32LittleEndian(header[0x28..], link);
    }
}
