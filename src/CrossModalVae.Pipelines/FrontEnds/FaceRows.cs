using CrossModalVae.Faces;

namespace CrossModalVae.Pipelines.FrontEnds;

/// <summary>What extracts the face of one row, of whichever input; null where it is missing.</summary>
/// <param name="frontEnd">The front end.</param>
/// <param name="folder">What relative paths are relative to; null for the current folder.</param>
/// <param name="boxColumn">The column of the boxes, for messages.</param>
internal sealed class FaceRows(FaceFrontEnd frontEnd, string? folder, string? boxColumn)
{
    /// <summary>Values of a face's features.</summary>
    public int FeatureCount => frontEnd.FeatureCount;

    /// <summary>Of frames in files; empty paths are skipped, with their boxes.</summary>
    public Extraction? Of(string[] paths, FaceBox?[] boxes)
    {
        BoxColumn.Require(boxColumn, boxes, paths.Length);
        int[] present = [.. Enumerable.Range(0, paths.Length).Where(i => !string.IsNullOrEmpty(paths[i]))];
        string[] files = [.. present.Select(i => folder is null ? paths[i] : Path.Combine(folder, paths[i]))];
        FaceBox?[] own = boxes.Length == 0 ? [] : [.. present.Select(i => boxes[i])];
        return present.Length == 0 ? null : features => frontEnd.Extract(files, own, features);
    }

    /// <summary>Of a file's content.</summary>
    public Extraction? Of(byte[] file, FaceBox?[] boxes, string name)
    {
        if (file.Length == 0)
        {
            return null;
        }

        BoxColumn.Require(boxColumn, boxes, 1);
        return features => frontEnd.Extract([file], name, boxes, features);
    }

    /// <summary>Of pixels.</summary>
    public Extraction? Of(FaceImage? picture, FaceBox?[] boxes, string name)
    {
        if (picture is null)
        {
            return null;
        }

        BoxColumn.Require(boxColumn, boxes, 1);
        return features => frontEnd.Extract([picture], name, boxes, features);
    }
}
