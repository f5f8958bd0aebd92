using System.Reflection;
using System.Text.Encodings.Web;
using CrossModalVae.Cli.Terminal;
using Fluid;

namespace CrossModalVae.Cli.Workflows;

/// <summary>A report as its template sees it.</summary>
/// <param name="Title">The page's name.</param>
/// <param name="About">A line beneath it: what was read.</param>
/// <param name="Sections">In reading order, at least one.</param>
/// <param name="Version">What wrote it.</param>
internal sealed record ReportPage(string Title, string About, IReadOnlyList<ReportSection> Sections, string Version)
{
    private const string TemplateName = "report.liquid";

    private static readonly Lazy<IFluidTemplate> Template = new(Parse);
    private static readonly TemplateOptions Fields = FieldsOfTemplate();

    /// <summary>The page as one HTML file. Every text is escaped; nothing in it reaches for the network.</summary>
    internal string ToHtml()
    {
        var context = new TemplateContext(Fields);
        context.SetValue("page", this);
        return Template.Value.Render(context, HtmlEncoder.Default).ReplaceLineEndings("\n");
    }

    private static TemplateOptions FieldsOfTemplate()
    {
        var options = new TemplateOptions { CultureInfo = CultureInfo.InvariantCulture };
        options.MemberAccessStrategy.MemberNameStrategy = MemberNameStrategies.SnakeCase;
        options.MemberAccessStrategy.Register<ReportPage>();
        options.MemberAccessStrategy.Register<ReportSection>();
        options.MemberAccessStrategy.Register<PageItem>();
        options.MemberAccessStrategy.Register<PageCell>();
        return options;
    }

    private static IFluidTemplate Parse()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(TemplateName)
            ?? throw new InvalidOperationException($"'{TemplateName}' is not embedded in this assembly.");
        using var reader = new StreamReader(stream);
        return new FluidParser().Parse(reader.ReadToEnd());
    }
}

/// <summary>A part of a report.</summary>
/// <param name="Id">Its anchor.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Items">What it shows, in order.</param>
internal sealed record ReportSection(string Id, string Title, IReadOnlyList<PageItem> Items);
