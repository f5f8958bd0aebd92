using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>y = x W^T + b. W and b start uniform in +-1/sqrt(inputs): kaiming_uniform with a = sqrt(5).</summary>
        public sealed class Linear : nn.Module<Tensor, Tensor>
        {
            private Parameter _weight;
            private Parameter? _bias;

            internal Linear(long inputSize, long outputSize, bool hasBias, Device? device, ScalarType? dtype)
                : base(nameof(Linear))
            {
                _weight = Register("weight", empty(outputSize, inputSize, dtype, device));
                using var mode = no_grad();
                double gain = Math.Sqrt(2.0 / (1 + 5)), bound = Math.Sqrt(3.0) * (gain / Math.Sqrt(inputSize));
                _weight.uniform_(-bound, bound);
                if (!hasBias) return;
                _bias = Register("bias", empty([outputSize], dtype, device));
                bound = 1 / Math.Sqrt(inputSize);
                _bias.uniform_(-bound, bound);
            }

            public Parameter weight => _weight;

            public Parameter? bias => _bias;

            public override Tensor forward(Tensor tensor) => nn.functional.linear(tensor, _weight, _bias);

            private protected override void Replaced(string name, Parameter parameter)
            {
                if (name == "weight") _weight = parameter;
                else _bias = parameter;
            }

            private Parameter Register(string name, Tensor data)
            {
                var parameter = new Parameter(data);
                parameter.DetachFromDisposeScope();
                SetParameter(name, parameter);
                return parameter;
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Linear Linear(
                long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, outputSize, hasBias, device, dtype);

            public static partial class functional
            {
                private static readonly Operator LinearOperator = new("linear");

                public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => LinearOperator.Run(input, weights, bias);
            }
        }
    }
}
