namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator Abs = new("abs");
        private static readonly Operator AddTensor = new("add", "Tensor");
        private static readonly Operator AddScalar = new("add", "Scalar");
        private static readonly Operator AddTensorInPlace = new("add_", "Tensor");
        private static readonly Operator AddScalarInPlace = new("add_", "Scalar");
        private static readonly Operator SubTensor = new("sub", "Tensor");
        private static readonly Operator SubScalar = new("sub", "Scalar");
        private static readonly Operator SubTensorInPlace = new("sub_", "Tensor");
        private static readonly Operator SubScalarInPlace = new("sub_", "Scalar");
        private static readonly Operator MulTensor = new("mul", "Tensor");
        private static readonly Operator MulScalar = new("mul", "Scalar");
        private static readonly Operator MulTensorInPlace = new("mul_", "Tensor");
        private static readonly Operator MulScalarInPlace = new("mul_", "Scalar");
        private static readonly Operator DivTensor = new("div", "Tensor");
        private static readonly Operator DivScalar = new("div", "Scalar");
        private static readonly Operator DivTensorInPlace = new("div_", "Tensor");
        private static readonly Operator DivScalarInPlace = new("div_", "Scalar");
        private static readonly Operator PowScalar = new("pow", "Tensor_Scalar");
        private static readonly Operator PowTensor = new("pow", "Tensor_Tensor");
        private static readonly Operator Neg = new("neg");
        private static readonly Operator Exp = new("exp");
        private static readonly Operator Log = new("log");
        private static readonly Operator Log1p = new("log1p");
        private static readonly Operator Sqrt = new("sqrt");
        private static readonly Operator Rsqrt = new("rsqrt");
        private static readonly Operator Reciprocal = new("reciprocal");
        private static readonly Operator Tanh = new("tanh");
        private static readonly Operator Relu = new("relu");
        private static readonly Operator Sigmoid = new("sigmoid");
        private static readonly Operator Clamp = new("clamp");
        private static readonly Operator ClampInPlace = new("clamp_");
        private static readonly Operator Maximum = new("maximum");
        private static readonly Operator Minimum = new("minimum");
        private static readonly Operator Matmul = new("matmul");
        private static readonly Operator Mm = new("mm");
        private static readonly Operator Softmax = new("softmax", "int");
        private static readonly Operator LogSoftmax = new("log_softmax", "int");

        public Tensor abs() => Abs.Run(this);

        public Tensor add(Tensor target) => AddTensor.Run(this, target);

        public Tensor add(Tensor target, Scalar alpha) => AddTensor.Run(this, target, alpha);

        public Tensor add(Scalar scalar) => AddScalar.Run(this, scalar);

        public Tensor add_(Tensor target) => InPlace(AddTensorInPlace, target);

        public Tensor add_(Tensor target, Scalar alpha)
        {
            AddTensorInPlace.Do(this, target, alpha);
            return this;
        }

        public Tensor add_(Scalar scalar) => InPlace(AddScalarInPlace, scalar);

        public Tensor sub(Tensor target) => SubTensor.Run(this, target);

        public Tensor sub(Scalar target) => SubScalar.Run(this, target);

        public Tensor sub_(Tensor target) => InPlace(SubTensorInPlace, target);

        public Tensor sub_(Scalar target) => InPlace(SubScalarInPlace, target);

        public Tensor mul(Tensor target) => MulTensor.Run(this, target);

        public Tensor mul(Scalar target) => MulScalar.Run(this, target);

        public Tensor mul_(Tensor target) => InPlace(MulTensorInPlace, target);

        public Tensor mul_(Scalar target) => InPlace(MulScalarInPlace, target);

        public Tensor div(Tensor target) => DivTensor.Run(this, target);

        public Tensor div(Scalar target) => DivScalar.Run(this, target);

        public Tensor div_(Tensor target) => InPlace(DivTensorInPlace, target);

        public Tensor div_(Scalar target) => InPlace(DivScalarInPlace, target);

        public Tensor pow(Scalar exponent) => PowScalar.Run(this, exponent);

        public Tensor pow(Tensor exponent) => PowTensor.Run(this, exponent);

        public Tensor square() => pow(2);

        public Tensor neg() => Neg.Run(this);

        public Tensor negative() => neg();

        public Tensor exp() => Exp.Run(this);

        public Tensor log() => Log.Run(this);

        public Tensor log1p() => Log1p.Run(this);

        public Tensor sqrt() => Sqrt.Run(this);

        public Tensor rsqrt() => Rsqrt.Run(this);

        public Tensor reciprocal() => Reciprocal.Run(this);

        public Tensor tanh() => Tanh.Run(this);

        public Tensor relu() => Relu.Run(this);

        public Tensor sigmoid() => Sigmoid.Run(this);

        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Clamp.Run(this, min, max);

        public Tensor clamp_(Scalar? min = null, Scalar? max = null)
        {
            ClampInPlace.Do(this, min, max);
            return this;
        }

        public Tensor maximum(Tensor other) => Maximum.Run(this, other);

        public Tensor minimum(Tensor other) => Minimum.Run(this, other);

        public Tensor matmul(Tensor target) => Matmul.Run(this, target);

        public Tensor mm(Tensor target) => Mm.Run(this, target);

        public Tensor softmax(long dim, ScalarType? dtype = null) => Softmax.Run(this, dim, dtype);

        public Tensor log_softmax(long dim, ScalarType? dtype = null) => LogSoftmax.Run(this, dim, dtype);

        private Tensor InPlace(Operator op, Argument operand)
        {
            op.Do(this, operand);
            return this;
        }
    }
}
