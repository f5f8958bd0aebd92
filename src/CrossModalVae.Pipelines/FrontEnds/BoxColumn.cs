using CrossModalVae.Faces;

namespace CrossModalVae.Pipelines.FrontEnds;

/// <summary>Face boxes of a column, four numbers a frame.</summary>
internal static class BoxColumn
{
    /// <summary>A row's boxes; null for a whole frame.</summary>
    /// <exception cref="InvalidDataException">The numbers are no boxes.</exception>
    public static FaceBox?[] Read(string column, float[] values) => values.Length % 4 == 0
        ? [.. values.Chunk(4).Select(box => Box(column, box))]
        : throw new InvalidDataException(
            $"Column '{column}' (face boxes of FaceTensor) has {values.Length} numbers; "
            + "expected four a frame: left, top, width, height.");

    /// <summary>Refuses boxes for another number of frames.</summary>
    /// <exception cref="InvalidDataException">There are neither no boxes nor one a frame.</exception>
    public static void Require(string? column, FaceBox?[] boxes, int frameCount)
    {
        if (boxes.Length > 0 && boxes.Length != frameCount)
        {
            throw new InvalidDataException(
                $"Column '{column}' (face boxes of FaceTensor) has {boxes.Length} boxes for {frameCount} frames; "
                + "expected one a frame, or none.");
        }
    }

    private static FaceBox? Box(string column, float[] box)
    {
        if (box.All(float.IsNaN))
        {
            return null;
        }

        return box.All(value => float.IsInteger(value) && Math.Abs(value) <= FaceImage.LargestPixelCount)
            ? new FaceBox((int)box[0], (int)box[1], (int)box[2], (int)box[3])
            : throw new InvalidDataException(
                $"Column '{column}' (face boxes of FaceTensor) has the box "
                + $"[{string.Join(", ", box.Select(value => value.ToString(CultureInfo.InvariantCulture)))}]; "
                + "expected whole pixels, or four NaN for the whole frame.");
    }
}
