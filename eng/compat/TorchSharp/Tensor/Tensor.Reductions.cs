namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator Sum = new("sum");
        private static readonly Operator SumDims = new("sum", "dim_IntList");
        private static readonly Operator Mean = new("mean");
        private static readonly Operator MeanDims = new("mean", "dim");
        private static readonly Operator Norm = new("norm", "Scalar");
        private static readonly Operator Max = new("max");
        private static readonly Operator Min = new("min");
        private static readonly Operator Logsumexp = new("logsumexp");
        private static readonly Operator Argmax = new("argmax");
        private static readonly Operator All = new("all");
        private static readonly Operator Isfinite = new("isfinite");
        private static readonly Operator EqTensor = new("eq", "Tensor");
        private static readonly Operator Gt = new("gt", "Scalar");
        private static readonly Operator Allclose = new("allclose");

        public Tensor sum(ScalarType? type = null) => Sum.Run(this, type);

        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => SumDims.Run(this, dim, keepdim, type);

        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => SumDims.Run(this, new[] { dim }, keepdim, type);

        public Tensor mean() => Mean.Run(this);

        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) => MeanDims.Run(this, dimensions, keepdim, type);

        public Tensor norm(float p = 2.0f) => Norm.Run(this, (double)p);

        public Tensor max() => Max.Run(this);

        public Tensor min() => Min.Run(this);

        public Tensor logsumexp(long dim, bool keepdim = false) => Logsumexp.Run(this, new[] { dim }, keepdim);

        public Tensor argmax(long dim, bool keepdim = false) => Argmax.Run(this, dim, keepdim);

        public Tensor all() => All.Run(this);

        public Tensor isfinite() => Isfinite.Run(this);

        public Tensor eq(Tensor target) => EqTensor.Run(this, target);

        public Tensor gt(Scalar target) => Gt.Run(this, target);

        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) =>
            Allclose.RunBool(this, target, rtol, atol, equal_nan);
    }
}
