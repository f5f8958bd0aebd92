namespace CrossModalVae.Retrieval.Galleries;

/// <summary>One .npy file of a gallery.</summary>
/// <param name="Path">The file.</param>
/// <param name="Columns">Numbers of a row.</param>
/// <param name="Precision">How they are kept.</param>
internal readonly record struct GalleryMatrix(string Path, int Columns, FeaturePrecision Precision)
{
    /// <summary>Bytes of the file's first rows with the header.</summary>
    public long BytesOf(int rows) => NpyFile.HeaderBytes + ((long)rows * Columns * FeatureCodec.Size(Precision));

    /// <summary>
    /// Refuses a file that is not a matrix of this kind or that lacks committed rows. Its own header may be behind,
    /// until the append that wrote it has ended.
    /// </summary>
    /// <exception cref="InvalidDataException">It is not, or it does.</exception>
    public void Check(FileStream stream, int rows)
    {
        (int found, int columns) = NpyFile.ReadHeader(stream, Path, Precision);
        if (columns != Columns || found > rows || stream.Position != NpyFile.HeaderBytes)
        {
            throw new InvalidDataException(
                $"{Path}: is a matrix of {found} x {columns} with a header of {stream.Position} bytes; "
                + $"expected at most {rows} x {Columns} and {NpyFile.HeaderBytes}, as {GalleryCommit.FileName} "
                + "beside it has: the files are not of one gallery.");
        }

        if (stream.Length < BytesOf(rows))
        {
            throw new InvalidDataException(
                $"{Path}: has {stream.Length} bytes; expected at least {BytesOf(rows)}, {rows} x {Columns} {Files.EnumText.Of(Precision)} "
                + "and the header: the file is cut short.");
        }
    }
}
