using System.Numerics;

namespace CrossModalVae.Synthesis.Faces;

/// <summary>The linear albedo of a point of the face by its chart position: eyes, brows, lips, beard, lines, blotches.</summary>
internal sealed class SkinPainter(FaceShape shape, FaceConditions conditions, FaceExpression expression, float pixelsPerUnit)
{
    private static readonly Vector3 Sclera = new(0.75f, 0.72f, 0.70f);
    private static readonly Vector3 Pupil = new(0.01f, 0.01f, 0.01f);
    private static readonly Vector3 Teeth = new(0.75f, 0.72f, 0.64f);
    private static readonly Vector3 Throat = new(0.06f, 0.015f, 0.015f);

    // Half a pixel of blending at every edge that is painted.
    private readonly float _edge = 0.9f / pixelsPerUnit;
    private readonly Vector3 _lip = Vector3.Lerp(shape.Skin * new Vector3(0.86f, 0.52f, 0.52f), new Vector3(0.35f, 0.1f, 0.1f), 0.25f);

    /// <summary>Albedo and gloss of a point on the head.</summary>
    public (Vector3 Albedo, float Gloss) Face(Vector3 chart)
    {
        float x = chart.X;
        float y = chart.Y;
        Vector3 skin = Plain(chart);
        if (chart.Z < -0.05f)
        {
            return (skin, 0.1f);
        }

        float ax = Math.Abs(x);
        skin *= 1 - Lines(x, ax, y);
        skin = Vector3.Lerp(
            skin, skin * new Vector3(1.05f, 0.80f, 0.78f), 0.6f * HeadModel.Bump(ax - 0.36f, 0.14f) * HeadModel.Bump(y + 0.27f, 0.14f));
        skin = Beard(skin, x, ax, y);
        skin *= 1
            - (0.55f * HeadModel.Bump(ax - (0.55f * shape.NoseWidth), 0.035f) * HeadModel.Bump(y - HeadModel.NoseTipHeight + 0.07f, 0.03f));
        skin = Brow(skin, ax, y);
        (skin, float wet) = Eye(skin, x, ax, y);
        (skin, float lipGloss) = Mouth(skin, x, ax, y);
        return (skin, 0.12f + wet + lipGloss);
    }

    /// <summary>The albedo of bare skin: ears, neck, and under everything else.</summary>
    public Vector3 Plain(Vector3 chart)
    {
        float coarse = ValueNoise.At(chart.X * 5, chart.Y * 5, conditions.TextureSeed);
        float fine = ValueNoise.At(chart.X * 24, chart.Y * 24, conditions.TextureSeed + 1);
        return shape.Skin * (1 + ((0.05f + (0.07f * shape.Wrinkles)) * coarse) + ((0.03f + (0.10f * shape.Wrinkles)) * fine));
    }

    // Forehead, crow's feet, bags under the eyes, folds from nose to mouth.
    private float Lines(float x, float ax, float y)
    {
        float forehead = HeadModel.Smooth(0.30f, 0.36f, y) * HeadModel.Smooth(0.66f, 0.58f, y) * HeadModel.Smooth(0.5f, 0.3f, ax)
            * Math.Max(0, MathF.Sin((46 * y) + (1.5f * MathF.Cos(4 * x))));
        float feet = HeadModel.Bump(ax - shape.EyeDistance - 0.21f, 0.06f)
            * HeadModel.Bump(y - HeadModel.EyeHeight, 0.09f)
            * Math.Max(0, MathF.Sin(70 * y));
        float bag = HeadModel.Bump(y - HeadModel.EyeHeight + 0.125f - (0.8f * (ax - shape.EyeDistance) * (ax - shape.EyeDistance)), 0.022f)
            * HeadModel.Bump(ax - shape.EyeDistance, 0.12f);
        float fold = HeadModel.Bump(ax - (0.215f - (0.32f * (y + 0.35f))), 0.022f) * HeadModel.Bump(y + 0.45f, 0.15f);
        float neckside = HeadModel.Bump(ax - 0.33f, 0.03f) * HeadModel.Bump(y + 0.74f, 0.12f);
        return shape.Wrinkles * ((0.30f * forehead) + (0.30f * feet) + (0.35f * bag) + (0.40f * fold) + (0.25f * neckside));
    }

    private Vector3 Beard(Vector3 skin, float x, float ax, float y)
    {
        if (shape.Beard <= 0)
        {
            return skin;
        }

        float jaw = HeadModel.Smooth(-0.40f, -0.60f, y) * HeadModel.Smooth(0.16f, 0.26f, ax + Math.Max(0, -0.68f - y) * 2);
        float side = HeadModel.Smooth(0.44f, 0.54f, ax) * HeadModel.Smooth(0.05f, -0.25f, y);
        float moustache = HeadModel.Bump(y + 0.45f, 0.045f) * HeadModel.Smooth(0.3f, 0.2f, ax);
        float hair = Math.Clamp(Math.Max(Math.Max(jaw, side), moustache), 0, 1);
        float grain = 0.75f + (0.35f * ValueNoise.At(x * 40, y * 40, conditions.TextureSeed + 2));
        return Vector3.Lerp(skin, shape.Hair * 0.9f, Math.Clamp(shape.Beard * hair * grain, 0, 0.95f));
    }

