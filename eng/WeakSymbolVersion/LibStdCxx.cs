using System.Runtime.InteropServices;
using System.Text;

namespace CrossModalVae.Eng;

/// <summary>The C++ runtime library that programs of this machine load.</summary>
internal static class LibStdCxx
{
    /// <summary>The version that the genuine libLibTorchSharp.so (TorchSharp 0.107) requires, gcc 13's.</summary>
    public const string NeededVersion = "GLIBCXX_3.4.32";

    private const string Name = "libstdc++.so.6";

    /// <summary>Whether this machine's library has a symbol version; null where it has no such library.</summary>
    /// <param name="version">Such as GLIBCXX_3.4.32.</param>
    public static bool? Has(string version)
    {
        if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad(Name, out _))
        {
            return null;
        }

        // The loader's own choice: the file that is mapped now.
        string? path = File.ReadLines("/proc/self/maps").Select(line => line[(line.LastIndexOf(' ') + 1)..])
            .FirstOrDefault(file => Path.GetFileName(file).StartsWith("libstdc++.so", StringComparison.Ordinal));
        return path is null ? null : File.ReadAllBytes(path).AsSpan().IndexOf(Encoding.ASCII.GetBytes($"\0{version}\0")) >= 0;
    }
}
