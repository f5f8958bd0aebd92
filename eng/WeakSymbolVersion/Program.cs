using CrossModalVae.Eng;

// WeakSymbolVersion LIBRARY COPY: writes a copy that this machine can load, where the library as it is
// cannot be loaded; else removes an old copy.
if (args is not [string library, string copy])
{
    Console.Error.WriteLine("usage: WeakSymbolVersion LIBRARY COPY");
    return 2;
}

byte[] bytes = File.ReadAllBytes(library);
if (LibStdCxx.Has(LibStdCxx.NeededVersion) is not false || !ElfVersionNeeds.MakeWeak(bytes, LibStdCxx.NeededVersion))
{
    File.Delete(copy);
    return 0;
}

if (File.Exists(copy) && File.ReadAllBytes(copy).AsSpan().SequenceEqual(bytes))
{
    return 0; // as an earlier build left it: nothing to copy again
}

string partial = copy + ".partial";
File.WriteAllBytes(partial, bytes);
File.Move(partial, copy, overwrite: true);
Console.WriteLine(
    $"{Path.GetFileName(library)} requires {LibStdCxx.NeededVersion}, which this machine's libstdc++ lacks: "
    + "the output's copy has that requirement marked weak.");
return 0;
