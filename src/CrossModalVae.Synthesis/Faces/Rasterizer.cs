using System.Numerics;

namespace CrossModalVae.Synthesis.Faces;

/// <summary>The material of a surface.</summary>
internal enum Material : byte
{
    Background,
    Skin,
    PlainSkin,
    Hair,
    Cloth,
}

/// <summary>A point of a surface.</summary>
internal readonly record struct Vertex(
    Vector3 Position, // x to the viewer's right, y up, z towards the viewer
    Vector3 Normal, // unit length, outwards
    Vector3 Chart); // the position before the head was turned, by which it is painted

/// <summary>A depth-buffered rasterizer without light: for each pixel the frontmost surface's material, normal and chart
/// position.</summary>
internal sealed class Rasterizer(int size)
{
    private readonly float[] _depth = [.. Enumerable.Repeat(float.NegativeInfinity, size * size)];

    /// <summary>Width and height in pixels.</summary>
    public int Size { get; } = size;

    /// <summary>[Size, Size] row-major from the top left.</summary>
    public Material[] Materials { get; } = new Material[size * size];

    /// <summary>[Size, Size] interpolated, so not of unit length.</summary>
    public Vector3[] Normals { get; } = new Vector3[size * size];

    /// <summary>[Size, Size] chart positions.</summary>
    public Vector3[] Charts { get; } = new Vector3[size * size];

    /// <summary>Draws a grid of vertices, [rows, columns], two triangles a cell, with the origin at a pixel.</summary>
    public void Draw(ReadOnlySpan<Vertex> grid, int columns, Material material, float pixelsPerUnit, Vector2 centre)
    {
        int rows = grid.Length / columns;
        for (int r = 0; r + 1 < rows; r++)
        {
            for (int c = 0; c + 1 < columns; c++)
            {
                Vertex a = Project(grid[(r * columns) + c], pixelsPerUnit, centre);
                Vertex b = Project(grid[(r * columns) + c + 1], pixelsPerUnit, centre);
                Vertex d = Project(grid[((r + 1) * columns) + c], pixelsPerUnit, centre);
                Vertex e = Project(grid[((r + 1) * columns) + c + 1], pixelsPerUnit, centre);
                Fill(a, b, d, material);
                Fill(b, e, d, material);
            }
        }
    }

    private static Vertex Project(in Vertex vertex, float pixelsPerUnit, Vector2 centre) => vertex with
    {
        Position = new Vector3(
            centre.X + (vertex.Position.X * pixelsPerUnit),
            centre.Y - (vertex.Position.Y * pixelsPerUnit),
            vertex.Position.Z * pixelsPerUnit),
    };

    private void Fill(in Vertex a, in Vertex b, in Vertex c, Material material)
    {
        Vector3 pa = a.Position;
        Vector3 pb = b.Position;
        Vector3 pc = c.Position;
        float area = ((pb.X - pa.X) * (pc.Y - pa.Y)) - ((pb.Y - pa.Y) * (pc.X - pa.X));
        if (Math.Abs(area) < 1e-9f)
        {
            return;
        }

        int left = Math.Max(0, (int)MathF.Ceiling(Math.Min(pa.X, Math.Min(pb.X, pc.X))));
        int right = Math.Min(Size - 1, (int)MathF.Floor(Math.Max(pa.X, Math.Max(pb.X, pc.X))));
        int top = Math.Max(0, (int)MathF.Ceiling(Math.Min(pa.Y, Math.Min(pb.Y, pc.Y))));
        int bottom = Math.Min(Size - 1, (int)MathF.Floor(Math.Max(pa.Y, Math.Max(pb.Y, pc.Y))));
        float unit = 1 / area;
        for (int y = top; y <= bottom; y++)
        {
            for (int x = left; x <= right; x++)
            {
                // Barycentric weights; edges belong to both neighbours, depth decides.
                float wb = (((x - pa.X) * (pc.Y - pa.Y)) - ((y - pa.Y) * (pc.X - pa.X))) * unit;
                float wc = (((pb.X - pa.X) * (y - pa.Y)) - ((pb.Y - pa.Y) * (x - pa.X))) * unit;
                float wa = 1 - wb - wc;
                if (wa < 0 || wb < 0 || wc < 0)
                {
                    continue;
                }

                float depth = (wa * pa.Z) + (wb * pb.Z) + (wc * pc.Z);
                int pixel = (y * Size) + x;
                if (depth > _depth[pixel])
                {
                    _depth[pixel] = depth;
                    Materials[pixel] = material;
                    Normals[pixel] = (wa * a.Normal) + (wb * b.Normal) + (wc * c.Normal);
                    Charts[pixel] = (wa * a.Chart) + (wb * b.Chart) + (wc * c.Chart);
                }
            }
        }
    }
}
