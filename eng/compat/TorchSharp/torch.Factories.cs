namespace TorchSharp;

public static partial class torch
{
    private static readonly Operator Empty = new("empty", "memory_format");
    private static readonly Operator Zeros = new("zeros");
    private static readonly Operator Ones = new("ones");
    private static readonly Operator Full = new("full");
    private static readonly Operator Eye = new("eye", "m");
    private static readonly Operator Arange = new("arange", "start_step");
    private static readonly Operator Rand = new("rand", "generator");
    private static readonly Operator Randn = new("randn", "generator");
    private static readonly Operator Randperm = new("randperm", "generator");
    private static readonly Operator ZerosLike = new("zeros_like");
    private static readonly Operator OnesLike = new("ones_like");
    internal static Tensor empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Empty.Run(size, dtype, Argument.None, InitializeDevice(device)).requires_grad_(requires_grad);

    public static Tensor empty(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        empty([rows, columns], dtype, device, requires_grad);

    public static Tensor zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Zeros.Run(size, dtype, Argument.None, InitializeDevice(device)).requires_grad_(requires_grad);

    public static Tensor zeros(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        zeros([size], dtype, device, requires_grad);

    public static Tensor zeros(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        zeros([rows, columns], dtype, device, requires_grad);

    public static Tensor ones(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Ones.Run(size, dtype, Argument.None, InitializeDevice(device)).requires_grad_(requires_grad);

    public static Tensor ones(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        ones([size], dtype, device, requires_grad);

    public static Tensor ones(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        ones([rows, columns], dtype, device, requires_grad);

    public static Tensor full(long[] size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Full.Run(size, value, dtype, Argument.None, InitializeDevice(device)).requires_grad_(requires_grad);

    public static Tensor eye(long rows, long columns = -1L, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Eye.Run(rows, columns < 0 ? rows : columns, dtype, Argument.None, InitializeDevice(device)).requires_grad_(requires_grad);

    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(
        Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Arange.Run(start, stop, step, dtype, Argument.None, InitializeDevice(device)).requires_grad_(requires_grad);

    public static Tensor rand(
        long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        Rand.Run(new[] { size }, generator, dtype, Argument.None, InitializeDevice(device)).requires_grad_(requires_grad);

    private static Tensor randn(
        long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        Randn.Run(size, generator, dtype, Argument.None, InitializeDevice(device)).requires_grad_(requires_grad);

    public static Tensor randn(
        long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        randn([size], dtype, device, requires_grad, generator);

    public static Tensor randn(
        long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        randn([rows, columns], dtype, device, requires_grad, generator);

    public static Tensor randperm(
        long n, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        Randperm.Run(n, generator, dtype ?? ScalarType.Int64, Argument.None, InitializeDevice(device)).requires_grad_(requires_grad);

    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        ZerosLike.Run(input, dtype, Argument.None, device).requires_grad_(requires_grad);

    public static Tensor ones_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        OnesLike.Run(input, dtype, Argument.None, device).requires_grad_(requires_grad);
}
