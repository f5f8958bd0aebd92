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
        private static readonly Operator NormDim = new("norm", "ScalarOpt_dim");
        private static readonly Operator Std = new("std");
        private static readonly Operator StdDims = new("std", "dim");
        private static readonly Operator Var = new("var");
        private static readonly Operator VarDims = new("var", "dim");
        private static readonly Operator Max = new("max");
        private static readonly Operator Min = new("min");
        private static readonly Operator Logsumexp = new("logsumexp");
        private static readonly Operator Argsort = new("argsort");
        private static readonly Operator Argmax = new("argmax");
        private static readonly Operator Sort = new("sort", "stable");
        private static readonly Operator All = new("all");
        private static readonly Operator Isfinite = new("isfinite");
        private static readonly Operator EqTensor = new("eq", "Tensor");
        private static readonly Operator EqScalar = new("eq", "Scalar");
        private static readonly Operator Gt = new("gt", "Scalar");
        private static readonly Operator Lt = new("lt", "Scalar");
        private static readonly Operator Allclose = new("allclose");

        public Tensor sum(ScalarType? type = null) => Sum.Run(this, type);

        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) => SumDims.Run(this, dim, keepdim, type);

        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) => SumDims.Run(this, new[] { dim }, keepdim, type);

        public Tensor mean() => Mean.Run(this);

        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) => MeanDims.Run(this, dimensions, keepdim, type);

        public Tensor norm(float p = 2.0f) => Norm.Run(this, (double)p);

        public Tensor norm(int dim, bool keepdim = false, float p = 2.0f) => NormDim.Run(this, (double)p, new long[] { dim }, keepdim);

        public Tensor std(bool unbiased = true) => Std.Run(this, unbiased);

        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Cast(StdDims.Run(this, dimensions, unbiased, keepdim), type);

        public Tensor var(bool unbiased = true) => Var.Run(this, unbiased);

        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            Cast(VarDims.Run(this, dimensions, unbiased, keepdim), type);

        public Tensor max() => Max.Run(this);

        public Tensor min() => Min.Run(this);

        public Tensor logsumexp(long dim, bool keepdim = false) => Logsumexp.Run(this, new[] { dim }, keepdim);

        public Tensor argmax() => Argmax.Run(this);

        public Tensor argmax(long dim, bool keepdim = false) => Argmax.Run(this, dim, keepdim);

        public Tensor argsort(long dim = -1, bool descending = false) => Argsort.Run(this, dim, descending);

        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false) =>
            Sort.RunTwo(this, stable, dim, descending);

        public Tensor all() => All.Run(this);

        public Tensor isfinite() => Isfinite.Run(this);

        public Tensor eq(Tensor target) => EqTensor.Run(this, target);

        public Tensor eq(Scalar target) => EqScalar.Run(this, target);

        public Tensor gt(Scalar target) => Gt.Run(this, target);

        public Tensor lt(Scalar target) => Lt.Run(this, target);

        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) =>
            Allclose.RunBool(this, target, rtol, atol, equal_nan);

        private static Tensor Cast(Tensor tensor, ScalarType? type) => type is null ? tensor : tensor.to(type.Value, disposeAfter: true);
    }
}
