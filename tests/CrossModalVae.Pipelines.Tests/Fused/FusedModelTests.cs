using System.Runtime.InteropServices;
using CrossModalVae.Audio;
using CrossModalVae.Corpora;
using CrossModalVae.Embeddings;
using CrossModalVae.Faces;
using CrossModalVae.Features;
using CrossModalVae.Models;
using CrossModalVae.Onnx.Fused;
using CrossModalVae.Recipes;
using CrossModalVae.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Pipelines.Tests.Fused;

/// <summary>Fused graphs on real clips in runtimes without this library, against the bundle's front ends and scoring.</summary>
public sealed class FusedModelTests : IDisposable
{
    private const float Tolerance = 1e-4f; // as the exporter demands, relative above 1

    private const string Script = """
        import fs from 'node:fs';
        const [, , folder, modelFile, input, output] = process.argv;
        const ort = await import(`${folder}/node_modules/onnxruntime-web/dist/ort.node.min.mjs`);
        ort.env.wasm.numThreads = 1;
        ort.env.logLevel = 'error';
        const session = await ort.InferenceSession.create(modelFile);
        const { tensors } = JSON.parse(fs.readFileSync(input));
        const all = [];
        for (const { name, type, dims, file } of tensors) {
          const bytes = fs.readFileSync(file);
          const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
          const data = type === 'uint8' ? new Uint8Array(buffer) : new Float32Array(buffer);
          const found = await session.run({ [name]: new ort.Tensor(type, data, dims) });
          all.push(...found[`${name.split('_')[0]}_mean`].data);
        }
        fs.writeFileSync(output, Buffer.from(new Float32Array(all).buffer));
        """;

    private static readonly Dictionary<string, Recipe> Recipes = new()
    {
        ["demo"] = ModelFolders.Recipe() with
        {
            Voice = new VoiceOptions
            {
                TwoSided = false,
                Compression = SpectrumCompression.Log,
                Pooling = TimePooling.MeanAndDeviation,
            },
            Face = new FaceOptions { Colour = FaceColour.Rgb },
        },
        ["log-mel"] = ModelFolders.Recipe() with
        {
            Voice = VoicePresets.LogMel64 with { DurationSeconds = 6, Pooling = TimePooling.MeanAndDeviation },
            Face = new FaceOptions
            {
                Width = 32,
                Height = 32,
                Colour = FaceColour.Rgb,
                Normalisation = FaceNormalisation.Clip,
                CenterShare = 0.8,
            },
        },
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("demo", Modality.Voice)]
    [InlineData("demo", Modality.Face)]
    [InlineData("log-mel", Modality.Voice)]
    [InlineData("log-mel", Modality.Face)]
    public void ApplyOnnxModel_RealClips_ScoresAsTheBundle(string name, Modality modality)
    {
        (string graph, EmbeddingSet expected, Input[] inputs) = Prepare(name, modality);
        var ml = new MLContext(1);
        var found = new List<float>();

        foreach (Input input in inputs)
        {
            found.AddRange(modality == Modality.Voice
                ? Apply<float>(ml, graph, modality, input, NumberDataViewType.Single)
                : Apply<byte>(ml, graph, modality, input, NumberDataViewType.Byte));
        }

        RequireSame(expected, found);
    }

