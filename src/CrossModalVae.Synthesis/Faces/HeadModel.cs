using System.Numerics;

namespace CrossModalVae.Synthesis.Faces;

/// <summary>Head, ears, neck, hair and shoulders as grids of vertices. Chart heights run from -1 (chin) to 1 (crown), eyes at 0.</summary>
internal sealed class HeadModel(FaceShape shape, FaceExpression expression)
{
    public const float EyeHeight = 0.03f;
    public const float NoseTipHeight = -0.30f;
    public const float MouthHeight = -0.56f;

    private const float Depth = 0.82f;

    // The hair ends in front where the sides begin, in radians from the nose.
    private const float SideStart = 0.95f;
    private const float SideEnd = 1.35f;

    private readonly Matrix4x4 _head = Turn(expression.Pose);
    private readonly Matrix4x4 _body = Turn(expression.Pose * 0.25f);

    /// <summary>Draws all surfaces. Rows of a grid go upwards, columns counterclockwise seen from above, so that normals point
    /// outwards.</summary>
    public void Draw(Rasterizer raster, float pixelsPerUnit, Vector2 centre)
    {
        Grid(raster, 61, 56, Material.Skin, pixelsPerUnit, centre, _head, (u, v) => Face(Angle(u), -MathF.Cos(MathF.PI * v)));
        Grid(raster, 49, 34, Material.Hair, pixelsPerUnit, centre, _head, (u, v) => HairSurface(Angle(u), 1 - v));
        Grid(raster, 13, 13, Material.PlainSkin, pixelsPerUnit, centre, _head, (u, v) => Ear(-1, u, 1 - v));
        Grid(raster, 13, 13, Material.PlainSkin, pixelsPerUnit, centre, _head, (u, v) => Ear(1, u, 1 - v));
        Grid(raster, 25, 9, Material.PlainSkin, pixelsPerUnit, centre, _body, (u, v) => Neck(u, 1 - v));
        Grid(raster, 25, 17, Material.Cloth, pixelsPerUnit, centre, _body, (u, v) => Shoulders(u, 1 - v));
    }

    // Front of the head twice as dense as its back.
    private static float Angle(float u)
    {
        float t = (2 * u) - 1;
        return MathF.PI * t * (0.6f + (0.4f * t * t));
    }

    private static Matrix4x4 Turn(Vector3 pose) =>
        Matrix4x4.CreateRotationY(pose.X) * Matrix4x4.CreateRotationX(pose.Y) * Matrix4x4.CreateRotationZ(pose.Z);

    /// <summary>Bare head: an ellipse at every height, the outline narrowing to the chin.</summary>
    private Vector3 Skull(float angle, float height)
    {
        (float sin, float cos) = MathF.SinCos(angle);
        float width = shape.HalfWidth;
        float depth = cos > 0 ? Depth : Depth * 1.1f;
        if (height >= 0)
        {
            float round = MathF.Sqrt(Math.Max(0, 1 - MathF.Pow(height, 2.4f)));
            width *= round;
            depth *= round;
        }
        else
        {
            float t = -height;
            float jaw = MathF.Pow(Math.Max(0, 1 - MathF.Pow(t, shape.JawSquareness)), 0.6f);
            width *= (1 - (shape.Taper * t)) * jaw;
            width += shape.CheekFullness * Bump(t - 0.55f, 0.33f) * jaw;
            depth *= (1 - (0.12f * t)) * MathF.Sqrt(Math.Max(0, 1 - MathF.Pow(t, cos > 0 ? 6 : 2)));
        }

        return new Vector3(width * sin, height * shape.HalfHeight, depth * cos);
    }

    private (Vector3 Position, Vector3 Chart) Face(float angle, float height)
    {
        Vector3 p = Skull(angle, height);
        var chart = new Vector3(p.X, height, p.Z);
        float front = Math.Max(0, MathF.Cos(angle));
        if (front > 0)
        {
            p.Z += front * Relief(p.X, height);
        }

        return (p, chart);
    }

    // Displacement of the front of the face: nose, brows, eyes, cheeks, lips and chin.
    private float Relief(float x, float y)
    {
        float ax = Math.Abs(x);

        float down = Math.Clamp((EyeHeight + 0.05f - y) / (EyeHeight + 0.05f - NoseTipHeight), 0, 1);
        float under = 1 - Smooth(NoseTipHeight - 0.02f, NoseTipHeight - 0.12f, y);
        float ridge = shape.NoseProjection * down * under * Bump(x, shape.NoseWidth * (0.45f + (0.45f * down)));
        float wings = 0.05f * Bump(ax - (shape.NoseWidth * 0.95f), 0.05f) * Bump(y - NoseTipHeight - 0.02f, 0.06f);

        float brow = shape.BrowRidge * Bump(y - 0.17f, 0.07f) * Bump(ax - 0.24f, 0.2f);
        float socket = -0.055f * Bump(ax - shape.EyeDistance, 0.13f) * Bump(y - EyeHeight, 0.10f);
        float eyeball = 0.03f * Bump(ax - shape.EyeDistance, 0.08f) * Bump(y - EyeHeight, 0.06f);

        float smile = expression.Smile;
        float cheek =
            (0.035f + (0.02f * Math.Max(0, smile)) + (0.4f * shape.CheekFullness)) * Bump(ax - 0.36f, 0.15f) * Bump(y + 0.28f, 0.17f);
        float lips = 0.035f * Bump(x, 0.17f) * Bump(y - MouthHeight, 0.09f);
        float crease = -0.03f * Bump(x, 0.2f) * Bump(y + 0.73f, 0.06f);
        float chin = 0.06f * Bump(x, 0.16f) * Bump(y + 0.88f, 0.1f);
        float fold = -0.025f * shape.Wrinkles * Bump(ax - (0.22f - (0.25f * (y + 0.35f))), 0.035f) * Bump(y + 0.45f, 0.16f);
        return ridge + wings + brow + socket + eyeball + cheek + lips + crease + chin + fold;
    }

