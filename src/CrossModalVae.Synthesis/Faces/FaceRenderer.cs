using System.Numerics;

namespace CrossModalVae.Synthesis.Faces;

/// <summary>Renders a picture of a head: geometry, paint, light, lens and sensor.</summary>
internal static class FaceRenderer
{
    // Half an average head over the frame's width: the crop of a face detector, hair and chin inside.
    private const float HeadShare = 0.39f;
    private const float CentreHeight = 0.49f;

    /// <summary>One frame, [size, size, 3] red, green, blue from the top left; nothing else may use its random stream.</summary>
    public static byte[] Render(FaceTraits traits, FaceConditions conditions, int size, SeededRandom random)
    {
        FaceShape shape = FaceShape.From(traits);
        FaceExpression expression = FaceExpression.Draw(conditions, random);
        float pixelsPerUnit = HeadShare * size * shape.HeadScale * conditions.Zoom;
        var centre = new Vector2((0.5f + conditions.Shift.X) * size, (CentreHeight + conditions.Shift.Y) * size);

        var raster = new Rasterizer(size);
        new HeadModel(shape, expression).Draw(raster, pixelsPerUnit, centre);
        Vector3[] light = Shade(raster, shape, conditions, new SkinPainter(shape, conditions, expression, pixelsPerUnit)); // [size, size]
        Blur(light, size, conditions.Blur);
        return ToPixels(light, conditions.SensorNoise, random);
    }

    private static Vector3[] Shade(Rasterizer raster, FaceShape shape, FaceConditions conditions, SkinPainter painter)
    {
        int size = raster.Size;
        Vector3 half = Vector3.Normalize(conditions.LightDirection + Vector3.UnitZ);
        var picture = new Vector3[size * size]; // [size, size]
        for (int i = 0; i < picture.Length; i++)
        {
            Material material = raster.Materials[i];
            if (material == Material.Background)
            {
                picture[i] = Background(conditions, (i % size) / (float)size, (i / size) / (float)size);
                continue;
            }

            Vector3 normal = Vector3.Normalize(raster.Normals[i]);
            Vector3 chart = raster.Charts[i];
            (Vector3 albedo, float gloss) = material switch
            {
                Material.Skin => painter.Face(chart),
                Material.PlainSkin => (painter.Plain(chart), 0.05f),
                Material.Hair => (Strands(shape, conditions, chart), 0.08f),
                _ => (conditions.Clothes, 0f),
            };

            // Wrapped Lambert: skin and hair let some light past the terminator.
            float facing = Math.Max(0, (Vector3.Dot(normal, conditions.LightDirection) + 0.2f) / 1.2f);
            float mirror = Math.Max(0, Vector3.Dot(normal, half));
            float mirror8 = mirror * mirror * mirror * mirror * mirror * mirror * mirror * mirror;
            float gleam = gloss * mirror8 * mirror8 * mirror8;
            float sky = 0.75f + (0.25f * normal.Y);

            // The chin shades the neck.
            float occlusion = material == Material.PlainSkin && chart.Y < -0.6f ? 0.45f + (0.4f * Math.Clamp(-0.9f - chart.Y, 0, 1)) : 1;
            Vector3 diffuse = albedo * ((conditions.LightColour * facing) + (conditions.AmbientColour * sky));
            picture[i] = occlusion * (diffuse + (conditions.LightColour * gleam));
        }

        return picture;
    }

    private static Vector3 Strands(FaceShape shape, FaceConditions conditions, Vector3 chart)
    {
        float strand = ValueNoise.At(chart.Z * 30, chart.Y * 2.5f, conditions.TextureSeed + 3);
        return shape.Hair * (1 + (0.35f * strand));
    }

    private static Vector3 Background(FaceConditions conditions, float x, float y)
    {
        Vector3 colour = Vector3.Lerp(conditions.BackgroundTop, conditions.BackgroundBottom, y);
        foreach ((Vector2 centre, float radius, Vector3 blob) in conditions.BackgroundBlobs)
        {
            float distance = Vector2.Distance(centre, new Vector2(x, y));
            colour = Vector3.Lerp(colour, blob, HeadModel.Smooth(radius, radius * 0.7f, distance));
        }

        return colour;
    }

    // The lens: (b, 1 - 2b, b) along both axes, which also smooths jagged outlines.
    private static void Blur(Vector3[] picture, int size, float b)
    {
        var line = new Vector3[size];
        for (int y = 0; y < size; y++)
        {
            picture.AsSpan(y * size, size).CopyTo(line);
            for (int x = 0; x < size; x++)
            {
                picture[(y * size) + x] = (b * (line[Math.Max(0, x - 1)] + line[Math.Min(size - 1, x + 1)])) + ((1 - (2 * b)) * line[x]);
            }
        }

        for (int x = 0; x < size; x++)
        {
            for (int y = 0; y < size; y++)
            {
                line[y] = picture[(y * size) + x];
            }

            for (int y = 0; y < size; y++)
            {
                picture[(y * size) + x] = (b * (line[Math.Max(0, y - 1)] + line[Math.Min(size - 1, y + 1)])) + ((1 - (2 * b)) * line[y]);
            }
        }
    }

    private static byte[] ToPixels(Vector3[] picture, float noise, SeededRandom random)
    {
        var pixels = new byte[picture.Length * 3]; // [size, size, 3]
        for (int i = 0; i < picture.Length; i++)
        {
            for (int c = 0; c < 3; c++)
            {
                // Gamma 2; triangular noise of the wanted standard deviation.
                float value = MathF.Sqrt(Math.Clamp(picture[i][c], 0, 1));
                ulong bits = random.NextUInt64();
                float triangle = ((uint)bits * (1f / uint.MaxValue)) - ((uint)(bits >> 32) * (1f / uint.MaxValue));
                pixels[(i * 3) + c] = (byte)Math.Clamp((255 * (value + (noise * 2.449f * triangle))) + 0.5f, 0, 255);
            }
        }

        return pixels;
    }
}
