namespace Microsoft.ML.Data;

/// <summary>Makes editors that reuse a buffer's arrays.</summary>
public static class VBufferEditor
{
    public static VBufferEditor<T> CreateFromBuffer<T>(scoped ref VBuffer<T> destination)
        => destination.Edit(destination.Length, destination.PhysicalCount, keepOld: false, requireIndices: false);

    public static VBufferEditor<T> Create<T>(
        scoped ref VBuffer<T> destination,
        int newLogicalLength,
        int? valuesCount = null,
        int? maxValuesCapacity = null,
        bool keepOldOnResize = false,
        bool requireIndicesOnDense = false)
    {
        Checks.Param(newLogicalLength >= 0, nameof(newLogicalLength), "Must be non-negative.");
        Checks.Param(valuesCount is null or >= 0, nameof(valuesCount), "If specified, must be non-negative.");
        Checks.Param(valuesCount is null || valuesCount <= newLogicalLength, nameof(valuesCount),
            $"If specified, must be no greater than {nameof(newLogicalLength)}");

        // maxValuesCapacity only bounds how far the genuine package grows an array ahead of need; here arrays are exact.
        return destination.Edit(newLogicalLength, valuesCount ?? newLogicalLength, keepOldOnResize, requireIndicesOnDense);
    }
}
