namespace TorchSharp;

public static partial class torch
{
    private static readonly Operator Cat = new("cat");
    private static readonly Operator Stack = new("stack");
    private static readonly Operator Where = new("where", "self");

    public static Tensor where(Tensor condition, Tensor x, Tensor y) => Where.Run(condition, x, y);

    public static Tensor cat(IList<Tensor> tensors, long dim = 0) => Cat.Run(tensors.ToArray(), dim);

    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0) => Stack.Run(tensors.ToArray(), dim);
}
