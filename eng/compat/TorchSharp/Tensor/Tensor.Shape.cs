namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator View = new("view");
        private static readonly Operator Reshape = new("reshape");
        private static readonly Operator T = new("t");
        private static readonly Operator Unsqueeze = new("unsqueeze");
        private static readonly Operator Squeeze = new("squeeze");
        private static readonly Operator SqueezeDim = new("squeeze", "dim");
        private static readonly Operator Narrow = new("narrow");
        private static readonly Operator Slice = new("slice", "Tensor");
        private static readonly Operator IndexSelect = new("index_select");
        private static readonly Operator Diagonal = new("diagonal");
        private static readonly Operator Contiguous = new("contiguous");
        private static readonly Operator Clone = new("clone");
        private static readonly Operator Copy = new("copy_");
        private static readonly Operator Fill = new("fill_", "Scalar");
        private static readonly Operator Zero = new("zero_");
        private static readonly Operator Normal = new("normal_");
        private static readonly Operator Uniform = new("uniform_");

        public Tensor view(params long[] shape) => View.Run(this, shape);

        public Tensor reshape(params long[] shape) => Reshape.Run(this, shape);

        public Tensor t() => T.Run(this);

        public Tensor unsqueeze(long dim) => Unsqueeze.Run(this, dim);

        public Tensor squeeze(long? dim = null) => dim is null ? Squeeze.Run(this) : SqueezeDim.Run(this, dim.Value);

        public Tensor narrow(long dim, long start, long length) => Narrow.Run(this, dim, start, length);

        public Tensor slice(long dim, long start, long finish, long step) => Slice.Run(this, dim, start, finish, step);

        public Tensor index_select(long dim, Tensor index) => IndexSelect.Run(this, dim, index);

        public Tensor diagonal(long offset = 0, long dim1 = 0, long dim2 = 1) => Diagonal.Run(this, offset, dim1, dim2);

        public Tensor contiguous() => Contiguous.Run(this);

        public Tensor clone() => Clone.Run(this);

        public Tensor copy_(Tensor source, bool nonBlocking = false)
        {
            Copy.Do(this, source, nonBlocking);
            return this;
        }

        public Tensor fill_(Scalar value)
        {
            Fill.Do(this, value);
            return this;
        }

        public Tensor zero_()
        {
            Zero.Do(this);
            return this;
        }

        public Tensor normal_(double mean = 0.0, double std = 1.0, Generator? generator = null)
        {
            Normal.Do(this, mean, std, generator);
            return this;
        }

        public Tensor uniform_(double from, double to, Generator? generator = null)
        {
            Uniform.Do(this, from, to, generator);
            return this;
        }
    }
}
