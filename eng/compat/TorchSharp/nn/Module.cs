using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>The base of every network: named parameters, buffers and modules, in the order of their registration.</summary>
        public class Module : IDisposable
        {
            private readonly OrderedDictionary<string, Module> _modules = [];
            private readonly OrderedDictionary<string, Parameter> _parameters = [];
            private readonly OrderedDictionary<string, Tensor> _buffers = [];
            private bool _registered;
            private bool _disposed;

            protected Module(string name)
            {
            }

            public virtual bool training { get; private set; } = true;

            public virtual void train(bool train = true)
            {
                training = train;
                foreach (var (_, module) in named_children()) module.train(train);
            }

            public virtual void eval() => train(false);

            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var (_, parameter) in named_parameters())
                {
                    if (set_to_none)
                    {
                        parameter.grad = null;
                    }
                    else
                    {
                        using var gradient = parameter.grad;
                        gradient?.zero_();
                    }
                }
            }

            public virtual IEnumerable<(string name, Module module)> named_children() => _modules.Select(pair => (pair.Key, pair.Value));

            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<nint>();
                foreach (var (name, parameter) in _parameters)
                    if (!parameter.IsInvalid && seen.Add(parameter.Handle)) yield return (name, parameter);

                if (!recurse) yield break;
                foreach (var (prefix, module) in named_children())
                {
                    foreach (var (name, parameter) in module.named_parameters())
                        if (seen.Add(parameter.Handle)) yield return ($"{prefix}.{name}", parameter);
                }
            }

            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                var seen = new HashSet<nint>();
                foreach (var (name, buffer) in _buffers)
                    if (!buffer.IsInvalid && seen.Add(buffer.Handle)) yield return (name, buffer);

                if (!recurse) yield break;
                foreach (var (prefix, module) in named_children())
                {
                    foreach (var (name, buffer) in module.named_buffers(true, include_nonpersistent))
                        if (seen.Add(buffer.Handle)) yield return ($"{prefix}.{name}", buffer);
                }
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(pair => pair.parameter);

            /// <summary>The parameters and buffers by name; the tensors themselves, not copies.</summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                string head = string.IsNullOrEmpty(prefix) ? string.Empty : prefix + ".";
                foreach (var (name, parameter) in named_parameters()) destination.TryAdd(head + name, parameter);
                foreach (var (name, buffer) in named_buffers(include_nonpersistent: false)) destination.TryAdd(head + name, buffer);
                return destination;
            }

            public virtual void register_parameter(string name, Parameter param)
            {
                if (param is null || param.IsInvalid) throw new ArgumentNullException(nameof(param), "A null tensor cannot be registered as a parameter.");
                if (!_parameters.TryAdd(name, param)) throw new InvalidOperationException($"Parameter {name} is already registered.");
            }

            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                if (tensor is null || tensor.IsInvalid) throw new ArgumentNullException(nameof(tensor), "A null tensor cannot be registered as a buffer.");
                if (!_buffers.TryAdd(name, tensor)) throw new InvalidOperationException($"Tensor {name} is already registered.");
            }

            public virtual void register_module(string name, Module submodule)
            {
                if (submodule is null || submodule._disposed)
                {
                    _modules.Remove(name);
                    return;
                }

                if (name.Contains('.')) throw new ArgumentException($"module name can't contain \".\", got: {name}");
                if (string.IsNullOrEmpty(name)) throw new ArgumentException("module name can't be empty string \"\"");
                if (_modules.ContainsKey(name)) throw new InvalidOperationException($"Sub-module {name} is already registered.");
                submodule.RegisterComponents();
                _modules.Add(name, submodule);
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Registers the modules, parameters and tensors that are fields, most derived class first, under the fields' names.</summary>
            protected virtual void RegisterComponents()
            {
                if (_registered) return;
                foreach (var field in Fields())
                {
                    if (_modules.ContainsKey(field.Name) || _parameters.ContainsKey(field.Name) || _buffers.ContainsKey(field.Name)) continue;
                    switch (field.GetValue(this))
                    {
                        case Module module:
                            register_module(field.Name, module);
                            break;
                        case Parameter parameter:
                            register_parameter(field.Name, parameter);
                            break;
                        case Tensor tensor:
                            register_buffer(field.Name, tensor);
                            break;
                    }
                }

                _registered = true;
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing || _disposed) return;
                _disposed = true;
                foreach (var (_, buffer) in named_buffers(false).ToList()) buffer.DetachFromDisposeScope().Dispose();
                foreach (var (_, parameter) in named_parameters(false).ToList()) parameter.DetachFromDisposeScope().Dispose();
                foreach (var (_, module) in named_children().ToList()) module.Dispose();
            }

            /// <summary>Sets or replaces a parameter of a module that is made of code, not of fields.</summary>
            private protected void SetParameter(string name, Parameter parameter) => _parameters[name] = parameter;

            protected internal virtual Module _to(DeviceType deviceType, int deviceIndex, bool non_blocking)
            {
                if (deviceType == DeviceType.CUDA && !cuda.is_available()) throw new InvalidOperationException("CUDA is not available.");
                Move(null, new Device(deviceType, deviceIndex));
                return this;
            }

            protected internal virtual Module _to(ScalarType dtype, bool non_blocking)
            {
                if (!is_floating_point(dtype))
                    throw new ArgumentException($"nn.Module.to only accepts floating point or complex types, but got desired dtype={dtype}");
                Move(dtype, null);
                return this;
            }

            /// <summary>What moves becomes a new object, as in the genuine package: an optimiser is made after it.</summary>
            private void Move(ScalarType? dtype, Device? device)
            {
                foreach (var (_, module) in named_children()) module.Move(dtype, device);
                foreach (var (name, parameter) in _parameters.ToList())
                {
                    if (!parameter.WillCopy(dtype ?? parameter.dtype, device ?? parameter.device)) continue;
                    Parameter moved;
                    using (no_grad())
                    {
                        moved = new Parameter(parameter.to(dtype ?? parameter.dtype, device ?? parameter.device), parameter.requires_grad);
                        moved.DetachFromDisposeScope();
                        using var gradient = parameter.grad;
                        if (gradient is not null)
                        {
                            using var movedGradient = gradient.to(dtype ?? parameter.dtype, device ?? parameter.device);
                            moved.grad = movedGradient;
                        }
                    }

                    parameter.Dispose();
                    _parameters[name] = moved;
                    Field(name)?.SetValue(this, moved);
                    Replaced(name, moved);
                }

                foreach (var (name, buffer) in _buffers.ToList())
                {
                    var type = dtype is { } wanted && is_floating_point(buffer.dtype) ? wanted : buffer.dtype;
                    if (!buffer.WillCopy(type, device ?? buffer.device)) continue;
                    var moved = buffer.to(type, device ?? buffer.device, disposeAfter: true).DetachFromDisposeScope();
                    _buffers[name] = moved;
                    Field(name)?.SetValue(this, moved);
                }
            }

            private protected virtual void Replaced(string name, Parameter parameter)
            {
            }

            private FieldInfo? Field(string name) => Fields().FirstOrDefault(field => field.Name == name);

            private IEnumerable<FieldInfo> Fields()
            {
                var seen = new HashSet<string>();
                for (var type = GetType(); type is not null && type.Assembly != typeof(Module).Assembly; type = type.BaseType)
                {
                    foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance))
                        if (seen.Add(field.Name)) yield return field;
                }
            }
        }

        /// <summary>A module of one input.</summary>
        public abstract class Module<T, TResult> : Module
        {
            protected Module(string name)
                : base(name)
            {
            }

            public abstract TResult forward(T input);

            public TResult call(T input) => forward(input);
        }
    }
}
