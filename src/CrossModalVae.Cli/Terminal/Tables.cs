using Spectre.Console;
using Spectre.Console.Rendering;

namespace CrossModalVae.Cli.Terminal;

/// <summary>Prints tables to any writer: with the terminal's width and colours where it is one, plain and wide elsewhere.</summary>
internal static class Tables
{
    private const int PlainWidth = 160;

    internal static void Write(TextWriter writer, IRenderable content)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (!ReferenceEquals(writer, Console.Out) || Console.IsOutputRedirected)
        {
            console.Profile.Width = PlainWidth;
            console.Profile.Capabilities.Ansi = false;
        }

        console.Write(content);
    }
}
