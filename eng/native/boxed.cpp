// libtorch_boxed: a C interface over libtorch's dispatcher. Every operator is reached by its schema name with a row of tagged values, so
// that nothing here names an operator; the list of operators lives in the caller (eng/compat/TorchSharp). Beside them stands only what is
// no operator: handles, autograd's engine, generators, threads.
//
// Conventions: a tensor handle is an owned reference to a TensorImpl, null being the undefined tensor. A function that can fail hands back
// null or -1 and leaves its sentence in boxed_error(), per thread. No exception crosses the border.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <ATen/core/stack.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/GradMode.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/version.h>

#include <dlfcn.h>

#include <cstdlib>
#include <cstring>
#include <exception>
#include <mutex>
#include <string>
#include <vector>

#if TORCH_VERSION_MAJOR >= 2
#include <optional>
namespace opt = std;  // c10::optional was an alias there and is gone in the latest
#else
#include <c10/util/Optional.h>
namespace opt = c10;
#endif

#define API extern "C" __attribute__((visibility("default")))

namespace {

enum Tag : int32_t {
  NONE = 0, TENSOR = 1, INT = 2, DOUBLE = 3, BOOL = 4, INTS = 5, TENSORS = 6, STRING = 7, DEVICE = 8, GENERATOR = 9,
};

struct Value {  // 16 bytes, the same in C#
  int32_t tag;
  int32_t n;
  union { int64_t i; double d; void* p; };
};

struct Op {
  c10::OperatorHandle handle;
  std::vector<c10::IValue> defaults;  // None where the schema has none
  std::vector<uint8_t> has_default;
  std::vector<c10::TypeKind> kinds;  // Optional[...] taken off
  size_t returns;
};

thread_local std::string last_error;

template <class F>
auto guarded(F&& f, decltype(f()) failed) -> decltype(f()) {
  try {
    return f();
  } catch (const c10::Error& e) {
    last_error = e.what_without_backtrace();
  } catch (const std::exception& e) {
    last_error = e.what();
  } catch (...) {
    last_error = "libtorch threw something that is no std::exception";
  }
  return failed;
}

void* to_handle(at::Tensor t) { return t.defined() ? static_cast<void*>(t.unsafeReleaseTensorImpl()) : nullptr; }

at::Tensor borrow(void* h) {  // one more reference, the caller keeps its own
  if (!h) return at::Tensor();
  return at::Tensor(c10::intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl>::reclaim_copy(static_cast<at::TensorImpl*>(h)));
}

struct View {  // a look at a tensor without touching its reference count
  at::Tensor t;
  explicit View(void* h)
      : t(c10::intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl>::reclaim(
            h ? static_cast<at::TensorImpl*>(h) : at::UndefinedTensorImpl::singleton())) {}
  View(const View&) = delete;
  View& operator=(const View&) = delete;
  ~View() { t.unsafeReleaseTensorImpl(); }
  const at::Tensor* operator->() const { return &t; }
  const at::Tensor& operator*() const { return t; }
};

std::vector<at::Tensor> tensors(void* const* handles, int32_t n) {
  std::vector<at::Tensor> r;
  r.reserve(n);
  for (int32_t k = 0; k < n; ++k) r.push_back(borrow(handles[k]));
  return r;
}

c10::Device device_of(int32_t type, int32_t index) {
  return c10::Device(static_cast<c10::DeviceType>(type), static_cast<c10::DeviceIndex>(index));
}

c10::IValue to_ivalue(const Value& v, c10::TypeKind kind) {
  switch (v.tag) {
    case NONE: return c10::IValue();
    case TENSOR: return c10::IValue(borrow(v.p));
    case INT:
      if (kind == c10::TypeKind::FloatType) return c10::IValue(static_cast<double>(v.i));
      return c10::IValue(static_cast<int64_t>(v.i));
    case DOUBLE: return c10::IValue(v.d);
    case BOOL: return c10::IValue(v.i != 0);
    case INTS: {
      const int64_t* p = static_cast<int64_t*>(v.p);
      return c10::IValue(std::vector<int64_t>(p, p + v.n));
    }
    case TENSORS: return c10::IValue(tensors(static_cast<void**>(v.p), v.n));
    case STRING: return c10::IValue(std::string(static_cast<const char*>(v.p), v.n));
    case DEVICE: return c10::IValue(device_of(v.n, static_cast<int32_t>(v.i)));
    case GENERATOR: return c10::IValue(*static_cast<at::Generator*>(v.p));
  }
  TORCH_CHECK(false, "libtorch_boxed: unknown tag ", v.tag);
}

void from_ivalue(c10::IValue&& v, Value& o) {
  o.n = 0;
  o.i = 0;
  if (v.isTensor()) {
    o.tag = TENSOR;
    o.p = to_handle(std::move(v).toTensor());
  } else if (v.isInt()) {
    o.tag = INT;
    o.i = v.toInt();
  } else if (v.isDouble()) {
    o.tag = DOUBLE;
    o.d = v.toDouble();
  } else if (v.isBool()) {
    o.tag = BOOL;
    o.i = v.toBool();
  } else if (v.isTensorList()) {
    std::vector<at::Tensor> l = std::move(v).toTensorVector();
    o.tag = TENSORS;
    o.n = static_cast<int32_t>(l.size());
    void** p = static_cast<void**>(std::malloc(sizeof(void*) * (l.size() + 1)));
    for (size_t k = 0; k < l.size(); ++k) p[k] = to_handle(std::move(l[k]));
    o.p = p;
  } else {
    TORCH_CHECK(false, "libtorch_boxed: cannot hand back a value of kind ", v.tagKind());
  }
}

}  // namespace

