using CrossModalVae.Clustering;
using CrossModalVae.Files;
using CrossModalVae.Pipelines.Saving;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace CrossModalVae.Pipelines.Tests.Saving;

/// <summary>A disk that fills while a bundle is saved.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void SaveBundle_DiskFillsAtAnyByte_TheOldFileStays()
    {
        string path = _folder["people.cmvae.zip"];
        IDataView input = _ml.Data.LoadFromEnumerable(
            new[] { 0f, 1, 2, 10, 11, 12 }.Select(x => new PointRow { Features = [x, -x] }));
        ITransformer model = _ml.Clustering.Trainers.Dbscan(options: new DbscanOptions { Eps = 1, MinSamples = 3 }).Fit(input);
        _ml.Model.SaveBundle(model, input.Schema, path);
        byte[] old = File.ReadAllBytes(path);

        for (long room = 0; room < old.Length; room += 61)
        {
            IOException error = Assert.Throws<IOException>(() => AtomicFile.Write(
                path, stream => BundleWriter.Write(_ml.Model, model, input.Schema, new FillingStream(stream, room))));
            Assert.Equal($"{path}: cannot be written: No space left on device", error.Message);
        }

        Assert.Equal(old, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Root));
    }

    [SkippableFact]
    public void SaveBundle_TinyFileSystem_SaysSoAndTheOldFileStays()
    {
        string disk = Directory.CreateDirectory(_folder["disk"]).FullName;
        Skip.IfNot(
            OperatingSystem.IsLinux() && Tool.Succeeds("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk),
            "mounting a file system needs Linux and its administrator.");
        try
        {
            string path = Path.Combine(disk, "people.cmvae.zip");
            IDataView small = _ml.Data.LoadFromEnumerable(new[] { new PointRow { Features = [1, 2] } });
            ITransformer copy = _ml.Transforms.CopyColumns("Copy", "Features").Fit(small);
            _ml.Model.SaveBundle(copy, small.Schema, path);
            byte[] old = File.ReadAllBytes(path);
            IDataView large = _ml.Data.LoadFromEnumerable(
                Enumerable.Range(0, 30_000).Select(i => new PointRow { Features = [(float)Math.Sin(i), (float)Math.Cos(3 * i)] }));
            ITransformer clusters = _ml.Clustering.Trainers.Dbscan().Fit(large);

            string message = Assert.Throws<IOException>(() => _ml.Model.SaveBundle(clusters, large.Schema, path)).Message;

            Assert.StartsWith($"{path}: cannot be written: No space left on device", message, StringComparison.Ordinal);
            Assert.Equal(old, File.ReadAllBytes(path));
            Assert.Equal([path], Directory.GetFiles(disk));
        }
        finally
        {
            Assert.True(Tool.Succeeds("umount", disk), $"{disk} is still mounted");
        }
    }

    private sealed class PointRow
    {
        [VectorType(2)]
        public float[] Features { get; set; } = new float[2];
    }

    /// <summary>A file that takes so many bytes and no more.</summary>
    private sealed class FillingStream(Stream target, long room) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush() => target.Flush();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count)
        {
            room -= count;
            if (room < 0)
            {
                throw new IOException("No space left on device");
            }

            target.Write(buffer, offset, count);
        }
    }
}
