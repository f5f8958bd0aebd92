using System.Runtime.InteropServices;
using System.Text.Json;
using CrossModalVae.Numerics;

namespace CrossModalVae.Cli.Tests.Towers;

/// <summary>The npm package @vladmandic/face-api's files of the recognition network, its weights drawn at random, in "package".</summary>
internal static class FaceApiPackage
{
    public static void Write(TemporaryFolder folder)
    {
        var tensors = new List<(string Name, int[] Shape)>();
        Add("conv32_down", 7, 3, 32);
        foreach ((int before, int width, int blocks) in new[] { (0, 32, 3), (32, 64, 3), (64, 128, 2), (128, 256, 2) })
        {
            if (before > 0)
            {
                AddBlock($"conv{width}_down", before, width);
            }

            for (int block = 1; block <= blocks; block++)
            {
                AddBlock($"conv{width}_{block}", width, width);
            }
        }

        AddBlock("conv256_down_out", 256, 256);
        tensors.Add(("fc", [256, 128]));
        var random = new SeededRandom(7);
        using var bytes = new MemoryStream();
        foreach ((string name, int[] shape) in tensors)
        {
            int count = shape.Aggregate((a, b) => a * b);
            double size = shape.Length == 1 ? 0.1 : Math.Sqrt(1.0 / (count / shape[^1]));
            float middle = name.EndsWith("scale/weights", StringComparison.Ordinal) ? 0.7f : 0f;
            float[] values = [.. Enumerable.Range(0, count).Select(_ => middle + (float)(size * random.NextGaussian()))];
            bytes.Write(MemoryMarshal.AsBytes<float>(values));
        }

        folder.Write("package/package.json", """{ "name": "@vladmandic/face-api", "license": "MIT" }""");
        folder.Write("package/model/face_recognition_model.bin", bytes.ToArray());
        var entries = tensors.Select(tensor => new { name = tensor.Name, shape = tensor.Shape, dtype = "float32" });
        folder.Write(
            "package/model/face_recognition_model-weights_manifest.json",
            JsonSerializer.Serialize(new[] { new { weights = entries, paths = new[] { "face_recognition_model.bin" } } }));

        void AddBlock(string name, int inputs, int outputs)
        {
            Add($"{name}/conv1", 3, inputs, outputs);
            Add($"{name}/conv2", 3, outputs, outputs);
        }

        void Add(string name, int kernel, int inputs, int outputs)
        {
            tensors.Add(($"{name}/conv/filters", [kernel, kernel, inputs, outputs]));
            tensors.Add(($"{name}/conv/bias", [outputs]));
            tensors.Add(($"{name}/scale/weights", [outputs]));
            tensors.Add(($"{name}/scale/biases", [outputs]));
        }
    }
}