API const char* boxed_error() { return last_error.c_str(); }
API const char* boxed_version() { return TORCH_VERSION; }

// ---- operators ----
API void* boxed_op(const char* name, const char* overload) {
  return guarded([&]() -> void* {
    auto found = c10::Dispatcher::singleton().findSchema({name, overload});
    TORCH_CHECK(found.has_value(), "libtorch ", TORCH_VERSION, " has no operator '", name, *overload ? "." : "", overload, "'.");
    auto* op = new Op{*found, {}, {}, {}, found->schema().returns().size()};
    for (const c10::Argument& a : found->schema().arguments()) {
      op->has_default.push_back(a.default_value().has_value());
      op->defaults.push_back(a.default_value() ? *a.default_value() : c10::IValue());
      c10::TypePtr t = a.type();
      if (auto o = t->cast<c10::OptionalType>()) t = o->getElementType();
      op->kinds.push_back(t->kind());
    }
    return op;
  }, nullptr);
}

// The number of values handed back, or -1. Arguments left off at the end take the schema's defaults.
API int32_t boxed_call(void* opaque, const Value* args, int32_t nargs, Value* outs, int32_t max) {
  return guarded([&]() -> int32_t {
    Op& op = *static_cast<Op*>(opaque);
    const size_t want = op.kinds.size();
    TORCH_CHECK(static_cast<size_t>(nargs) <= want, op.handle.operator_name(), " of libtorch ", TORCH_VERSION, " takes ", want,
                " arguments, not ", nargs, ": ", op.handle.schema());
    TORCH_CHECK(op.returns <= static_cast<size_t>(max), op.handle.operator_name(), " hands back ", op.returns, " values, not ", max);
    static thread_local torch::jit::Stack stack;
    struct Clear { ~Clear() { stack.clear(); } } clear;
    stack.clear();
    for (int32_t k = 0; k < nargs; ++k) stack.push_back(to_ivalue(args[k], op.kinds[k]));
    for (size_t k = nargs; k < want; ++k) {
      TORCH_CHECK(op.has_default[k], "argument ", k, " of ", op.handle.operator_name(), " has no default: ", op.handle.schema());
      stack.push_back(op.defaults[k]);
    }
    // Taken out of the per-thread stack: a backward pass inside the call may come back here on this thread.
    torch::jit::Stack mine;
    mine.swap(stack);
    op.handle.callBoxed(mine);
    const int32_t n = static_cast<int32_t>(mine.size());
    for (int32_t k = 0; k < n; ++k) from_ivalue(std::move(mine[k]), outs[k]);
    mine.clear();
    mine.swap(stack);  // keeps the allocation
    return n;
  }, -1);
}

API void boxed_free_list(void* p) { std::free(p); }

// ---- tensors ----
API void boxed_free(void* h) {
  if (h) c10::intrusive_ptr<at::TensorImpl, at::UndefinedTensorImpl>::reclaim(static_cast<at::TensorImpl*>(h));
}
API void* boxed_alias(void* h) { return guarded([&] { return to_handle(borrow(h)); }, nullptr); }
API void* boxed_from_data(const void* data, const int64_t* sizes, int32_t dim, int32_t dtype) {  // a copy, on the CPU
  return guarded([&]() -> void* {
    auto o = at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype));
    return to_handle(at::from_blob(const_cast<void*>(data), at::IntArrayRef(sizes, dim), o).clone());
  }, nullptr);
}
API void* boxed_data_ptr(void* h) { return guarded([&] { return View(h)->data_ptr(); }, nullptr); }
API int32_t boxed_dim(void* h) { return static_cast<int32_t>(View(h)->dim()); }
API int64_t boxed_numel(void* h) { return View(h)->numel(); }
API int64_t boxed_bytes(void* h) { return static_cast<int64_t>(View(h)->numel() * View(h)->element_size()); }
API int32_t boxed_dtype(void* h) { return static_cast<int32_t>(View(h)->scalar_type()); }
API int32_t boxed_device_type(void* h) { return static_cast<int32_t>(View(h)->device().type()); }
API int32_t boxed_device_index(void* h) { return View(h)->device().index(); }
API void boxed_sizes(void* h, int64_t* sizes, int64_t* strides) {
  View v(h);
  for (int64_t k = 0; k < v->dim(); ++k) {
    sizes[k] = v->size(k);
    if (strides) strides[k] = v->stride(k);
  }
}
API int32_t boxed_is_contiguous(void* h) { return View(h)->is_contiguous(); }

