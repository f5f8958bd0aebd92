using CrossModalVae.Towers;

namespace CrossModalVae.Cli.Workflows;

/// <summary>The folder that <c>cmvae new</c> makes. Its README and its script have the same commands.</summary>
internal static class StartingPoint
{
    internal const string ReadmeFile = "README.md";
    internal const string RecipeFile = "recipe.json";
    internal const string ScriptFile = "run.sh";
    internal const string ClipsFolder = "clips";

    private const UnixFileMode Executable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>What is written; the folder of clips is left as it is where it is there.</summary>
    internal static string[] Files => [ReadmeFile, RecipeFile, ScriptFile];

    /// <summary>Writes the folder.</summary>
    /// <exception cref="InvalidDataException">The file is no recipe.</exception>
    internal static void Write(string folder, string recipeFile)
    {
        Recipe recipe = RecipeReader.Read(recipeFile);
        string text = File.ReadAllText(recipeFile);
        (string What, string Line)[] steps = Steps(recipe);

        Directory.CreateDirectory(Path.Combine(folder, ClipsFolder));
        AtomicFile.WriteAllText(Path.Combine(folder, RecipeFile), text);
        string script = Path.Combine(folder, ScriptFile);
        AtomicFile.WriteAllText(script, Script(steps));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(script, Executable);
        }

        AtomicFile.WriteAllText(Path.Combine(folder, ReadmeFile), Readme(recipe, steps));
    }

    // Each step's files are the next one's inputs.
    private static (string What, string Line)[] Steps(Recipe recipe) =>
    [
        ("List the clips, and deal the people to training, validation and test.",
            "cmvae corpus folder --root clips --out manifest.jsonl"),
        ("Open every file; what is broken is named.", "cmvae corpus check --manifest manifest.jsonl"),
        ("Train. The longest step: minutes to hours. After Ctrl-C the same command with --resume continues.",
            $"cmvae train --manifest manifest.jsonl --recipe recipe.json --out run{(Starts(recipe) ? $" --init-from {FaceApi}" : "")}"),
        ("Write the encoders as ONNX graphs.", "cmvae export --run run --out model"),
        ("Compute the embeddings of all clips.", "cmvae embed --manifest manifest.jsonl --model model --out embeddings"),
        ("Score the people of the test split, whom the model has neither seen nor heard.",
            "cmvae evaluate --embeddings embeddings --out metrics.json"),
        ("Put run, model, figures and curves on one page.",
            "cmvae report --run run --model model --evaluation metrics.json --embeddings embeddings --split test --out report.html"),
    ];

    private const string FaceApi = "face-api.onnx";

    // A tower of face-api's architecture starts from its weights.
    private static bool Starts(Recipe recipe) => recipe.Model.FaceTower?.Kind == TowerKind.DlibResnet;

    private static string Script((string What, string Line)[] steps) =>
        $"""
        #!/usr/bin/env bash
        # From clips/ to report.html, the steps of README.md. Again, over what is there: ./{ScriptFile} --force
        set -euo pipefail
        cd "$(dirname "$0")"

        {string.Join("\n\n", steps.Select((step, i) => $"# Step {i + 1}. {step.What}\n{step.Line} \"$@\""))}

        """;

    private static string Readme(Recipe recipe, (string What, string Line)[] steps) =>
        $"""
        # Faces and voices of a corpus of your own

        Put your clips into `{ClipsFolder}`, then run the commands below in this folder, or all of them by `./{ScriptFile}`.

        ## The clips

            {ClipsFolder}/<person>/<clip>/<any name>.wav        one voice: wav, or what ffmpeg reads (flac, mp3, m4a, ...)
            {ClipsFolder}/<person>/<clip>/<any names>.jpg       some face pictures: jpg, jpeg, png, cropped to the face

        One folder for each person, in it one folder for each recording: `{ClipsFolder}/ANNA/first/voice.wav`, and beside it
        `{ClipsFolder}/ANNA/first/01.jpg`. A clip may lack its voice or its faces. Training takes six people or more, and `evaluate`
        gives figures from 5 people in the test split on; they mean something with a few dozen, each with several clips of different
        days. Files in another layout: `cmvae corpus folder --help`.

        Faces and voices are personal data: use clips only of people who have agreed to it.

        {Encoders(recipe)}## The steps

        {string.Join("\n\n", steps.Select((step, i) => $"Step {i + 1}. {step.What}\n\n    {step.Line}"))}

        A step refuses to replace an earlier run's output, except with `--force`; `./{ScriptFile} --force` runs them all again.

        ## What to change

        - `{RecipeFile}` is a copy of the recipe `{recipe.Name}`, yours to edit. `cmvae train --help` names the other recipes.
          For a first look at the whole way, train with `--epochs 1`.
        - `--validation-share` and `--test-share` of step 1 say how many of the people go there.
        - `--pictures DIR` of `cmvae evaluate` draws its curves as SVG and PNG. `--manifest manifest.jsonl` of `cmvae report` adds rankings,
          with the faces of your people on the page.
        - `cmvae explore`, `rank`, `cluster` and `gallery` go on from `embeddings` and `model`. `cmvae doctor` says which engines this
          machine has.

        """;

    private static string Encoders(Recipe recipe)
    {
        string[] files =
        [
            .. new[] { recipe.Voice.Encoder?.Path, recipe.Face.Encoder?.Path, Starts(recipe) ? FaceApi : null }.OfType<string>(),
        ];
        return files.Length == 0
            ? ""
            : $"""
            ## The pretrained network

            The recipe needs `{string.Join("` and `", files)}`, as seen from this folder. For the face networks of an npm package (MIT):

                npm install @vladmandic/face-api
                cmvae encoder import face-api --package node_modules/@vladmandic/face-api --out {FaceApi}


            """;
    }
}
