using System.Runtime.InteropServices;
using CrossModalVae.Encoders;
using CrossModalVae.Faces;
using CrossModalVae.Onnx;
using CrossModalVae.Recipes;
using CrossModalVae.Scoring.Encoders;

namespace CrossModalVae.Scoring.Tests.Encoders;

/// <summary>The face network of the npm package @vladmandic/face-api against the package's own JavaScript.</summary>
public sealed class FaceApiTests : IDisposable
{
    // Both compute in single precision, in other orders; descriptors have a norm of about 1.4.
    private const float Tolerance = 1e-3f;

    private const string Script = """
        import fs from 'node:fs';
        globalThis.window = { document: { createElement: () => ({}) } }; // the bundle's plain JavaScript instead of node's add-ons
        const [, , folder, input, output] = process.argv;
        const faceapi = await import(`${folder}/dist/face-api.esm.js`);
        const tf = faceapi.tf;
        await tf.setBackend('cpu');
        await tf.ready();
        const bytes = name => { const b = fs.readFileSync(name); return b.buffer.slice(b.byteOffset, b.byteOffset + b.byteLength); };
        const load = tf.io.weightsLoaderFactory(async names => names.map(bytes));
        const manifest = name => JSON.parse(fs.readFileSync(`${folder}/model/${name}-weights_manifest.json`));
        const { faceRecognitionNet, ageGenderNet } = faceapi.nets;
        faceRecognitionNet.loadFromWeightMap(await load(manifest('face_recognition_model'), `${folder}/model/`));
        ageGenderNet.loadFromWeightMap(await load(manifest('age_gender_model'), `${folder}/model/`));
        const scale = 150 / 112, triangle = [...Array(112).keys()].map(o => { // the front end's resize
          const w = [...Array(150).keys()].map(i => Math.max(0, 1 - Math.abs(i + 0.5 - (o + 0.5) * scale) / scale));
          const sum = w.reduce((a, b) => a + b);
          return w.map(value => value / sum);
        });
        const filter = tf.tensor2d(triangle);
        const pictures = new Float32Array(bytes(input)), length = 150 * 150 * 3, all = [];
        for (let at = 0; at < pictures.length; at += length) {
          const picture = tf.tensor4d(pictures.slice(at, at + length), [1, 150, 150, 3]);
          all.push(...await (await faceRecognitionNet.forward(picture)).data());
          const planes = picture.squeeze().transpose([2, 0, 1]);
          const small = tf.stack(tf.unstack(planes).map(p => filter.matMul(p).matMul(filter, false, true)), 2).expandDims();
          const { age, gender } = ageGenderNet.runNet(await faceapi.toNetInput(small));
          const odds = await gender.data();
          all.push((await age.data())[0], odds[0] - odds[1]);
        }
        fs.writeFileSync(output, Buffer.from(new Float32Array(all).buffer));
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData(FaceApiNetworks.Recognition, 0, 128)]
    [InlineData(FaceApiNetworks.AgeGender, 128, 2)]
    [InlineData(FaceApiNetworks.Both, 0, 130)]
    [Trait("Category", "Slow")] // takes the package from npm's registry
    public void Import_Package_GivesTheVectorsOfItsJavaScript(FaceApiNetworks networks, int first, int count)
    {
        string package = Install();
        FaceApiImporter.Import(package, _folder["face.onnx"], networks);
        FaceApiImporter.Import(package, _folder["again.onnx"], networks);
        string[] pictures =
        [
            .. Directory.GetFiles(Fixtures.Grid, "*.jpg", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Where((_, i) => i % 20 == 0),
        ];
        using RecipeEncoders opened = RecipeEncoders.Open(
            new Recipe { Name = "x", Face = new FaceOptions { Encoder = new FaceEncoderOptions { Path = _folder["face.onnx"] } } });
        var encoded = new FaceFrontEnd(opened.Recipe.Face, opened.Encoders.Face);
        var plain = new FaceFrontEnd(
            new FaceOptions { Width = 150, Height = 150, Colour = FaceColour.Rgb, Normalisation = FaceNormalisation.None });

        float[] found = [.. pictures.SelectMany(picture => encoded.Extract([picture]))];
        float[] levels = [.. pictures.SelectMany(picture => ChannelsLast(plain.Extract([picture])))];
        float[] expected = [.. Describe(package, levels).Chunk(130).SelectMany(vector => vector.AsSpan(first, count).ToArray())];

        Assert.Equal(File.ReadAllBytes(_folder["face.onnx"]), File.ReadAllBytes(_folder["again.onnx"]));
        Assert.Equal("MIT", opened.Recipe.Face.Encoder!.Licence);
        Assert.True(pictures.Length >= 4, $"only {pictures.Length} pictures");
        Assert.Equal(count * pictures.Length, expected.Length);
        Assert.InRange(expected.Zip(found, (a, b) => Math.Abs(a - b) / Math.Max(1, Math.Abs(a))).Max(), 0, Tolerance); // years, too
        Assert.InRange(expected.Take(count).Sum(value => value * value), 1, double.MaxValue); // and it is no vector of zeros
        if (Python.Has("onnx"))
        {
            Python.Run("import onnx, sys; onnx.checker.check_model(onnx.load(sys.argv[1]), full_check=True)", _folder["face.onnx"]);
        }
    }

    [Fact]
    public void Import_AnotherPackage_IsRefused()
    {
        string file = _folder.Write("package.json", """{ "name": "left-pad", "license": "WTFPL" }""");

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => FaceApiImporter.Import(_folder.Root, _folder["f.onnx"]));

        Assert.Equal($"{file}: is of another package; expected @vladmandic/face-api.", error.Message);
    }

    [Theory]
    [InlineData("[8,7,3,32]", 5376, "'conv32_down/conv/filters' is [8, 7, 3, 32]; expected [7, 7, 3, 32], as dlib's network has it.")]
    [InlineData("[7,7,3,32]", 4704, "has no 'conv32_down/conv/bias'; expected [32], as dlib's network has it.")]
    [InlineData("[7,7,3,32]", 4700, "face.bin: has 4700 bytes; expected 4704")]
    public void Import_OtherWeights_AreRefused(string shape, int bytes, string expected)
    {
        _folder.Write("package.json", """{ "name": "@vladmandic/face-api", "license": "MIT" }""");
        _folder.Write(
            "model/face_recognition_model-weights_manifest.json",
            $$"""
            [{ "weights": [{ "name": "conv32_down/conv/filters", "shape": {{shape}}, "dtype": "float32",
            "quantization": { "dtype": "uint8", "scale": 0.5, "min": -1 } }], "paths": ["face.bin"] }]
            """);
        _folder.Write("model/face.bin", new byte[bytes]);

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => FaceApiImporter.Import(_folder.Root, _folder["f.onnx"]));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["f.onnx"]));
    }

    private string Install()
    {
        Skip.IfNot(Tool.Succeeds("node", "--version") && Tool.Succeeds("npm", "--version"), "node and npm are not here.");
        bool isInstalled = Tool.Succeeds(
            "npm", "install", "--prefix", _folder.Root, "--no-audit", "--no-fund", "--ignore-scripts", "@vladmandic/face-api@1.7.15");
        Skip.IfNot(isInstalled, "npm cannot install @vladmandic/face-api: its registry is not reachable.");
        return _folder["node_modules/@vladmandic/face-api"];
    }

    private float[] Describe(string package, float[] levels)
    {
        string script = _folder.Write("describe.mjs", Script);
        string input = _folder.Write("input", MemoryMarshal.AsBytes<float>(levels).ToArray());
        Assert.True(Tool.Succeeds("node", script, package, input, _folder["output"]), "the package's JavaScript failed");
        return MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(_folder["output"])).ToArray();
    }

    // [3, height, width] of 0 to 1 to [height, width, 3] of 0 to 255.
    private static IEnumerable<float> ChannelsLast(float[] planes)
    {
        int pixels = planes.Length / 3;
        return Enumerable.Range(0, planes.Length).Select(i => 255 * planes[(i % 3 * pixels) + (i / 3)]);
    }
}
