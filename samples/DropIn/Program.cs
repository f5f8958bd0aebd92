using DropIn;

if (args.Length != 2)
{
    Console.Error.WriteLine("usage: DropIn MANIFEST MODEL_FOLDER   e.g. tests/fixtures/grid/manifest.jsonl onnx/demo");
    return 2;
}

DubbingStudio.Run(Path.Combine(AppContext.BaseDirectory, "auditions.tsv"), args[0], args[1], Console.Out);
return 0;
