using CrossModalVae.Embeddings;

namespace CrossModalVae.Retrieval.Galleries;

/// <summary>Writes a gallery's files anew without some of its rows.</summary>
internal static class RemainingRows
{
    /// <summary>Writes the rows that stay, byte for byte, and their commit record into another folder, flushed to the disk.</summary>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static void Write(string folder, string target, GalleryCommit commit, bool[] stays)
    {
        int count = stays.Count(stay => stay);
        foreach (GalleryMatrix matrix in commit.Matrices(folder))
        {
            AtomicFile.Write(Path.Combine(target, Path.GetFileName(matrix.Path)), stream => Copy(matrix, stays, count, stream));
        }

        long rowsBytes = 0;
        AtomicFile.Write(Path.Combine(target, EmbeddingFile.RowsName), stream =>
        {
            CopyLines(Path.Combine(folder, EmbeddingFile.RowsName), stays, stream);
            rowsBytes = stream.Position;
        });
        (commit with { RowCount = count, RowsBytes = rowsBytes }).Write(target);
    }

    private static void Copy(GalleryMatrix matrix, bool[] stays, int count, Stream target)
    {
        target.Write(NpyFile.Header(count, matrix.Columns, matrix.Precision));
        var row = new byte[matrix.Columns * FeatureCodec.Size(matrix.Precision)];
        using var source = new FileStream(matrix.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16);
        source.Position = NpyFile.HeaderBytes;
        foreach (bool stay in stays)
        {
            source.ReadExactly(row);
            if (stay)
            {
                target.Write(row);
            }
        }
    }

    private static void CopyLines(string path, bool[] stays, Stream target)
    {
        using var source = new StreamReader(path, new FileStreamOptions { Share = FileShare.ReadWrite, BufferSize = 1 << 16 });
        using var writer = new StreamWriter(target, leaveOpen: true) { NewLine = "\n" };
        foreach (bool stay in stays)
        {
            string line = source.ReadLine()!; // counted when the rows were read
            if (stay)
            {
                writer.WriteLine(line);
            }
        }
    }
}
