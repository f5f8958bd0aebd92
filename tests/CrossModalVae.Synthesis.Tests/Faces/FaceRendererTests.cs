using System.Numerics;
using CrossModalVae.Numerics;
using CrossModalVae.Synthesis.Faces;

namespace CrossModalVae.Synthesis.Tests.Faces;

public class FaceRendererTests
{
    private const int Size = 128;
    private const float PixelsPerUnit = 48;

    private static readonly FaceExpression Still = new(Vector3.Zero, 0, 0, 1, Vector2.Zero, 0);

    [Fact]
    public void Render_SameFrame_IsTheSamePicture()
    {
        byte[] first = Render(People.Shared(), 5);

        Assert.Equal(Size * Size * 3, first.Length);
        Assert.Equal(first, Render(People.Shared(), 5));
        Assert.NotEqual(first, Render(People.Shared(), 6));
    }

    [Fact]
    public void Render_ExtremeTraits_FillsThePicture()
    {
        foreach (double z in new[] { -4.5, 4.5 })
        {
            var face = new FaceTraits(People.Shared(Sex.Male, z, z, z, z), z, z, z, z, 1, 1, 1, 1, 1);
            byte[] pixels = FaceRenderer.Render(face, FaceConditions.Draw(new SeededRandom(3)), Size, new SeededRandom(4));

            Assert.True(pixels.Distinct().Count() > 100);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Render_OriginTowardsTheDarkEnd_IsDarker(bool isMale)
    {
        Sex sex = isMale ? Sex.Male : Sex.Female;
        double fair = FaceBrightness(People.Shared(sex, origin: -1.5));
        double dark = FaceBrightness(People.Shared(sex, origin: 1.5));

        Assert.True(dark < fair - 30, $"dark {dark}, fair {fair}");
    }

    [Fact]
    public void Render_HeavierPeople_HaveWiderJaws()
    {
        int light = WidthAt(People.Shared(build: -2), -0.6f);
        int heavy = WidthAt(People.Shared(build: 2), -0.6f);

        Assert.True(heavy >= light + 5, $"heavy {heavy} pixels, light {light}");
    }

    [Fact]
    public void Render_Men_HaveWiderJawsThanWomen()
    {
        Assert.True(WidthAt(People.Shared(Sex.Male), -0.75f) >= WidthAt(People.Shared(Sex.Female), -0.75f) + 3);
    }

    [Fact]
    public void Render_BiggerPeople_HaveLongerFaces()
    {
        FaceShape small = FaceShape.From(People.Face(People.Shared(size: -2)));
        FaceShape big = FaceShape.From(People.Face(People.Shared(size: 2)));

        Assert.True(big.HalfHeight / big.HalfWidth > small.HalfHeight / small.HalfWidth);
        Assert.True(big.EyeSize < small.EyeSize);
        Assert.True(big.HeadScale > small.HeadScale);
    }

    [Fact]
    public void Render_OlderPeople_HaveLinedForeheads()
    {
        double young = Roughness(People.Shared(age: -1.5));
        double old = Roughness(People.Shared(age: 2));

        Assert.True(old > 1.5 * young, $"old {old}, young {young}");
    }

    [Fact]
    public void From_OldPeople_AreGrey()
    {
        Vector3 young = FaceShape.From(People.Face(People.Shared(age: -1))).Hair;
        Vector3 old = FaceShape.From(People.Face(People.Shared(age: 2))).Hair;

        Assert.True(old.X - old.Z < young.X - young.Z);
        Assert.True(old.Length() > young.Length());
    }

    [Fact]
    public void From_Women_HaveNoBeard()
    {
        Assert.Equal(0, FaceShape.From(People.Face(People.Shared(Sex.Female), beard: 1)).Beard);
        Assert.True(FaceShape.From(People.Face(People.Shared(Sex.Male), beard: 1)).Beard > 0.8f);
    }

    [Fact]
    public void Draw_OneTriangle_CoversItsPixelsAndInterpolates()
    {
        var raster = new Rasterizer(8);
        Vertex[] square =
        [
            new(new Vector3(-2, -2, 0), Vector3.UnitZ, new Vector3(0, 0, 0)),
            new(new Vector3(2, -2, 0), Vector3.UnitZ, new Vector3(1, 0, 0)),
            new(new Vector3(-2, 2, 0), Vector3.UnitZ, new Vector3(0, 1, 0)), new(new Vector3(2, 2, 0), Vector3.UnitZ, new Vector3(1, 1, 0)),
        ];

        raster.Draw(square, 2, Material.Skin, 1, new Vector2(4, 4));

        Assert.Equal(25, raster.Materials.Count(m => m == Material.Skin));
        Vector3 middle = raster.Charts[(4 * 8) + 4];
        Assert.Equal(0.5f, middle.X, 1e-6f);
        Assert.Equal(0.5f, middle.Y, 1e-6f);
    }

    [Fact]
    public void Draw_NearerSurface_WinsWhicheverCameFirst()
    {
        foreach (bool nearFirst in new[] { true, false })
        {
            var raster = new Rasterizer(8);
            foreach (bool near in new[] { nearFirst, !nearFirst })
            {
                float z = near ? 1 : 0;
                Vertex[] square =
                [
                    .. new[] { (-2f, -2f), (2f, -2f), (-2f, 2f), (2f, 2f) }.Select(c =>
                        new Vertex(new Vector3(c.Item1, c.Item2, z), Vector3.UnitZ, Vector3.Zero)),
                ];
                raster.Draw(square, 2, near ? Material.Hair : Material.Skin, 1, new Vector2(4, 4));
            }

            Assert.Equal(Material.Hair, raster.Materials[(4 * 8) + 4]);
        }
    }

    private static byte[] Render(SharedTraits shared, int seed) =>
        FaceRenderer.Render(People.Face(shared), FaceConditions.Draw(new SeededRandom(seed)), Size, new SeededRandom(seed + 1));

    // Mean grey of the middle of the face over clips of different light, the same ones for all faces.
    private static double FaceBrightness(SharedTraits shared) => Enumerable.Range(0, 8).Average(seed =>
    {
        byte[] pixels = Render(shared, 10 * seed);
        return Square(pixels, 54, 52, 20).Average();
    });

    // Vertical differences over the forehead, where the light changes slowly.
    private static double Roughness(SharedTraits shared)
    {
        FaceConditions conditions = FaceConditions.Draw(new SeededRandom(8)) with
        {
            Pose = Vector3.Zero,
            SensorNoise = 0,
            Blur = 0.05f,
            Shift = Vector2.Zero,
            Zoom = 1,
        };
        byte[] pixels = FaceRenderer.Render(People.Face(shared, hairLength: 0.2), conditions, Size, new SeededRandom(9));
        double[] patch = [.. Square(pixels, 58, 40, 12)];
        return Enumerable.Range(0, 11 * 12).Average(i => Math.Abs(patch[i + 12] - patch[i]));
    }

    private static IEnumerable<double> Square(byte[] pixels, int left, int top, int side) =>
        from y in Enumerable.Range(top, side)
        from x in Enumerable.Range(left, side)
        let p = ((y * Size) + x) * 3
        select (pixels[p] + pixels[p + 1] + pixels[p + 2]) / 3.0;

    private static int WidthAt(SharedTraits shared, float height)
    {
        FaceShape shape = FaceShape.From(People.Face(shared));
        var raster = new Rasterizer(Size);
        new HeadModel(shape, Still).Draw(raster, PixelsPerUnit, new Vector2(Size / 2, Size / 2));
        int row = (int)((Size / 2) - (height * shape.HalfHeight * PixelsPerUnit));
        return Enumerable.Range(row * Size, Size).Count(i => raster.Materials[i] == Material.Skin);
    }
}
