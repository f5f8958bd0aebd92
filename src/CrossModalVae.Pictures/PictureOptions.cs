namespace CrossModalVae.Pictures;

/// <summary>Size and title of a picture.</summary>
public sealed record PictureOptions
{
    /// <summary>In pixels at scale 1, 100 to 10,000; null for what suits the picture.</summary>
    public double? Width { get; init; }

    /// <summary>In pixels at scale 1, 100 to 10,000; null for what suits the picture.</summary>
    public double? Height { get; init; }

    /// <summary>Size of the text in pixels at scale 1, 6 to 72. Default 13.</summary>
    public double FontSize { get; init; } = 13;

    /// <summary>The line above the picture; null for the picture's own, empty for none.</summary>
    public string? Title { get; init; }

    /// <summary>Reports every fault of these options at once.</summary>
    /// <exception cref="ArgumentException">A value lies outside its range; the message lists all that do.</exception>
    public void Validate()
    {
        var faults = new OptionFaults();
        faults.Within(Width ?? 100, 100, 10_000, nameof(Width));
        faults.Within(Height ?? 100, 100, 10_000, nameof(Height));
        faults.Within(FontSize, 6, 72);
        faults.ThrowIfAny();
    }

    /// <summary>Checked options, the defaults for null.</summary>
    internal static PictureOptions Checked(PictureOptions? options)
    {
        options ??= new PictureOptions();
        options.Validate();
        return options;
    }
}
