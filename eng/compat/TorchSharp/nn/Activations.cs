using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class ReLU : nn.Module<Tensor, Tensor>
        {
            internal ReLU(bool inplace)
                : base(nameof(ReLU)) => this.inplace = inplace;

            public bool inplace { get; set; }

            public override Tensor forward(Tensor tensor) => nn.functional.relu(tensor, inplace);
        }

        public sealed class Tanh : nn.Module<Tensor, Tensor>
        {
            internal Tanh(bool inplace)
                : base(nameof(Tanh)) => this.inplace = inplace;

            public bool inplace { get; set; }

            public override Tensor forward(Tensor tensor) => nn.functional.tanh(tensor, inplace);
        }

        public sealed class Dropout : nn.Module<Tensor, Tensor>
        {
            internal Dropout(double p, bool inplace)
                : base(nameof(Dropout))
            {
                this.p = p;
                this.inplace = inplace;
            }

            public bool inplace { get; set; }

            public double p { get; set; }

            public override Tensor forward(Tensor tensor) => nn.functional.dropout(tensor, p, training, inplace);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static ReLU ReLU(bool inplace = false) => new(inplace);

            public static Tanh Tanh(bool inplace = false) => new(inplace);

            public static Dropout Dropout(double p = 0.5, bool inplace = false) => new(p, inplace);

            public static partial class functional
            {
                private static readonly Operator ReluInPlace = new("relu_");
                private static readonly Operator TanhInPlace = new("tanh_");
                private static readonly Operator DropoutOperator = new("dropout");
                private static readonly Operator DropoutInPlace = new("dropout_");

                public static Tensor relu(Tensor x, bool inplace = false) => inplace ? InPlace(ReluInPlace, x) : x.relu();

                public static Tensor tanh(Tensor x, bool inplace = false) => inplace ? InPlace(TanhInPlace, x) : x.tanh();

                public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false)
                {
                    if (!inplace) return DropoutOperator.Run(input, p, training);
                    DropoutInPlace.Do(input, p, training);
                    return input.alias();
                }

                private static Tensor InPlace(Operator op, Tensor x)
                {
                    op.Do(x);
                    return x.alias();
                }
            }
        }
    }
}
