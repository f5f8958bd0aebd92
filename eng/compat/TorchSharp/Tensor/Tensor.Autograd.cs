namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Operator Detach = new("detach");

        public bool is_leaf
        {
            get
            {
                bool leaf = NativeMethods.boxed_is_leaf(Handle) != 0;
                GC.KeepAlive(this);
                return leaf;
            }
        }

        public bool requires_grad
        {
            get
            {
                bool on = NativeMethods.boxed_requires_grad(Handle) != 0;
                GC.KeepAlive(this);
                return on;
            }

            set
            {
                NativeMethods.Check(NativeMethods.boxed_set_requires_grad(Handle, value ? 1 : 0));
                GC.KeepAlive(this);
            }
        }

        /// <summary>The gradient, a new handle each time; null before the first backward pass. A method before 0.102.</summary>
        public unsafe Tensor? grad
        {
            get
            {
                nint gradient;
                NativeMethods.Check(NativeMethods.boxed_grad(Handle, &gradient));
                GC.KeepAlive(this);
                return gradient == 0 ? null : new Tensor(gradient);
            }

            set
            {
                NativeMethods.Check(NativeMethods.boxed_set_grad(Handle, value?.Handle ?? 0));
                GC.KeepAlive(this);
                GC.KeepAlive(value);
            }
        }

        public Tensor detach() => Detach.Run(this);

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public void backward() => autograd.backward([this]);

        public void backward(
            IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);
    }
}