    private Vector3 Brow(Vector3 skin, float ax, float y)
    {
        float dx = (ax - shape.EyeDistance) / (1.45f * shape.EyeSize);
        float arc = HeadModel.EyeHeight + 0.165f + expression.BrowRaise - (0.045f * dx * dx) + (0.015f * dx) - (0.35f * shape.BrowRidge);
        float thickness = shape.BrowThickness * (1 - (0.35f * Math.Clamp(dx, -1, 1)));
        float cover =
            HeadModel.Smooth(thickness + _edge, thickness - _edge, Math.Abs(y - arc)) * HeadModel.Smooth(1.15f, 0.85f, Math.Abs(dx));
        return Vector3.Lerp(skin, shape.Hair * 0.7f, 0.8f * cover);
    }

    private (Vector3 Colour, float Gloss) Eye(Vector3 skin, float x, float ax, float y)
    {
        float a = shape.EyeSize;
        float dx = (ax - shape.EyeDistance) / a;
        float dy = y - HeadModel.EyeHeight - (0.02f * dx);
        if (Math.Abs(dx) > 1.4f || Math.Abs(dy) > 1.2f * a)
        {
            return (skin, 0);
        }

        // An almond: two parabolas between the corners.
        float almond = Math.Max(0, 1 - (dx * dx));
        float upper = 0.52f * a * almond * expression.EyesOpen;
        float lower = -0.40f * a * almond * (0.6f + (0.4f * expression.EyesOpen));
        float inside = HeadModel.Smooth(upper + _edge, upper - _edge, dy) * HeadModel.Smooth(lower - _edge, lower + _edge, dy)
            * HeadModel.Smooth(1.0f, 0.9f, Math.Abs(dx));

        float side = MathF.Sign(x);
        float ix = ((ax - shape.EyeDistance) * side) - (expression.Gaze.X * a);
        float iy = dy - (expression.Gaze.Y * a) - (0.04f * a);
        float r = MathF.Sqrt((ix * ix) + (iy * iy)) / a;
        float edge = _edge / a;
        Vector3 eye = Vector3.Lerp(Sclera, shape.Iris, HeadModel.Smooth(0.47f + edge, 0.47f - edge, r));
        eye = Vector3.Lerp(eye, Pupil, HeadModel.Smooth(0.20f + edge, 0.20f - edge, r));
        eye *= 0.55f + (0.45f * HeadModel.Smooth(upper, upper - (0.25f * a), dy));

        Vector3 colour = Vector3.Lerp(skin, eye, inside);
        float lash = HeadModel.Bump(dy - upper, 0.10f * a) * HeadModel.Smooth(1.15f, 0.95f, Math.Abs(dx));
        float crease = HeadModel.Bump(dy - (0.80f * a * (0.4f + (0.6f * almond))), 0.10f * a) * HeadModel.Smooth(1.2f, 0.9f, Math.Abs(dx));
        colour *= 1 - Math.Min(0.9f, (0.75f * lash) + (0.3f * crease));
        return (colour, 0.35f * inside);
    }

    private (Vector3 Colour, float Gloss) Mouth(Vector3 skin, float x, float ax, float y)
    {
        float half = 0.215f + (0.03f * expression.Smile);
        float t = ax / half;
        if (t > 1.25f || Math.Abs(y - HeadModel.MouthHeight) > 0.3f)
        {
            return (skin, 0);
        }

        float along = Math.Max(0, 1 - (t * t));
        float line = HeadModel.MouthHeight + (0.05f * expression.Smile * t * t) - (0.01f * MathF.Cos(9 * x));
        float gap = 0.11f * expression.MouthOpen * along;
        float bow = 1 - (0.25f * HeadModel.Bump(x, 0.03f));
        float top = line + (0.35f * gap) + (0.45f * shape.LipHeight * MathF.Pow(along, 0.7f) * bow);
        float bottom = line - (0.65f * gap) - (0.65f * shape.LipHeight * MathF.Pow(along, 0.6f));
        float lip = HeadModel.Smooth(top + _edge, top - _edge, y)
            * HeadModel.Smooth(bottom - _edge, bottom + _edge, y)
            * HeadModel.Smooth(1.05f, 0.95f, t);
        Vector3 colour = Vector3.Lerp(skin, _lip, 0.85f * lip);

        float open = HeadModel.Smooth(line + (0.35f * gap) + _edge, line + (0.35f * gap) - _edge, y)
            * HeadModel.Smooth(line - (0.65f * gap) - _edge, line - (0.65f * gap) + _edge, y) * HeadModel.Smooth(0, 0.05f, gap);
        float teeth = 0.9f * HeadModel.Smooth(line - (0.1f * gap), line + (0.05f * gap), y) * HeadModel.Smooth(0.03f, 0.07f, gap);
        Vector3 inside = Vector3.Lerp(Throat, Teeth, teeth);
        colour = Vector3.Lerp(colour, inside, open);
        float seam = HeadModel.Bump(y - line, 0.014f) * HeadModel.Smooth(1.15f, 0.95f, t) * (1 - open);
        return (colour * (1 - (0.6f * seam)), 0.1f * lip * (1 - open));
    }
}
