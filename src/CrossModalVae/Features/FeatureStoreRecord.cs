using System.Buffers.Binary;

namespace CrossModalVae.Features;

/// <summary>
/// The record of one row, 64 bytes that never cross a page. It is written after its row, so that a half-written row never counts as done;
/// checksums detect what a loss of power leaves.
/// </summary>
/// <param name="Key">See <see cref="ClipFingerprint.Key"/>.</param>
/// <param name="Entry">See <see cref="ClipFingerprint.Entry"/>.</param>
/// <param name="Sources">See <see cref="ClipFingerprint.Sources"/>; 0 until done.</param>
/// <param name="VoiceChecksum">CRC-32C of the voice's bytes; 0 until done, and where there is none.</param>
/// <param name="FaceChecksum">CRC-32C of the face's bytes; likewise.</param>
/// <param name="State">What the row holds.</param>
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

/// <summary>What a row of a feature store holds.</summary>
[Flags]
internal enum FeatureStoreState
{
    None = 0,
    Voice = 1,
    Face = 2,
    Done = 4, // complete
}
