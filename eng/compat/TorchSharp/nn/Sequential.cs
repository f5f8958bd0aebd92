using System.Globalization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Modules one after another, named by position; what passes between them is disposed of.</summary>
        public class Sequential : nn.Module<Tensor, Tensor>
        {
            private readonly List<nn.Module<Tensor, Tensor>> _steps = [];

            internal Sequential()
                : base(nameof(Sequential))
            {
            }

            internal void Add(nn.Module<Tensor, Tensor> module)
            {
                register_module(_steps.Count.ToString(CultureInfo.InvariantCulture), module);
                _steps.Add(module);
            }

            public override Tensor forward(Tensor tensor)
            {
                if (_steps.Count == 0) return tensor.alias();
                var value = _steps[0].call(tensor);
                for (int k = 1; k < _steps.Count; k++)
                {
                    var next = _steps[k].call(value);
                    value.Dispose();
                    value = next;
                }

                return value;
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) => Sequential((IEnumerable<Module<Tensor, Tensor>>)modules);

            public static Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules)
            {
                var sequential = new Sequential();
                foreach (var module in modules) sequential.Add(module);
                return sequential;
            }
        }
    }
}
