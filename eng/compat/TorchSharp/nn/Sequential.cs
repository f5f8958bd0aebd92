using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Modules one after another, named by position unless names are given; what passes between them is disposed of.</summary>
        public class Sequential : nn.Module<Tensor, Tensor>
        {
            private readonly List<nn.Module<Tensor, Tensor>> _steps = [];

            internal Sequential()
                : base(nameof(Sequential))
            {
            }

            public int Count => _steps.Count;

            public Sequential append(nn.Module<Tensor, Tensor> module) => append(_steps.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), module);

            public Sequential append(string name, nn.Module<Tensor, Tensor> module)
            {
                register_module(name, module);
                _steps.Add(module);
                return this;
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
            public static Sequential Sequential() => new();

            public static Sequential Sequential(params (string name, Module<Tensor, Tensor> submodule)[] modules)
            {
                var sequential = new Sequential();
                foreach (var (name, module) in modules) sequential.append(name, module);
                return sequential;
            }

            public static Sequential Sequential(params Module<Tensor, Tensor>[] modules) => Sequential((IEnumerable<Module<Tensor, Tensor>>)modules);

            public static Sequential Sequential(IEnumerable<Module<Tensor, Tensor>> modules)
            {
                var sequential = new Sequential();
                foreach (var module in modules) sequential.append(module);
                return sequential;
            }
        }
    }
}
