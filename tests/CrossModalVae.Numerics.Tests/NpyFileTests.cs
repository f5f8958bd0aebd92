using System.Text;

namespace CrossModalVae.Numerics.Tests;

public sealed class NpyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(0, 4)]
    [InlineData(2048, 1025)]
    public void Read_WhatWriteWrote_IsTheSameMatrix(int rows, int columns)
    {
        var random = new SeededRandom(1);
        float[] values = [.. Enumerable.Range(0, rows * columns).Select(_ => (float)random.NextGaussian())];
        string path = _folder["m.npy"];

        NpyFile.Write(path, values, rows, columns);
        (float[] back, int rowCount, int columnCount) = NpyFile.Read(path);

        Assert.Equal((rows, columns), (rowCount, columnCount));
        Assert.Equal(values, back);
        Assert.Equal([path], Directory.GetFiles(_folder.Root));
    }

    [Fact]
    public void Write_SmallMatrix_HasTheBytesOfTheFormat()
    {
        string path = _folder["m.npy"];

        NpyFile.Write(path, new float[] { 1f, 2f }, 1, 2);

        byte[] bytes = File.ReadAllBytes(path);
        Assert.Equal(128 + 8, bytes.Length);
        Assert.Equal([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, 118, 0], bytes[..10]);
        Assert.Equal(
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2), }".PadRight(117) + "\n", Encoding.ASCII.GetString(bytes[10..128]));
        Assert.Equal([0, 0, 0x80, 0x3f, 0, 0, 0, 0x40], bytes[128..]);
    }

    [SkippableFact]
    public void Write_AnyMatrix_HasTheBytesOfNumpySave()
    {
        Tool.Require(Python.Has("numpy"), "Python with numpy");
        string ours = _folder["ours.npy"];
        string theirs = _folder["theirs.npy"];

        NpyFile.Write(ours, new[] { 0.1f, -2f, 3e-20f, 4f, 5f, 6f }, 3, 2);
        Python.Run("import sys, numpy as np; a = np.load(sys.argv[1]); assert a.shape == (3, "
            + "2) and a.dtype == np.float32; np.save(sys.argv[2], a)", ours, theirs);

        Assert.Equal(File.ReadAllBytes(theirs), File.ReadAllBytes(ours));
    }

    [SkippableFact]
    public void Read_Version2OfNumpy_IsRead()
    {
        Tool.Require(Python.Has("numpy"), "Python with numpy");
        string path = _folder["m.npy"];
        Python.Run(
            "import sys, numpy as np; f = open(sys.argv[1], 'wb'); np.lib.format.write_array(f, np.arange(6, "
            + "dtype='<f4').reshape(2, 3), version=(2, 0)); f.close()",
            path);

        (float[] values, int rows, int columns) = NpyFile.Read(path);

        Assert.Equal((2, 3), (rows, columns));
        Assert.Equal([0, 1, 2, 3, 4, 5], values);
    }

    [Theory]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 2), }", "'descr' is '<f8'; expected '<f4', little-endian float32.")]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (1, 2), }", "'descr' is '>f4'; expected '<f4', little-endian float32.")]
    [InlineData("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 2), }", "'fortran_order' is True; expected False, C order.")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "'shape' is (2,); expected two axes, rows and columns.")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999, 2), }",
        "'shape' is (99999999999, 2); expected two axes, rows and columns.")]
    [InlineData("{'descr': '<f4', 'fortran_order': False}",
        "the header has no readable 'shape'; expected 'descr', 'fortran_order' and 'shape'.")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }",
        "has 138 bytes; expected 154, 3 x 2 float32 and the header.")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (0, 2), }",
        "has 138 bytes; expected 130, 0 x 2 float32 and the header.")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 2), }",
        "holds 2147483647 x 2 numbers; expected at most 2147483591: read it in shards.")]
    public void Read_OtherContent_NamesFileFoundAndExpected(string dictionary, string message)
    {
        byte[] header = Encoding.ASCII.GetBytes(dictionary.PadRight(119) + "\n");
        string path = _folder.Write("m.npy", [0x93, .. "NUMPY"u8, 1, 0, 120, 0, .. header, 0, 0, 0, 0, 0, 0, 0, 0]);

        var e = Assert.Throws<InvalidDataException>(() => NpyFile.Read(path));

        Assert.Equal($"{path}: {message}", e.Message);
    }

    [Fact]
    public void Read_NoNpyFile_SaysSo()
    {
        string text = _folder.Write("a.npy", "hello, world");
        string empty = _folder.Write("b.npy", "");
        string version = _folder.Write("c.npy", [0x93, .. "NUMPY"u8, 9, 1]);
        string torn = _folder.Write("d.npy", [0x93, .. "NUMPY"u8, 1, 0, 120, 0, .. "{'descr'"u8]);

        Assert.Equal(
            $"{text}: does not start as a NumPy .npy file does; expected \\x93NUMPY and a version.",
            Assert.Throws<InvalidDataException>(() => NpyFile.Read(text)).Message);
        Assert.Equal(
            $"{empty}: does not start as a NumPy .npy file does; expected \\x93NUMPY and a version.",
            Assert.Throws<InvalidDataException>(() => NpyFile.Read(empty)).Message);
        Assert.Equal(
            $"{version}: is .npy version 9.1; expected 1.0 or 2.0.",
            Assert.Throws<InvalidDataException>(() => NpyFile.Read(version)).Message);
        Assert.Equal(
            $"{torn}: ends within its header; expected a whole .npy file.",
            Assert.Throws<InvalidDataException>(() => NpyFile.Read(torn)).Message);
    }

    [Fact]
    public void Write_SizesThatDoNotFit_AreRefused()
    {
        var e = Assert.Throws<ArgumentException>(() => NpyFile.Write(_folder["m.npy"], new float[5], 2, 3));

        Assert.Equal("'values' has 5 numbers; must have 2 rows x 3 = 6. (Parameter 'values')", e.Message);
    }
}
