// Adam's update as one pass over memory. libtorch 1.13 has no fused kernel for the CPU, and its foreach kernels walk the parameters'
// memory about twenty times a step; this one reads p, g, m, v and writes p, m, v. Elementwise, so the result does not depend on threads.
// Kingma and Ba, "Adam", 2015, algorithm 1 in the form of section 2 (bias corrections folded into the step size), as PyTorch computes it.
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace {

struct Constants {  // the same in C#
  double beta1, beta2, eps, weight_decay, step_size, sqrt_correction2;
  int32_t maximize, unused;
};

// Clones for wider vectors, picked when the library is loaded.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define WIDE __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define WIDE
#endif

template <class T>
inline __attribute__((always_inline)) void range(T* __restrict p, const T* __restrict g, T* __restrict m, T* __restrict v,
                                                 T* __restrict top, int64_t n, const Constants& c) {
  const T b1 = c.beta1, b2 = c.beta2, r1 = 1 - c.beta1, r2 = 1 - c.beta2, eps = c.eps, decay = c.weight_decay;
  const T step = c.step_size, root = 1 / c.sqrt_correction2, sign = c.maximize ? -1 : 1;
  if (top) {
    for (int64_t k = 0; k < n; ++k) {
      const T d = sign * g[k] + decay * p[k];
      m[k] = b1 * m[k] + r1 * d;
      v[k] = b2 * v[k] + r2 * d * d;
      top[k] = std::max(top[k], v[k]);
      p[k] -= step * m[k] / (std::sqrt(top[k]) * root + eps);
    }
  } else {
    for (int64_t k = 0; k < n; ++k) {
      const T d = sign * g[k] + decay * p[k];
      m[k] = b1 * m[k] + r1 * d;
      v[k] = b2 * v[k] + r2 * d * d;
      p[k] -= step * m[k] / (std::sqrt(v[k]) * root + eps);
    }
  }
}

WIDE void range_float(float* p, const float* g, float* m, float* v, float* top, int64_t n, const Constants& c) { range(p, g, m, v, top, n, c); }
WIDE void range_double(double* p, const double* g, double* m, double* v, double* top, int64_t n, const Constants& c) { range(p, g, m, v, top, n, c); }

constexpr int64_t Grain = 1 << 14;  // elements: a few microseconds of work, well above what waking a thread costs

}  // namespace

// p, g, m, v, top: contiguous memory of n elements each on the CPU; top may be null (no amsgrad).
extern "C" __attribute__((visibility("default"))) void boxed_adam(void* p, const void* g, void* m, void* v, void* top, int64_t n,
                                                                  int32_t is_double, const Constants* c) {
  at::parallel_for(0, n, Grain, [&](int64_t a, int64_t z) {
    if (is_double) {
      range_double(static_cast<double*>(p) + a, static_cast<const double*>(g) + a, static_cast<double*>(m) + a,
                   static_cast<double*>(v) + a, top ? static_cast<double*>(top) + a : nullptr, z - a, *c);
    } else {
      range_float(static_cast<float*>(p) + a, static_cast<const float*>(g) + a, static_cast<float*>(m) + a,
                  static_cast<float*>(v) + a, top ? static_cast<float*>(top) + a : nullptr, z - a, *c);
    }
  });
}
