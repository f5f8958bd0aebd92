using CrossModalVae.Numerics;

namespace CrossModalVae.Media.Tests.Faces;

/// <summary>
/// Damaged PNG files: mutant i is a function of i alone. Half keep right checksums, so that damage reaches the decoder behind them.
/// </summary>
internal static class PngMutants
{
    public static byte[] Make(int index)
    {
        var random = new SeededRandom(index);
        (byte colour, byte depth) = PngFiles.Kinds[index % PngFiles.Kinds.Length];
        bool interlaced = random.NextInt32(3) == 0;
        int width = 8 + random.NextInt32(40), height = 8 + random.NextInt32(40);
        byte[] rows = PngFiles.Rows(random, width, height, colour, depth, interlaced);
        byte[] palette = colour == 3 ? PngFiles.Palette(depth) : [];
        switch (random.NextInt32(9))
        {
            case 0: // the data ends early, or goes on
                Array.Resize(ref rows, 1 + random.NextInt32(2 * rows.Length));
                break;
            case 1: // a filter or pixels that nobody defined
                for (int n = random.NextInt32(20); n >= 0; n--) rows[random.NextInt32(rows.Length)] = (byte)random.NextInt32(256);
                break;
            case 2: // another size than the data's
                (width, height) = (1 + random.NextInt32(80), 1 + random.NextInt32(80));
                break;
            case 3: // another kind than the data's
                (colour, depth) = PngFiles.Kinds[random.NextInt32(PngFiles.Kinds.Length)];
                break;
            case 4: // the palette is short, long, or there without need
                palette = PngFiles.Chunk("PLTE", new byte[random.NextInt32(900)]);
                break;
            case 5: // a kind that PNG does not define
                (colour, depth) = ((byte)random.NextInt32(8), (byte)random.NextInt32(32));
                break;
        }

        byte[] data = PngFiles.Deflate(rows);
        if (random.NextInt32(6) == 0)
        {
            data[random.NextInt32(data.Length)] ^= (byte)(1 << random.NextInt32(8));
        }

        int cut = random.NextInt32(data.Length + 1);
        List<byte[]> chunks =
        [
            PngFiles.Header((uint)width, (uint)height, colour, depth, interlaced),
            palette,
            PngFiles.Chunk("IDAT", data[..cut]),
            PngFiles.Chunk("IDAT", data[cut..]),
            PngFiles.End(),
        ];
        if (random.NextInt32(4) == 0)
        {
            string[] types =
            [
                "tRNS", "gAMA", "eXIf", "pHYs", "tEXt", "zTXt", "iTXt", "iCCP", "acTL", "fcTL", "fdAT", "IHDR", "IDAT", "PLTE", "IEND",
            ];
            var content = new byte[random.NextInt32(60)];
            for (int i = 0; i < content.Length; i++) content[i] = (byte)random.NextInt32(256);
            chunks.Insert(random.NextInt32(chunks.Count), PngFiles.Chunk(types[random.NextInt32(types.Length)], content));
        }

        byte[] file = PngFiles.File([.. chunks]);
        for (int n = random.NextInt32(3); n > 0 && random.NextInt32(3) == 0; n--)
        {
            file[random.NextInt32(file.Length)] = (byte)random.NextInt32(256);
        }

        return random.NextInt32(10) == 0 ? file[..random.NextInt32(file.Length)] : file;
    }
}
