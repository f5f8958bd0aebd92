namespace TorchSharp;

public static partial class torch
{
    public static IDisposable no_grad() => new GradMode(false);

    internal static IDisposable enable_grad(bool enabled = true) => new GradMode(enabled);

    public static bool is_grad_enabled() => NativeMethods.boxed_grad_mode(-1) != 0;

    private static nint[] Handles(IList<Tensor>? tensors)
    {
        if (tensors is null) return [];
        var handles = new nint[tensors.Count];
        for (int k = 0; k < handles.Length; k++) handles[k] = tensors[k].Handle;
        return handles;
    }

    public static unsafe partial class autograd
    {
        public static IList<Tensor> grad(
            IList<Tensor> outputs,
            IList<Tensor> inputs,
            IList<Tensor>? grad_outputs = null,
            bool retain_graph = false,
            bool create_graph = false,
            bool allow_unused = false)
        {
            nint[] ys = Handles(outputs), xs = Handles(inputs), seeds = Handles(grad_outputs);
            var result = new nint[xs.Length];
            fixed (nint* y = ys, x = xs, g = seeds, r = result)
            {
                NativeMethods.Check(NativeMethods.boxed_autograd_grad(
                    y, ys.Length, x, xs.Length, g, seeds.Length, retain_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, r));
            }

            GC.KeepAlive(outputs);
            GC.KeepAlive(inputs);
            GC.KeepAlive(grad_outputs);
            return [.. result.Select(handle => new Tensor(handle))];
        }

        public static void backward(
            IList<Tensor> tensors,
            IList<Tensor>? grad_tensors = null,
            bool? retain_graph = null,
            bool create_graph = false,
            IList<Tensor>? inputs = null)
        {
            nint[] ts = Handles(tensors), seeds = Handles(grad_tensors), xs = Handles(inputs);
            fixed (nint* t = ts, g = seeds, x = xs)
            {
                NativeMethods.Check(NativeMethods.boxed_backward(
                    t, ts.Length, g, seeds.Length, retain_graph ?? create_graph ? 1 : 0, create_graph ? 1 : 0, x, xs.Length));
            }

            GC.KeepAlive(tensors);
            GC.KeepAlive(grad_tensors);
            GC.KeepAlive(inputs);
        }
    }

    /// <summary>Switches this thread's grad mode, and back.</summary>
    private sealed class GradMode(bool enabled) : IDisposable
    {
        private readonly int _previous = NativeMethods.boxed_grad_mode(enabled ? 1 : 0);

        public void Dispose() => _ = NativeMethods.boxed_grad_mode(_previous);
    }
}
