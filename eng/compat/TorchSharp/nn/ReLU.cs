using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class ReLU : nn.Module<Tensor, Tensor>
        {
            private readonly bool _inplace;

            internal ReLU(bool inplace)
                : base(nameof(ReLU)) => _inplace = inplace;

            public override Tensor forward(Tensor tensor) => nn.functional.relu(tensor, _inplace);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static ReLU ReLU(bool inplace = false) => new(inplace);

            public static partial class functional
            {
                private static readonly Operator ReluInPlace = new("relu_");

                public static Tensor relu(Tensor x, bool inplace = false)
                {
                    if (!inplace) return x.relu();
                    ReluInPlace.Do(x);
                    return x.alias();
                }
            }
        }
    }
}