// ---- autograd ----
API int32_t boxed_is_leaf(void* h) { return View(h)->is_leaf(); }
API int32_t boxed_requires_grad(void* h) { return View(h)->requires_grad(); }
API int32_t boxed_set_requires_grad(void* h, int32_t on) {
  return guarded([&]() -> int32_t { View(h)->set_requires_grad(on != 0); return 0; }, -1);
}
// 1 and the gradient (null: none yet), or -1.
API int32_t boxed_grad(void* h, void** out) {
  return guarded([&]() -> int32_t { *out = to_handle(View(h)->grad()); return 1; }, -1);
}
API int32_t boxed_set_grad(void* h, void* g) {
  return guarded([&]() -> int32_t { View(h)->mutable_grad() = borrow(g); return 0; }, -1);
}
API int32_t boxed_backward(void* const* ts, int32_t n, void* const* gs, int32_t ngs, int32_t retain, int32_t create,
                           void* const* ins, int32_t nins) {
  return guarded([&]() -> int32_t {
    torch::autograd::backward(tensors(ts, n), tensors(gs, ngs), retain != 0, create != 0, tensors(ins, nins));
    return 0;
  }, -1);
}
API int32_t boxed_autograd_grad(void* const* ys, int32_t ny, void* const* xs, int32_t nx, void* const* gs, int32_t ngs,
                                int32_t retain, int32_t create, int32_t allow_unused, void** out) {
  return guarded([&]() -> int32_t {
    auto r = torch::autograd::grad(tensors(ys, ny), tensors(xs, nx), tensors(gs, ngs), retain != 0, create != 0, allow_unused != 0);
    for (int32_t k = 0; k < nx; ++k) out[k] = to_handle(std::move(r[k]));
    return 0;
  }, -1);
}
API int32_t boxed_grad_mode(int32_t on) {  // this thread's; hands back what it was; on < 0 asks only
  int32_t was = c10::GradMode::is_enabled();
  if (on >= 0) c10::GradMode::set_enabled(on != 0);
  return was;
}

// ---- generators (owned at::Generator*) ----
API void* boxed_generator_new(uint64_t seed) {
  return guarded([&]() -> void* { return new at::Generator(at::detail::createCPUGenerator(seed)); }, nullptr);
}
API void* boxed_generator_default() {
  return guarded([&]() -> void* { return new at::Generator(at::detail::getDefaultCPUGenerator()); }, nullptr);
}
API void boxed_generator_free(void* g) { delete static_cast<at::Generator*>(g); }
API int32_t boxed_generator_seed(void* opaque, uint64_t seed) {
  return guarded([&]() -> int32_t {
    auto& g = *static_cast<at::Generator*>(opaque);
    std::lock_guard<std::mutex> lock(g.mutex());
    g.set_current_seed(seed);
    return 0;
  }, -1);
}
API uint64_t boxed_generator_initial_seed(void* g) { return static_cast<at::Generator*>(g)->current_seed(); }
API void* boxed_generator_get_state(void* opaque) {
  return guarded([&]() -> void* {
    auto& g = *static_cast<at::Generator*>(opaque);
    std::lock_guard<std::mutex> lock(g.mutex());
    return to_handle(g.get_state());
  }, nullptr);
}
API int32_t boxed_generator_set_state(void* opaque, void* state) {
  return guarded([&]() -> int32_t {
    auto& g = *static_cast<at::Generator*>(opaque);
    TORCH_CHECK(state, "The generator state is null.");
    std::lock_guard<std::mutex> lock(g.mutex());
    g.set_state(borrow(state));
    return 0;
  }, -1);
}

// ---- the whole library ----
// OpenBLAS built on pthreads has a pool of its own, which at::set_num_threads does not reach.
API int32_t boxed_set_num_threads(int32_t n) {
  return guarded([&]() -> int32_t {
    at::set_num_threads(n);
    static const auto openblas = reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
    if (openblas) openblas(n);
    return 0;
  }, -1);
}
API int32_t boxed_get_num_threads() { return at::get_num_threads(); }
API int32_t boxed_cuda_device_count() {  // 0 without a CUDA build, a driver or a device
  return guarded([&]() -> int32_t {
    constexpr auto cuda = c10::DeviceType::CUDA;
    return c10::impl::hasDeviceGuardImpl(cuda) ? static_cast<int32_t>(c10::impl::VirtualGuardImpl(cuda).deviceCount()) : 0;
  }, 0);
}
