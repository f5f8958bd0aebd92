using System.Buffers.Binary;
using System.Text;

namespace CrossModalVae.Eng;

/// <summary>
/// The symbol versions that a 64-bit little-endian ELF library requires of others (System V ABI, symbol versioning: section
/// .gnu.version_r of Elf64_Verneed and Elf64_Vernaux records). The dynamic linker refuses a library whose requirement is not
/// met unless the requirement is marked weak.
/// </summary>
internal static class ElfVersionNeeds
{
    private const uint VersionNeedSection = 0x6FFFFFFE; // SHT_GNU_verneed
    private const ushort WeakFlag = 0x2; // VER_FLG_WEAK
    private const int SectionHeaderLength = 64;

    /// <summary>Whether a library requires a version, and how strictly.</summary>
    /// <param name="library">A whole ELF file.</param>
    /// <param name="version">Such as GLIBCXX_3.4.32.</param>
    /// <returns>Null where it does not require it; else whether the requirement is weak.</returns>
    /// <exception cref="InvalidDataException">Not an ELF file of the kind that this reads.</exception>
    public static bool? IsWeak(ReadOnlySpan<byte> library, string version) =>
        Find(library, version) is int at ? (BinaryPrimitives.ReadUInt16LittleEndian(library[at..]) & WeakFlag) != 0 : null;

    /// <summary>Marks a requirement as weak: two bytes of the file at most.</summary>
    /// <param name="library">A whole ELF file.</param>
    /// <param name="version">Such as GLIBCXX_3.4.32.</param>
    /// <returns>Whether the file changed.</returns>
    /// <exception cref="InvalidDataException">Not an ELF file of the kind that this reads.</exception>
    public static bool MakeWeak(Span<byte> library, string version)
    {
        if (IsWeak(library, version) is not false)
        {
            return false;
        }

        Span<byte> flags = library[Find(library, version)!.Value..];
        BinaryPrimitives.WriteUInt16LittleEndian(flags, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(flags) | WeakFlag));
        return true;
    }

    // The offset of the requirement's flags.
    private static int? Find(ReadOnlySpan<byte> file, string version)
    {
        if (file.Length < SectionHeaderLength || !file.StartsWith("\u007fELF\u0002\u0001"u8))
        {
            throw new InvalidDataException("Not a 64-bit little-endian ELF file.");
        }

        try
        {
            byte[] name = [.. Encoding.ASCII.GetBytes(version), 0];
            int sections = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(file[0x28..]));
            int count = BinaryPrimitives.ReadUInt16LittleEndian(file[0x3C..]);
            for (int i = 0; i < count; i++)
            {
                ReadOnlySpan<byte> section = Section(file, sections, i);
                if (BinaryPrimitives.ReadUInt32LittleEndian(section[4..]) == VersionNeedSection)
                {
                    int strings = Offset(Section(file, sections, (int)BinaryPrimitives.ReadUInt32LittleEndian(section[0x28..])));
                    return FindIn(file, Offset(section), strings, name);
                }
            }

            return null;
        }
        catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException("The ELF file's sections lie outside it.", e);
        }
    }

    private static int? FindIn(ReadOnlySpan<byte> file, int needs, int strings, ReadOnlySpan<byte> name)
    {
        for (int need = needs, step = -1; step != 0; need += step)
        {
            int count = BinaryPrimitives.ReadUInt16LittleEndian(file[(need + 2)..]);
            int auxiliary = need + (int)BinaryPrimitives.ReadUInt32LittleEndian(file[(need + 8)..]);
            for (int i = 0; i < count; i++)
            {
                int text = strings + (int)BinaryPrimitives.ReadUInt32LittleEndian(file[(auxiliary + 8)..]);
                if (file[text..].StartsWith(name))
                {
                    return auxiliary + 4;
                }

                auxiliary += (int)BinaryPrimitives.ReadUInt32LittleEndian(file[(auxiliary + 12)..]);
            }

            step = (int)BinaryPrimitives.ReadUInt32LittleEndian(file[(need + 12)..]);
        }

        return null;
    }

    private static ReadOnlySpan<byte> Section(ReadOnlySpan<byte> file, int sections, int index) =>
        file.Slice(checked(sections + (index * SectionHeaderLength)), SectionHeaderLength);

    private static int Offset(ReadOnlySpan<byte> section) => checked((int)BinaryPrimitives.ReadUInt64LittleEndian(section[0x18..]));
}