    [SkippableTheory]
    [InlineData("demo", Modality.Voice)]
    [InlineData("log-mel", Modality.Voice)]
    [InlineData("log-mel", Modality.Face)]
    [Trait("Category", "Slow")] // takes the package from npm's registry
    public void OnnxRuntimeWeb_RealClips_ScoresAsTheBundle(string name, Modality modality)
    {
        Skip.IfNot(Tool.Succeeds("node", "--version") && Tool.Succeeds("npm", "--version"), "node and npm are not here.");
        bool isInstalled = Tool.Succeeds(
            "npm", "install", "--prefix", _folder.Root, "--no-audit", "--no-fund", "--ignore-scripts", "onnxruntime-web@1.22.0");
        Skip.IfNot(isInstalled, "npm cannot install onnxruntime-web: its registry is not reachable.");
        (string graph, EmbeddingSet expected, Input[] inputs) = Prepare(name, modality);
        string tensors = string.Join(',', inputs.Select((input, i) =>
            $$"""
            { "name": "{{NameOf(modality)}}", "type": "{{(modality == Modality.Voice ? "float32" : "uint8")}}",
              "dims": [{{string.Join(',', input.Shape)}}], "file": "{{_folder.Write($"{i}.bin", input.Bytes)}}" }
            """));
        string list = _folder.Write("tensors.json", $$"""{ "tensors": [{{tensors}}] }""");

        Assert.True(
            Tool.Succeeds("node", _folder.Write("score.mjs", Script), _folder.Root, graph, list, _folder["output"]),
            "the JavaScript failed");

        RequireSame(expected, MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(_folder["output"])).ToArray());
    }

    // A clip's row of numbers and its shape, the batch of 1 included.
    private sealed record Input(byte[] Bytes, int[] Shape);

    private sealed class Row<T>
    {
        public T[] X { get; set; } = [];
    }

    // The bundle scores the first picture of every clip, as the graph does.
    private (string Graph, EmbeddingSet Expected, Input[] Inputs) Prepare(string name, Modality modality)
    {
        Recipe recipe = FusedFolder.Measured(Recipes[name], FrozenEncoders.None);
        ModelFolders.Write(_folder["model"], recipe);
        FusedGraphs graphs = FusedFolder.Graphs(recipe);
        string graph = _folder.Write(OnnxContract.FusedFile(modality), modality == Modality.Voice ? graphs.Voice : graphs.Face);
        Manifest whole = ManifestReader.Read(TestFiles.GridManifest);
        Manifest manifest = whole.With(
            [.. whole.Clips.Where((_, i) => i % 2 == 0).Select(clip => clip with { Faces = [clip.Faces[0]] })]);
        using ScoringModel bundle = ScoringModel.Load(_folder["model"]);
        return (graph, bundle.Embed(manifest, modality), [.. manifest.Clips.Select(Read)]);

        Input Read(Clip clip)
        {
            if (modality == Modality.Voice)
            {
                AudioClip sound = WavFile.Read(manifest.VoicePath(clip)!);
                return new Input(MemoryMarshal.AsBytes(sound.Samples.Span).ToArray(), [1, sound.Samples.Length]);
            }

            FaceImage picture = FaceImage.Load(manifest.FacePaths(clip)[0]);
            return new Input(picture.Pixels.ToArray(), [1, picture.Height, picture.Width, 3]);
        }
    }

    private static float[] Apply<T>(MLContext ml, string graph, Modality modality, Input input, PrimitiveDataViewType type)
        where T : unmanaged
    {
        string name = NameOf(modality), mean = OnnxContract.Mean(modality);
        T[] values = MemoryMarshal.Cast<byte, T>(input.Bytes).ToArray();
        var definition = SchemaDefinition.Create(typeof(Row<T>));
        definition[nameof(Row<T>.X)].ColumnType = new VectorDataViewType(type, values.Length);
        definition[nameof(Row<T>.X)].ColumnName = name;
        IDataView view = ml.Data.LoadFromEnumerable([new Row<T> { X = values }], definition);
        using var model = ml.Transforms.ApplyOnnxModel(
            [mean, OnnxContract.LogVariance(modality)],
            [name],
            graph,
            new Dictionary<string, int[]> { [name] = input.Shape },
            gpuDeviceId: null,
            fallbackToCpu: false).Fit(view);
        IDataView scored = model.Transform(view);
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema[mean]]);
        VBuffer<float> row = default;
        Assert.True(cursor.MoveNext());
        cursor.GetGetter<VBuffer<float>>(scored.Schema[mean])(ref row);
        return [.. row.DenseValues()];
    }

    private static void RequireSame(EmbeddingSet expected, IReadOnlyList<float> found)
    {
        Assert.Equal(14 * ModelFolders.LatentDimension, found.Count);
        Assert.Equal(expected.Values.Length, found.Count);
        Assert.InRange(expected.Values.Zip(found, (a, b) => Math.Abs(a - b) / Math.Max(1, Math.Abs(a))).Max(), 0, Tolerance);
        Assert.InRange(expected.Values.Max() - expected.Values.Min(), 0.5f, float.MaxValue); // and they differ among each other
    }

    private static string NameOf(Modality modality) =>
        modality == Modality.Voice ? OnnxContract.VoiceSamples : OnnxContract.FacePixels;
}
