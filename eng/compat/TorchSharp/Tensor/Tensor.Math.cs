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
        private static readonly Operator MulTensor = new("mul", "Tensor");
        private static readonly Operator MulScalar = new("mul", "Scalar");
        private static readonly Operator MulScalarInPlace = new("mul_", "Scalar");
        private static readonly Operator DivTensor = new("div", "Tensor");
        private static readonly Operator DivScalar = new("div", "Scalar");
        private static readonly Operator DivScalarInPlace = new("div_", "Scalar");
        private static readonly Operator PowScalar = new("pow", "Tensor_Scalar");
        private static readonly Operator Neg = new("neg");
        private static readonly Operator Exp = new("exp");
        private static readonly Operator Log = new("log");
        private static readonly Operator Sqrt = new("sqrt");
        private static readonly Operator Reciprocal = new("reciprocal");
        private static readonly Operator Tanh = new("tanh");
        private static readonly Operator Relu = new("relu");
        private static readonly Operator Clamp = new("clamp");
        private static readonly Operator Matmul = new("matmul");
        private static readonly Operator Mm = new("mm");
        public Tensor abs() => Abs.Run(this);

        public Tensor add(Tensor target) => AddTensor.Run(this, target);

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

        public Tensor mul(Tensor target) => MulTensor.Run(this, target);

        public Tensor mul(Scalar target) => MulScalar.Run(this, target);

        public Tensor mul_(Scalar target) => InPlace(MulScalarInPlace, target);

        public Tensor div(Tensor target) => DivTensor.Run(this, target);

        public Tensor div(Scalar target) => DivScalar.Run(this, target);

        public Tensor div_(Scalar target) => InPlace(DivScalarInPlace, target);

        public Tensor pow(Scalar exponent) => PowScalar.Run(this, exponent);

        public Tensor square() => pow(2);

        public Tensor negative() => Neg.Run(this);

        public Tensor exp() => Exp.Run(this);

        public Tensor log() => Log.Run(this);

        public Tensor sqrt() => Sqrt.Run(this);

        public Tensor reciprocal() => Reciprocal.Run(this);

        public Tensor tanh() => Tanh.Run(this);

        public Tensor relu() => Relu.Run(this);

        public Tensor clamp(Scalar? min = null, Scalar? max = null) => Clamp.Run(this, min, max);

        public Tensor matmul(Tensor target) => Matmul.Run(this, target);

        public Tensor mm(Tensor target) => Mm.Run(this, target);

        private Tensor InPlace(Operator op, Argument operand)
        {
            op.Do(this, operand);
            return this;
        }
    }
}