    // A shell over the skull from the crown down to the hairline; at the sides long hair falls from where the skull is widest.
    private (Vector3 Position, Vector3 Chart) HairSurface(float angle, float v)
    {
        float side = Smooth(SideStart, SideEnd, Math.Abs(angle));
        float hairline = 0.66f + shape.Recession + (0.03f * MathF.Cos(5 * angle));
        float sideburn = Math.Min(-0.02f, shape.HairEnd);
        float back = Math.Min(-0.55f, shape.HairEnd);
        float ear = Smooth(1.3f, 1.9f, Math.Abs(angle));
        float end = (hairline * (1 - side)) + (side * ((sideburn * (1 - ear)) + (back * ear)));
        float height = 1 - ((1 - end) * v);

        Vector3 p = Skull(angle, Math.Max(height, 0));
        float taper = 1 - (0.12f * Smooth(-0.4f, -1.6f, height));
        float thickness = shape.HairThickness * (0.35f + (0.65f * Smooth(0, 0.25f, 1 - v)) + (0.3f * side * Smooth(0.2f, -0.6f, height)));
        var radial = new Vector3(p.X, 0, p.Z) * (1 + (thickness / Math.Max(0.25f, shape.HalfWidth)));
        var position = new Vector3(
            radial.X * (height < 0 ? taper : 1),
            (height * shape.HalfHeight) + (thickness * Smooth(0.3f, 1, height)) + 0.01f,
            radial.Z + 0.015f);
        return (position, new Vector3(p.X, height, angle));
    }

    private (Vector3 Position, Vector3 Chart) Ear(int side, float u, float v)
    {
        (float sin, float cos) = MathF.SinCos(2 * MathF.PI * u);
        float polar = MathF.PI * v;
        float ring = MathF.Sin(polar);
        var p = new Vector3(
            (side * (shape.HalfWidth + 0.015f)) + (0.055f * ring * cos),
            -0.06f + (0.19f * MathF.Cos(polar)),
            -0.08f + (0.10f * ring * sin));
        return (p, p);
    }

    private (Vector3 Position, Vector3 Chart) Neck(float u, float v)
    {
        (float sin, float cos) = MathF.SinCos(2 * MathF.PI * u);
        float radius = shape.NeckRadius * (1 + (0.15f * v * v));
        var p = new Vector3(radius * sin, -0.6f - (1.2f * v), (radius * cos) - 0.12f);
        return (p, p);
    }

    private (Vector3 Position, Vector3 Chart) Shoulders(float u, float v)
    {
        (float sin, float cos) = MathF.SinCos(2 * MathF.PI * u);
        float polar = MathF.PI * v;
        float ring = MathF.Sin(polar);
        var p = new Vector3((1.15f + shape.NeckRadius) * ring * sin, -1.98f + (0.72f * MathF.Cos(polar)), (0.55f * ring * cos) - 0.2f);
        return (p, p);
    }

    private static void Grid(
        Rasterizer raster, int columns, int rows, Material material, float pixelsPerUnit, Vector2 centre, Matrix4x4 turn,
        Func<float, float, (Vector3 Position, Vector3 Chart)> surface)
    {
        var points = new (Vector3 Position, Vector3 Chart)[rows * columns]; // [rows, columns]
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                points[(r * columns) + c] = surface(c / (columns - 1f), r / (rows - 1f));
            }
        }

        var vertices = new Vertex[points.Length]; // [rows, columns]
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                int above = Math.Min(rows - 1, r + 1);
                int below = Math.Max(0, r - 1);
                int east = c == columns - 1 ? 1 : c + 1;
                int west = c == 0 ? columns - 2 : c - 1;
                Vector3 p = points[(r * columns) + c].Position;
                Vector3 alongColumns = points[(r * columns) + east].Position - points[(r * columns) + west].Position;
                Vector3 alongRows = points[(above * columns) + c].Position - points[(below * columns) + c].Position;
                Vector3 normal = Vector3.Cross(alongColumns, alongRows);

                // At a pole the ring has no extent; the axis is the normal there.
                normal = normal.LengthSquared() > 1e-12f ? Vector3.Normalize(normal) : new Vector3(0, MathF.Sign(p.Y), 0);
                vertices[(r * columns) + c] = new Vertex(
                    Vector3.Transform(p, turn), Vector3.TransformNormal(normal, turn), points[(r * columns) + c].Chart);
            }
        }

        raster.Draw(vertices, columns, material, pixelsPerUnit, centre);
    }

    /// <summary>A Gaussian bump, cut off where it is below one in 8000.</summary>
    internal static float Bump(float distance, float width)
    {
        float t = distance / width;
        return Math.Abs(t) > 3 ? 0 : MathF.Exp(-t * t);
    }

    /// <summary>Smooth Hermite step from 0 at <paramref name="from"/> to 1 at <paramref name="to"/>, in either order.</summary>
    internal static float Smooth(float from, float to, float x)
    {
        float t = Math.Clamp((x - from) / (to - from), 0, 1);
        return t * t * (3 - (2 * t));
    }
}
