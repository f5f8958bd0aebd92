namespace CrossModalVae.Pipelines.Internals;

/// <summary>A step for one row at a time, as ML.NET's PredictionEngine uses it.</summary>
internal sealed class BlockRowMapper(CrossModalTransformer transformer, DataViewSchema input) : IRowToRowMapper
{
    public DataViewSchema InputSchema { get; } = input;

    public DataViewSchema OutputSchema { get; } = transformer.GetOutputSchema(input);

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        new ActiveColumns(transformer, InputSchema, OutputSchema, dependingColumns).Dependencies();

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) =>
        new MappedRow(transformer, input, OutputSchema, new ActiveColumns(transformer, InputSchema, OutputSchema, activeColumns));

    private sealed class MappedRow(
        CrossModalTransformer transformer, DataViewRow source, DataViewSchema schema, ActiveColumns active) : DataViewRow
    {
        private readonly BlockKernel? _kernel = active.AnyAdded ? transformer.CreateKernel(source, 1, active.IsAddedActive) : null;
        private readonly BlockPosition _first = new() { Slot = 0 };
        private long _computed = -1;

        public override DataViewSchema Schema { get; } = schema;

        public override long Position => source.Position;

        public override long Batch => source.Batch;

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            active.Check(column);
            if (column.Index < source.Schema.Count)
            {
                return source.GetGetter<TValue>(source.Schema[column.Index]);
            }

            ValueGetter<TValue> getter = _kernel!.Output(column.Index - source.Schema.Count).GetGetter<TValue>(_first);
            return (ref TValue value) =>
            {
                Compute();
                getter(ref value);
            };
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _first.Clear(); // the kernel's buffers return to their pool; getters must not read them any more
                _kernel?.Dispose();
                source.Dispose();
            }

            base.Dispose(disposing);
        }

        private void Compute()
        {
            if (_computed != source.Position)
            {
                _kernel!.Read(0);
                _kernel.Compute(0, 1);
                _computed = source.Position;
            }
        }
    }
}
