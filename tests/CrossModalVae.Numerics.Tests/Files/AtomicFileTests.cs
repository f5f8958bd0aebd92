using CrossModalVae.Files;

namespace CrossModalVae.Numerics.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10); // where one of several writers fails the others stop too

    private readonly TemporaryFolder _folder = new();

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
    public async Task Write_ManyAtOnce_OneWholeContentIsLeft()
    {
        string path = _folder["a.txt"];
        string[] contents = [.. Enumerable.Range(0, 8).Select(writer => new string((char)('a' + writer), 100_000))];
        using var barrier = new Barrier(contents.Length);

        await Task.WhenAll(contents.Select(content => Task.Factory.StartNew(
            () =>
            {
                Assert.True(barrier.SignalAndWait(LongestWait));
                AtomicFile.Write(path, stream =>
                {
                    byte[] bytes = System.Text.Encoding.ASCII.GetBytes(content);
                    stream.Write(bytes.AsSpan(0, 50_000));
                    Assert.True(barrier.SignalAndWait(LongestWait));
                    stream.Write(bytes.AsSpan(50_000));
                });
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        Assert.Contains(File.ReadAllText(path), contents);
        Assert.Equal([path], Directory.GetFiles(_folder.Root));
    }

    [Fact]
    public void Write_FileOfAnotherWriterOfTheSameProcessNumber_IsLeftAlone()
    {
        // Every container has a process 1; on a share their files lie side by side.
        string path = _folder["a.txt"];
        string theirs = _folder.Write($"a.txt.{Environment.ProcessId}.partial", "half");

        AtomicFile.Write(path, stream =>
        {
            string own = Assert.Single(Directory.GetFiles(_folder.Root), file => file != theirs);
            Assert.StartsWith($"{path}.", own, StringComparison.Ordinal);
            Assert.EndsWith(AtomicFile.PartialSuffix, own, StringComparison.Ordinal);
        });

        Assert.Equal("half", File.ReadAllText(theirs));
        Assert.Equal([path, theirs], Directory.GetFiles(_folder.Root).Order(StringComparer.Ordinal));
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
