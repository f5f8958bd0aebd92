using CrossModalVae.Files;

namespace CrossModalVae.Numerics.Tests.Files;

public sealed class AtomicFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Folder => _folder["model"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Replace_FolderExists_HoldsTheNewFilesOnly()
    {
        Fill("old.txt");

        Fill("new.txt");

        Assert.Equal([Path.Combine(Folder, "new.txt")], Directory.GetFiles(Folder));
        Assert.Equal([Folder], Directory.GetFileSystemEntries(_folder.Root));
    }

    [Fact]
    public void Replace_FillingFails_LeavesTheFolderAsItWasAndNothingElse()
    {
        Fill("old.txt");

        var error = Assert.Throws<IOException>(() => AtomicFolder.Replace(Folder, partial =>
        {
            File.WriteAllText(Path.Combine(partial, "half.txt"), "half");
            throw new IOException("No space left on device");
        }));

        Assert.Equal($"{Folder}: cannot be written: No space left on device", error.Message);
        Assert.Equal([Path.Combine(Folder, "old.txt")], Directory.GetFiles(Folder));
        Assert.Equal([Folder], Directory.GetFileSystemEntries(_folder.Root));
    }

    [Fact]
    public void Replace_FillingFailsForAnotherReason_PassesItOnAndLeavesNothing()
    {
        Assert.Throws<InvalidOperationException>(() => AtomicFolder.Replace(Folder, _ => throw new InvalidOperationException("No.")));

        Assert.Empty(Directory.GetFileSystemEntries(_folder.Root));
    }

    [Fact]
    public void Recover_ProcessDiedBetweenTheRenames_PutsTheOldFolderBack()
    {
        Fill("old.txt");
        Directory.Move(Folder, $"{Folder}.old");

        Assert.True(AtomicFolder.Recover(Folder));

        Assert.Equal([Path.Combine(Folder, "old.txt")], Directory.GetFiles(Folder));
        Assert.Equal([Folder], Directory.GetFileSystemEntries(_folder.Root));
    }

    [Fact]
    public void Replace_LeftoversOfAProcessThatDied_AreCleared()
    {
        Fill("old.txt");
        Directory.CreateDirectory($"{Folder}.partial");
        File.WriteAllText(Path.Combine($"{Folder}.partial", "half.txt"), "half");

        Fill("new.txt");

        Assert.Equal([Path.Combine(Folder, "new.txt")], Directory.GetFiles(Folder));
        Assert.Equal([Folder], Directory.GetFileSystemEntries(_folder.Root));
    }

    [Fact]
    public void Recover_NeitherNameExists_IsFalse() => Assert.False(AtomicFolder.Recover(Folder));

    private void Fill(string file) => AtomicFolder.Replace(Folder, partial => File.WriteAllText(Path.Combine(partial, file), file));
}
