using CrossModalVae.Onnx;
using CrossModalVae.Scoring.Encoders;

namespace CrossModalVae.Cli.Verbs;

/// <summary><c>cmvae encoder</c>: pretrained encoders for the front ends of recipes.</summary>
internal static class EncoderVerb
{
    internal static Command Create()
    {
        var import = new Command("import", "Write the networks of other projects as ONNX, for a recipe's voice.encoder or face.encoder.");
        import.Subcommands.Add(CreateFaceApi());
        var command = new Command("encoder", "Pretrained encoders for the front ends of recipes: import one, look into one.");
        command.Subcommands.Add(import);
        command.Subcommands.Add(CreateInfo());
        return command;
    }

    private static Command CreateFaceApi()
    {
        Option<string> package = new("--package")
        {
            Description = "The package's folder, as npm unpacks it: node_modules/@vladmandic/face-api.",
            Required = true,
            HelpName = "DIR",
        };
        Choice<FaceApiNetworks> networks = new(
            "--networks",
            "The recognition network's 128 values, the other network's age and log odds of gender, or both in one vector.",
            FaceApiNetworks.Recognition);
        Output output = Options.Out("The encoder to write (ONNX).", "FILE");
        Option<bool> json = Options.Json();
        var command = new Verb(
            "face-api",
            "Write face networks of the npm package @vladmandic/face-api (MIT; dlib's residual network, 128 values) as ONNX.",
            (
                "after 'npm install @vladmandic/face-api'",
                "cmvae encoder import face-api --package node_modules/@vladmandic/face-api --out face-api.onnx"))
        {
            package, networks, output, json,
        };
        return command.Runs((parsed, _) =>
        {
            string path = parsed.GetValue(output)!;
            FaceApiImporter.Import(parsed.GetValue(package)!, path, networks.ValueOrDefault(parsed));
            Print(parsed, json, path);
        });
    }

    private static Command CreateInfo()
    {
        var file = new Argument<string>("FILE") { Description = "The encoder (ONNX)." };
        Option<bool> json = Options.Json();
        var command = new Verb(
            "info",
            "Show what an encoder takes and gives, its SHA-256, and the layout, licence and source that its metadata names.",
            ("what a recipe has to say of it", "cmvae encoder info face-api.onnx"))
        {
            file, json,
        };
        return command.Runs((parsed, _) => Print(parsed, json, parsed.GetValue(file)!));
    }

    private static void Print(ParseResult parsed, Option<bool> json, string path)
    {
        using EncoderFile encoder = EncoderFile.Open(path);
        var metadata = new SortedDictionary<string, string>(encoder.Metadata.ToDictionary(), StringComparer.Ordinal);
        var result = new
        {
            file = path,
            sha256 = encoder.Sha256,
            inputs = Tensors(encoder.Inputs),
            outputs = Tensors(encoder.Outputs),
            preset = metadata.GetValueOrDefault(EncoderFile.PresetKey),
            metadata,
        };
        parsed.Print(json, () => System.Text.Json.JsonSerializer.Serialize(result) + "\n", writer =>
        {
            writer.WriteLine($"file     {path}");
            writer.WriteLine($"sha256   {encoder.Sha256}");
            Write(writer, "input", encoder.Inputs);
            Write(writer, "output", encoder.Outputs);
            writer.WriteLine($"preset   {result.preset ?? "none in its metadata: the recipe names one, or says how it is fed"}");
            writer.WriteLine($"licence  {metadata.GetValueOrDefault(EncoderFile.LicenceKey, "not stated")}");
            writer.WriteLine($"source   {metadata.GetValueOrDefault(EncoderFile.SourceKey, "not stated")}");
        });
    }

    private static object[] Tensors(IEnumerable<EncoderTensor> tensors) =>
        [.. tensors.Select(tensor => new { name = tensor.Name, type = tensor.Type, shape = tensor.Shape })];

    private static void Write(TextWriter writer, string role, IEnumerable<EncoderTensor> tensors)
    {
        foreach (EncoderTensor tensor in tensors)
        {
            writer.WriteLine($"{role,-8} {tensor.Name}: {tensor}");
        }
    }
}
