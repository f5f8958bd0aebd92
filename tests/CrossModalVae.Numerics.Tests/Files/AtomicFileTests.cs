using CrossModalVae.Files;

namespace CrossModalVae.Numerics.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_WhileWriting_TheFinalNameKeepsItsOldContent()
    {
        string path = _folder.Write("a.txt", "old");

        AtomicFile.Write(path, stream =>
        {
            stream.Write("new"u8);
            stream.Flush();
            Assert.Equal("old", File.ReadAllText(path));
        });

        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Root));
    }

    [Fact]
    public void Write_FailureHalfway_LeavesTheOldContentAndNoPartialFile()
    {
        string path = _folder.Write("a.txt", "old");

        var full = Assert.Throws<IOException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write("half"u8);
            throw new IOException("No space left on device");
        }));
        Assert.Throws<OperationCanceledException>(() => AtomicFile.Write(path, _ => throw new OperationCanceledException()));

        Assert.Equal($"{path}: cannot be written: No space left on device", full.Message);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Root));
    }

    [Fact]
    public void Write_FolderThatIsAFile_NamesThePath()
    {
        string path = Path.Combine(_folder.Write("file", "x"), "inside.txt");

        var e = Assert.Throws<IOException>(() => AtomicFile.WriteAllText(path, "x"));

        Assert.StartsWith($"{path}: cannot be written: ", e.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public void Write_ReadOnlyFolder_NamesThePathAndLeavesNothing()
    {
        Skip.If(OperatingSystem.IsWindows(), "folders have no mode there");
        string folder = _folder["locked"];
        Directory.CreateDirectory(folder);
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            Skip.If(CanWrite(Path.Combine(folder, "probe")), "this user writes everywhere");
            string path = Path.Combine(folder, "a.txt");

            var e = Assert.Throws<IOException>(() => AtomicFile.WriteAllText(path, "x"));

            Assert.StartsWith($"{path}: cannot be written: ", e.Message, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFiles(folder));
        }
        finally
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static bool CanWrite(string path)
    {
        try
        {
            File.WriteAllText(path, "x");
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }
}
