using System.Buffers.Binary;

namespace CrossModalVae.Features;

/// <summary>
/// What a feature store says of one clip, 64 bytes that never cross a page. A record is written after its row, so a row that is half
/// written never counts as done; and should a machine lose its power in between, the checksums tell.
/// </summary>
/// <param name="Key">Which clip: its identity and name.</param>
/// <param name="Entry">What the manifest says of it that determines its features.</param>
/// <param name="Sources">Sizes and times of change of its files when they were read; 0 until then.</param>
/// <param name="VoiceChecksum">CRC-32C of the voice's bytes; 0 until done, and where there is none.</param>
/// <param name="FaceChecksum">CRC-32C of the face's bytes; likewise.</param>
/// <param name="State">What is there.</param>
internal readonly record struct FeatureStoreRecord(
    UInt128 Key, UInt128 Entry, UInt128 Sources, uint VoiceChecksum, uint FaceChecksum, FeatureStoreState State)
{
    public const int Bytes = 64;

    private const int ChecksumOffset = 60;

    public bool IsDone => State.HasFlag(FeatureStoreState.Done);

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, Key);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes[16..], Entry);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes[32..], Sources);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[48..], VoiceChecksum);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[52..], FaceChecksum);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[56..], (uint)State);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[ChecksumOffset..], Crc32C.Compute(bytes[..ChecksumOffset]));
    }

    /// <summary>Reads a record; false where its own checksum is wrong.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out FeatureStoreRecord record)
    {
        record = new FeatureStoreRecord(
            BinaryPrimitives.ReadUInt128LittleEndian(bytes),
            BinaryPrimitives.ReadUInt128LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt128LittleEndian(bytes[32..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[48..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[52..]),
            (FeatureStoreState)BinaryPrimitives.ReadUInt32LittleEndian(bytes[56..]));
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumOffset..]) == Crc32C.Compute(bytes[..ChecksumOffset]);
    }
}
