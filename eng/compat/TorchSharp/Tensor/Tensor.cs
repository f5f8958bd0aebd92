using System.Runtime.InteropServices;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A handle on one of libtorch's tensors: lifetime and description. The operators are in the other parts.</summary>
    public partial class Tensor : IDisposable
    {
        // What the collector is told of: below this a tensor weighs little more than its managed half.
        private const long PressureFloor = 4096;

        private static long _totalCount;
        private static long _peakCount;

        private nint _handle;
        private long _pressure;

        internal Tensor(nint handle, bool register = true)
        {
            _handle = handle;
            long total = Interlocked.Increment(ref _totalCount);
            if (total > _peakCount) _peakCount = total;
            if (handle != 0)
            {
                long bytes = NativeMethods.boxed_bytes(handle);
                if (bytes >= PressureFloor)
                {
                    _pressure = bytes;
                    GC.AddMemoryPressure(bytes);
                }
            }

            if (register) OwningDisposeScope = DisposeScopeManager.ThreadSingleton.Register(this);
        }

        ~Tensor() => Dispose(false);

        public static long TotalCount => Interlocked.Read(ref _totalCount);

        public static long PeakCount => Interlocked.Read(ref _peakCount);

        internal nint Handle => _handle != 0 ? _handle : throw new InvalidOperationException("Tensor invalid -- empty handle.");

        public bool IsInvalid => _handle == 0;

        internal DisposeScope? OwningDisposeScope { get; set; }

        private long Dimensions
        {
            get
            {
                long count = NativeMethods.boxed_dim(Handle);
                GC.KeepAlive(this);
                return count;
            }
        }

        public long ndim => Dimensions;

        internal long NumberOfElements
        {
            get
            {
                long count = NativeMethods.boxed_numel(Handle);
                GC.KeepAlive(this);
                return count;
            }
        }

        public ScalarType dtype
        {
            get
            {
                var type = (ScalarType)NativeMethods.boxed_dtype(Handle);
                GC.KeepAlive(this);
                return type;
            }
        }

        public DeviceType device_type
        {
            get
            {
                var type = (DeviceType)NativeMethods.boxed_device_type(Handle);
                GC.KeepAlive(this);
                return type;
            }
        }

        private int device_index
        {
            get
            {
                int index = NativeMethods.boxed_device_index(Handle);
                GC.KeepAlive(this);
                return index;
            }
        }

        public Device device => device_type == DeviceType.CPU ? new Device(DeviceType.CPU) : new Device(device_type, device_index);

        public unsafe long[] shape
        {
            get
            {
                var sizes = new long[Dimensions];
                fixed (long* p = sizes) NativeMethods.boxed_sizes(Handle, p, null);
                GC.KeepAlive(this);
                return sizes;
            }
        }

        public long numel() => NumberOfElements;

        public long size(int dim)
        {
            long[] sizes = shape;
            int at = dim < 0 ? dim + sizes.Length : dim;
            return at >= 0 && at < sizes.Length
                ? sizes[at]
                : throw new ExternalException($"Dimension out of range (expected to be in range of [{-sizes.Length}, {sizes.Length - 1}], but got {dim})");
        }

        public unsafe long[] stride()
        {
            var sizes = new long[Dimensions];
            var strides = new long[sizes.Length];
            fixed (long* p = sizes, q = strides) NativeMethods.boxed_sizes(Handle, p, q);
            GC.KeepAlive(this);
            return strides;
        }

        public bool is_contiguous()
        {
            bool contiguous = NativeMethods.boxed_is_contiguous(Handle) != 0;
            GC.KeepAlive(this);
            return contiguous;
        }

        /// <summary>The elements, copied to the CPU first where they are elsewhere.</summary>
        public TensorAccessor<T> data<T>()
            where T : unmanaged
        {
            RequireType(typeof(T));
            return new TensorAccessor<T>(device_type == DeviceType.CPU ? this : cpu());
        }

        public T item<T>()
            where T : unmanaged
        {
            if (NumberOfElements != 1) throw new ArgumentException("Number of elements in the tensor must be 1");
            return data<T>()[0];
        }

        public Tensor MoveToOuterDisposeScope()
        {
            OwningDisposeScope?.MoveToOuter(this);
            return this;
        }

        public Tensor DetachFromDisposeScope()
        {
            OwningDisposeScope?.Detach([this]);
            return this;
        }

        /// <summary>A second handle on the same tensor.</summary>
        internal Tensor alias()
        {
            var other = new Tensor(NativeMethods.Check(NativeMethods.boxed_alias(Handle)));
            GC.KeepAlive(this);
            return other;
        }

        public void Dispose()
        {
            Dispose(true);
            GC.SuppressFinalize(this);
        }

        protected virtual void Dispose(bool disposing)
        {
            nint handle = Interlocked.Exchange(ref _handle, 0);
            if (handle == 0) return;
            DisposeScopeManager.ThreadSingleton.Disposing(this);
            OwningDisposeScope?.MarkAsDisposed(this);
            Interlocked.Decrement(ref _totalCount);
            NativeMethods.boxed_free(handle);
            ReleasePressure();
        }

        internal nint DataPointer()
        {
            nint pointer = NativeMethods.boxed_data_ptr(Handle);
            GC.KeepAlive(this);
            return pointer != 0 || NumberOfElements == 0 ? pointer : throw NativeMethods.Error();
        }

        /// <summary>Gives the native tensor away, to a <see cref="Modules.Parameter"/>, and leaves this object empty.</summary>
        internal nint MoveHandle()
        {
            nint handle = Interlocked.Exchange(ref _handle, 0);
            if (handle == 0) throw new InvalidOperationException("Tensor invalid -- empty handle.");
            Interlocked.Decrement(ref _totalCount);
            ReleasePressure();
            return handle;
        }

        private void ReleasePressure()
        {
            if (_pressure == 0) return;
            GC.RemoveMemoryPressure(_pressure);
            _pressure = 0;
        }

        private void RequireType(Type type)
        {
            var expected = dtype switch
            {
                ScalarType.Byte => typeof(byte),
                ScalarType.Int8 => typeof(sbyte),
                ScalarType.Int16 => typeof(short),
                ScalarType.Int32 => typeof(int),
                ScalarType.Int64 => typeof(long),
                ScalarType.Float16 => typeof(Half),
                ScalarType.Float32 => typeof(float),
                ScalarType.Float64 => typeof(double),
                ScalarType.Bool => typeof(bool),
                _ => null,
            };
            if (type != expected) throw new ArgumentException($"{type.Name} is not compatible with {dtype}");
        }
    }
}
