using System.Collections;

namespace Microsoft.ML.Data;

/// <summary>
/// A vector that is dense (a value per slot) or sparse (values at rising indices, the default elsewhere). Copying the struct shares the
/// arrays; <see cref="CopyTo(ref VBuffer{T})"/> copies them.
/// </summary>
public readonly struct VBuffer<T> : IEnumerable
{
    private readonly T[] _values;
    private readonly int[] _indices;
    private readonly int _count;

    public readonly int Length;

    public VBuffer(int length, T[] values, int[] indices = null)
    {
        Checks.Param(length >= 0, nameof(length));
        Checks.Param((values?.Length ?? 0) >= length, nameof(values));
        Length = length;
        _count = length;
        _values = values;
        _indices = indices;
    }

    public VBuffer(int length, int count, T[] values, int[] indices)
    {
        Checks.Param(length >= 0, nameof(length));
        Checks.Param(count >= 0 && count <= length, nameof(count));
        Checks.Param((values?.Length ?? 0) >= count, nameof(values));
        Checks.Param(count == length || (indices?.Length ?? 0) >= count, nameof(indices));
        Length = length;
        _count = count;
        _values = values;
        _indices = indices;
    }

    public bool IsDense => _count == Length;

    public ReadOnlySpan<T> GetValues() => _values.AsSpan(0, _count);

    public ReadOnlySpan<int> GetIndices() => IsDense ? default : _indices.AsSpan(0, _count);

    public void CopyTo(Span<T> destination) => CopyTo(destination, 0);

    public void CopyTo(Span<T> destination, int destinationIndex, T defaultValue = default)
    {
        Checks.Param(destinationIndex >= 0 && destinationIndex <= destination.Length - Length, nameof(destination),
            "Not large enough to hold these values.");
        var slots = destination.Slice(destinationIndex, Length);
        if (IsDense)
        {
            GetValues().CopyTo(slots);
            return;
        }

        // The genuine package clears a vector without values, whatever the default is asked to be.
        slots.Fill(_count == 0 ? default : defaultValue);
        for (int i = 0; i < _count; i++)
            slots[_indices[i]] = _values[i];
    }

    public void CopyTo(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length, _count);
        GetValues().CopyTo(editor.Values);
        GetIndices().CopyTo(editor.Indices);
        destination = editor.Commit();
    }

    public void CopyToDense(ref VBuffer<T> destination)
    {
        var editor = VBufferEditor.Create(ref destination, Length);
        CopyTo(editor.Values);
        destination = editor.Commit();
    }

    /// <summary>The explicit slots, or with <paramref name="all"/> every slot, by rising index.</summary>
    public IEnumerable<KeyValuePair<int, T>> Items(bool all = false)
    {
        int next = 0;
        for (int i = 0; i < _count; i++)
        {
            int slot = IsDense ? i : _indices[i];
            while (all && next < slot)
                yield return new(next++, default);
            next = slot + 1;
            yield return new(slot, _values[i]);
        }

        while (all && next < Length)
            yield return new(next++, default);
    }

    public IEnumerable<T> DenseValues() => Items(all: true).Select(item => item.Value);

    public T GetItemOrDefault(int index)
    {
        Checks.Param(index >= 0 && index < Length, nameof(index));
        if (IsDense)
            return _values[index];
        int at = Array.BinarySearch(_indices ?? [], 0, _count, index);
        return at >= 0 ? _values[at] : default;
    }

    public IEnumerator GetEnumerator() => _values.GetEnumerator();

    public override string ToString()
        => IsDense ? $"Dense vector of size {Length}" : $"Sparse vector of size {Length}, {_count} explicit values";

    /// <summary>An editor over these arrays where they are large enough, over new ones otherwise.</summary>
    internal VBufferEditor<T> Edit(int length, int count, bool keepOld, bool requireIndices)
    {
        var values = Enlarged(_values, count, keepOld, out bool newValues);
        var indices = _indices;
        bool newIndices = false;
        if (count < length || requireIndices)
            indices = Enlarged(_indices, count, keepOld, out newIndices);
        return new VBufferEditor<T>(length, count, values, indices, requireIndices, newValues, newIndices);
    }

    internal int PhysicalCount => _count;

    private static TItem[] Enlarged<TItem>(TItem[] array, int count, bool keepOld, out bool created)
    {
        created = count > (array?.Length ?? 0);
        if (!created)
            return array;
        var larger = new TItem[count];
        if (keepOld)
            array?.CopyTo(larger, 0);
        return larger;
    }
}
