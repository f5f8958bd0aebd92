namespace CrossModalVae.Pipelines.Saving;

/// <summary>Fitted rows in a bundle.</summary>
internal sealed record SavedRows(string File, int Dimension)
{
    /// <summary>Saves them.</summary>
    public static SavedRows Of(FittedRows rows, BundleWriter writer) => new(writer.Add("rows.f32", rows.Values), rows.Dimension);

    /// <summary>Loads them.</summary>
    public FittedRows Load(BundleReader reader)
    {
        float[] values = reader.Floats(File);
        return Dimension > 0 && values.Length % Dimension == 0
            ? new FittedRows(values, Dimension)
            : throw new InvalidDataException($"its file '{File}' has {values.Length} numbers; expected rows of {Dimension}");
    }
}
