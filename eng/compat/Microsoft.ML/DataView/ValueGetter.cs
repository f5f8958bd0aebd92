namespace Microsoft.ML;

/// <summary>Puts the current row's value of one column into <paramref name="value"/>, reusing its buffers where it has some.</summary>
public delegate void ValueGetter<TValue>(ref TValue value);
