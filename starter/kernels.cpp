// Fused training kernels for train.py, called through ctypes on raw pointers: all that is not a large GEMM.
// Activations are bfloat16 with float accumulation; the residual stream is float. Needs AVX-512 BF16.
// Invariant: a head is 64 wide and a sequence is a multiple of 64 long; the attention tiles depend on both.
#include <immintrin.h>
#include <omp.h>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

typedef uint16_t bf16;
static const int HEAD = 64;
static const int TILE = 64;

static inline float widen(bf16 v) { uint32_t u = (uint32_t)v << 16; float f; memcpy(&f, &u, 4); return f; }
static inline bf16 narrow(float f) { uint32_t u; memcpy(&u, &f, 4); return (bf16)((u + 0x7fff + ((u >> 16) & 1)) >> 16); }
static inline __m512 load16(const bf16* p) {
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i*)p)), 16));
}
static inline void store16(bf16* p, __m512 v) { _mm256_storeu_si256((__m256i*)p, (__m256i)_mm512_cvtneps_pbh(v)); }

// exp by range reduction to 2^n * 2^f and a degree-5 polynomial; relative error about 2e-7, far below bf16.
static inline __m512 exp16(__m512 x) {
  x = _mm512_max_ps(x, _mm512_set1_ps(-87.0f));
  __m512 t = _mm512_mul_ps(x, _mm512_set1_ps(1.44269504f));
  __m512 n = _mm512_roundscale_ps(t, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  __m512 f = _mm512_sub_ps(t, n);
  __m512 p = _mm512_set1_ps(1.3333558e-3f);
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(9.6181291e-3f));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(5.5504109e-2f));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(2.4022651e-1f));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(6.9314718e-1f));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(1.0f));
  return _mm512_scalef_ps(p, n);
}

extern "C" {

// x [rows, dim] float += add [rows, dim] bf16 (add may be null); y = x / rms(x) * weight; keeps 1 / rms in scale [rows].
void rmsnorm_forward(const float* xIn, const bf16* add, float* xOut, const float* weight, bf16* y, float* scale, int rows, int dim) {
#pragma omp parallel for
  for (int r = 0; r < rows; r++) {
    const float* xi = xIn + (size_t)r * dim;
    float* xo = xOut + (size_t)r * dim;
    __m512 sum = _mm512_setzero_ps();
    for (int i = 0; i < dim; i += 16) {
      __m512 v = _mm512_loadu_ps(xi + i);
      if (add) v = _mm512_add_ps(v, load16(add + (size_t)r * dim + i));
      _mm512_storeu_ps(xo + i, v);
      sum = _mm512_fmadd_ps(v, v, sum);
    }
    float inverse = 1.0f / std::sqrt(_mm512_reduce_add_ps(sum) / dim + 1e-6f);
    scale[r] = inverse;
    for (int i = 0; i < dim; i += 16)
      store16(y + (size_t)r * dim + i, _mm512_mul_ps(_mm512_mul_ps(_mm512_loadu_ps(xo + i), _mm512_set1_ps(inverse)), _mm512_loadu_ps(weight + i)));
  }
}

// dx [rows, dim] float += gradient of rmsnorm at dy [rows, dim] bf16; dxNarrow is a bf16 copy of the new dx; dweight [dim] += ...
void rmsnorm_backward(const float* x, const bf16* dy, const float* weight, const float* scale, float* dx, bf16* dxNarrow, float* dweight, int rows, int dim) {
#pragma omp parallel
  {
    std::vector<float> own(dim, 0.0f);
#pragma omp for
    for (int r = 0; r < rows; r++) {
      const size_t o = (size_t)r * dim;
      __m512 inverse = _mm512_set1_ps(scale[r]), dot = _mm512_setzero_ps();
      for (int i = 0; i < dim; i += 16) {
        __m512 g = load16(dy + o + i), v = _mm512_mul_ps(_mm512_loadu_ps(x + o + i), inverse);
        __m512 gv = _mm512_mul_ps(g, v);
        _mm512_storeu_ps(&own[i], _mm512_add_ps(_mm512_loadu_ps(&own[i]), gv));
        dot = _mm512_fmadd_ps(gv, _mm512_loadu_ps(weight + i), dot);
      }
      __m512 mean = _mm512_set1_ps(_mm512_reduce_add_ps(dot) / dim);
      for (int i = 0; i < dim; i += 16) {
        __m512 g = _mm512_mul_ps(load16(dy + o + i), _mm512_loadu_ps(weight + i));
        __m512 v = _mm512_mul_ps(_mm512_loadu_ps(x + o + i), inverse);
        __m512 d = _mm512_fmadd_ps(_mm512_fnmadd_ps(v, mean, g), inverse, _mm512_loadu_ps(dx + o + i));
        _mm512_storeu_ps(dx + o + i, d);
        store16(dxNarrow + o + i, d);
      }
    }
#pragma omp critical
    for (int i = 0; i < dim; i++) dweight[i] += own[i];
  }
}

// qkv [rows, width] bf16 in place: add bias, then rotate the first nRotated heads (queries and keys); halves are (i, i + 32) as in Hugging Face.
void bias_rope_forward(bf16* qkv, const float* bias, const float* cosine, const float* sine, int rows, int width, int nRotated, int length) {
#pragma omp parallel for
  for (int r = 0; r < rows; r++) {
    const float *c = cosine + (size_t)(r % length) * 32, *s = sine + (size_t)(r % length) * 32;
    for (int h = 0; h * HEAD < width; h++) {
      bf16* p = qkv + (size_t)r * width + h * HEAD;
      const float* b = bias + h * HEAD;
      for (int i = 0; i < 32; i += 16) {
        __m512 lo = _mm512_add_ps(load16(p + i), _mm512_loadu_ps(b + i)), hi = _mm512_add_ps(load16(p + 32 + i), _mm512_loadu_ps(b + 32 + i));
        if (h < nRotated) {
          __m512 cv = _mm512_loadu_ps(c + i), sv = _mm512_loadu_ps(s + i);
          __m512 rotated = _mm512_fmsub_ps(lo, cv, _mm512_mul_ps(hi, sv));
          hi = _mm512_fmadd_ps(hi, cv, _mm512_mul_ps(lo, sv));
          lo = rotated;
        }
        store16(p + i, lo);
        store16(p + 32 + i, hi);
      }
    }
  }
}

void bias_rope_backward(bf16* dqkv, float* dbias, const float* cosine, const float* sine, int rows, int width, int nRotated, int length) {
#pragma omp parallel
  {
    std::vector<float> own(width, 0.0f);
#pragma omp for
    for (int r = 0; r < rows; r++) {
      const float *c = cosine + (size_t)(r % length) * 32, *s = sine + (size_t)(r % length) * 32;
      for (int h = 0; h * HEAD < width; h++) {
        bf16* p = dqkv + (size_t)r * width + h * HEAD;
        float* b = &own[h * HEAD];
        for (int i = 0; i < 32; i += 16) {
          __m512 lo = load16(p + i), hi = load16(p + 32 + i);
          if (h < nRotated) {
            __m512 cv = _mm512_loadu_ps(c + i), sv = _mm512_loadu_ps(s + i);
            __m512 rotated = _mm512_fmadd_ps(lo, cv, _mm512_mul_ps(hi, sv));
            hi = _mm512_fmsub_ps(hi, cv, _mm512_mul_ps(lo, sv));
            lo = rotated;
            store16(p + i, lo);
            store16(p + 32 + i, hi);
          }
          _mm512_storeu_ps(b + i, _mm512_add_ps(_mm512_loadu_ps(b + i), lo));
          _mm512_storeu_ps(b + 32 + i, _mm512_add_ps(_mm512_loadu_ps(b + 32 + i), hi));
        }
      }
    }
#pragma omp critical
    for (int i = 0; i < width; i++) dbias[i] += own[i];
  }
}
}

// c [6 or fewer rows, 64] float (+)= a [rows, 2 * pairs] bf16 x panel [pairs, 64, 2] bf16. 24 accumulators stay in registers.
template <int ROWS>
static inline void multiplyRows(const bf16* a, size_t aStride, const bf16* panel, int pairs, float* c, size_t cStride, bool accumulate) {
  __m512 acc[ROWS][4];
  for (int r = 0; r < ROWS; r++)
    for (int v = 0; v < 4; v++) acc[r][v] = accumulate ? _mm512_loadu_ps(c + r * cStride + v * 16) : _mm512_setzero_ps();
  for (int k = 0; k < pairs; k++) {
    const bf16* b = panel + (size_t)k * 128;
    __m512bh b0 = (__m512bh)_mm512_loadu_si512(b), b1 = (__m512bh)_mm512_loadu_si512(b + 32), b2 = (__m512bh)_mm512_loadu_si512(b + 64), b3 = (__m512bh)_mm512_loadu_si512(b + 96);
    for (int r = 0; r < ROWS; r++) {
      int pair;
      memcpy(&pair, a + r * aStride + 2 * k, 4);
      __m512bh av = (__m512bh)_mm512_set1_epi32(pair);
      acc[r][0] = _mm512_dpbf16_ps(acc[r][0], av, b0);
      acc[r][1] = _mm512_dpbf16_ps(acc[r][1], av, b1);
      acc[r][2] = _mm512_dpbf16_ps(acc[r][2], av, b2);
      acc[r][3] = _mm512_dpbf16_ps(acc[r][3], av, b3);
    }
  }
  for (int r = 0; r < ROWS; r++)
    for (int v = 0; v < 4; v++) _mm512_storeu_ps(c + r * cStride + v * 16, acc[r][v]);
}
static void multiplyTile(const bf16* a, size_t aStride, const bf16* panel, int pairs, float* c, size_t cStride, bool accumulate) {
  for (int r = 0; r < 60; r += 6) multiplyRows<6>(a + r * aStride, aStride, panel, pairs, c + r * cStride, cStride, accumulate);
  multiplyRows<4>(a + 60 * aStride, aStride, panel, pairs, c + 60 * cStride, cStride, accumulate);
}

// rows [length, 64] -> panels of pairs along the rows: [length / 2, 64, 2].
static void packPairsOfRows(const bf16* src, size_t stride, int length, bf16* out) {
  for (int r = 0; r < length; r += 2)
    for (int i = 0; i < HEAD; i += 16) {
      __m512i lo = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i*)(src + r * stride + i)));
      __m512i hi = _mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i*)(src + (r + 1) * stride + i))), 16);
      _mm512_storeu_si512(out + (size_t)r * HEAD + i * 2, _mm512_or_si512(lo, hi));
    }
}
// rows [length, 64] -> per 64 rows one panel with pairs along the columns: [length / 64, 32, 64 rows, 2].
static void packPairsOfColumns(const bf16* src, size_t stride, int length, bf16* out) {
  for (int p = 0; p < length; p += TILE)
    for (int n = 0; n < TILE; n++)
      for (int k = 0; k < 32; k++) memcpy(out + (size_t)p * HEAD + (k * 64 + n) * 2, src + (p + n) * stride + 2 * k, 4);
}
static void transposeTile(const bf16* src, size_t stride, bf16* out) {
  for (int r = 0; r < TILE; r++)
    for (int i = 0; i < HEAD; i++) out[i * TILE + r] = src[r * stride + i];
}

extern "C" {

// Causal attention. qkv [batch * length, (nQuery + 2 * nKey) * 64] bf16, rotated; out [batch * length, nQuery * 64];
// logsum [batch, nQuery, length] keeps log of the sum of exponentials for the backward pass.
void attention_forward(const bf16* qkv, bf16* out, float* logsum, int batch, int length, int nQuery, int nKey) {
  const size_t width = (size_t)(nQuery + 2 * nKey) * HEAD;
  const float scale = 1.0f / 8.0f;
#pragma omp parallel
  {
    std::vector<bf16> keys((size_t)length * HEAD), values((size_t)length * HEAD), weights((size_t)TILE * length);
    std::vector<float> scores((size_t)TILE * length), result(TILE * HEAD);
#pragma omp for schedule(dynamic)
    for (int unit = 0; unit < batch * nKey; unit++) {
      const int b = unit / nKey, kh = unit % nKey;
      const bf16* base = qkv + (size_t)b * length * width;
      packPairsOfColumns(base + (size_t)(nQuery + kh) * HEAD, width, length, keys.data());
      packPairsOfRows(base + (size_t)(nQuery + nKey + kh) * HEAD, width, length, values.data());
      for (int g = 0; g < nQuery / nKey; g++) {
        const int h = kh * (nQuery / nKey) + g;
        for (int q0 = 0; q0 < length; q0 += TILE) {
          const int span = q0 + TILE;
          for (int k0 = 0; k0 < span; k0 += TILE)
            multiplyTile(base + (size_t)q0 * width + h * HEAD, width, keys.data() + (size_t)k0 * HEAD, 32, scores.data() + k0, length, false);
          for (int r = 0; r < TILE; r++) {
            float* s = scores.data() + (size_t)r * length;
            for (int k = q0 + r + 1; k < span; k++) s[k] = -1e30f;
            __m512 top = _mm512_set1_ps(-1e30f), sum = _mm512_setzero_ps();
            for (int k = 0; k < span; k += 16) top = _mm512_max_ps(top, _mm512_loadu_ps(s + k));
            const float highest = _mm512_reduce_max_ps(top) * scale;
            for (int k = 0; k < span; k += 16) {
              __m512 e = exp16(_mm512_fmsub_ps(_mm512_loadu_ps(s + k), _mm512_set1_ps(scale), _mm512_set1_ps(highest)));
              sum = _mm512_add_ps(sum, e);
              store16(weights.data() + (size_t)r * length + k, e);
            }
            s[0] = _mm512_reduce_add_ps(sum);
            logsum[((size_t)b * nQuery + h) * length + q0 + r] = highest + std::log(s[0]);
          }
          multiplyTile(weights.data(), length, values.data(), span / 2, result.data(), HEAD, false);
          for (int r = 0; r < TILE; r++) {
            __m512 inverse = _mm512_set1_ps(1.0f / scores[(size_t)r * length]);
            for (int i = 0; i < HEAD; i += 16)
              store16(out + ((size_t)b * length + q0 + r) * nQuery * HEAD + h * HEAD + i, _mm512_mul_ps(_mm512_loadu_ps(&result[r * HEAD + i]), inverse));
          }
        }
      }
    }
  }
}

// dqkv [batch * length, (nQuery + 2 * nKey) * 64] from dout [batch * length, nQuery * 64]; probabilities are recomputed tile by tile.
void attention_backward(const bf16* qkv, const bf16* out, const bf16* dout, const float* logsum, bf16* dqkv, int batch, int length, int nQuery, int nKey) {
  const size_t width = (size_t)(nQuery + 2 * nKey) * HEAD, outWidth = (size_t)nQuery * HEAD;
  const float scale = 1.0f / 8.0f;
#pragma omp parallel
  {
    const size_t full = (size_t)length * HEAD;
    std::vector<bf16> keyColumns(full), keyRows(full), valueColumns(full), queryTurned(TILE * HEAD), doutTurned(TILE * HEAD);
    std::vector<bf16> dscoreRows((size_t)TILE * length), dscorePairs((size_t)TILE * length), weightPairs((size_t)TILE * length);
    std::vector<float> scores((size_t)TILE * length), dweights((size_t)TILE * length), dkey(full), dvalue(full), dquery(TILE * HEAD);
#pragma omp for schedule(dynamic)
    for (int unit = 0; unit < batch * nKey; unit++) {
      const int b = unit / nKey, kh = unit % nKey;
      const bf16* base = qkv + (size_t)b * length * width;
      bf16* dbase = dqkv + (size_t)b * length * width;
      packPairsOfColumns(base + (size_t)(nQuery + kh) * HEAD, width, length, keyColumns.data());
      packPairsOfRows(base + (size_t)(nQuery + kh) * HEAD, width, length, keyRows.data());
      packPairsOfColumns(base + (size_t)(nQuery + nKey + kh) * HEAD, width, length, valueColumns.data());
      memset(dkey.data(), 0, full * 4);    // [64, length]: turned, so that keys are the lanes
      memset(dvalue.data(), 0, full * 4);  // [64, length]
      for (int g = 0; g < nQuery / nKey; g++) {
        const int h = kh * (nQuery / nKey) + g;
        for (int q0 = 0; q0 < length; q0 += TILE) {
          const int span = q0 + TILE;
          const bf16* query = base + (size_t)q0 * width + h * HEAD;
          const bf16* dTile = dout + ((size_t)b * length + q0) * outWidth + h * HEAD;
          const bf16* oTile = out + ((size_t)b * length + q0) * outWidth + h * HEAD;
          transposeTile(query, width, queryTurned.data());
          transposeTile(dTile, outWidth, doutTurned.data());
          for (int k0 = 0; k0 < span; k0 += TILE) {
            multiplyTile(query, width, keyColumns.data() + (size_t)k0 * HEAD, 32, scores.data() + k0, length, false);
            multiplyTile(dTile, outWidth, valueColumns.data() + (size_t)k0 * HEAD, 32, dweights.data() + k0, length, false);
          }
          for (int r = 0; r < TILE; r += 2) {
            __m512 delta[2], shift[2];
            for (int j = 0; j < 2; j++) {
              __m512 dot = _mm512_setzero_ps();
              for (int i = 0; i < HEAD; i += 16) dot = _mm512_fmadd_ps(load16(oTile + (r + j) * outWidth + i), load16(dTile + (r + j) * outWidth + i), dot);
              delta[j] = _mm512_set1_ps(_mm512_reduce_add_ps(dot));
              shift[j] = _mm512_set1_ps(logsum[((size_t)b * nQuery + h) * length + q0 + r + j]);
              float* s = scores.data() + (size_t)(r + j) * length;
              for (int k = q0 + r + j + 1; k < span; k++) s[k] = -1e30f;
            }
            for (int k = 0; k < span; k += 16) {
              __m512i p[2], d[2];
              for (int j = 0; j < 2; j++) {
                const size_t at = (size_t)(r + j) * length + k;
                __m512 w = exp16(_mm512_fmsub_ps(_mm512_loadu_ps(&scores[at]), _mm512_set1_ps(scale), shift[j]));
                __m512 ds = _mm512_mul_ps(_mm512_mul_ps(w, _mm512_set1_ps(scale)), _mm512_sub_ps(_mm512_loadu_ps(&dweights[at]), delta[j]));
                store16(&dscoreRows[at], ds);
                p[j] = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(w));
                d[j] = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh(ds));
              }
              const size_t pairAt = (size_t)(k / TILE) * TILE * TILE + (size_t)(r / 2) * 128 + (k % TILE) * 2;
              _mm512_storeu_si512(&weightPairs[pairAt], _mm512_or_si512(p[0], _mm512_slli_epi32(p[1], 16)));
              _mm512_storeu_si512(&dscorePairs[pairAt], _mm512_or_si512(d[0], _mm512_slli_epi32(d[1], 16)));
            }
          }
          multiplyTile(dscoreRows.data(), length, keyRows.data(), span / 2, dquery.data(), HEAD, false);
          for (int k0 = 0; k0 < span; k0 += TILE) {
            multiplyTile(doutTurned.data(), TILE, weightPairs.data() + (size_t)k0 * TILE, 32, dvalue.data() + k0, length, true);
            multiplyTile(queryTurned.data(), TILE, dscorePairs.data() + (size_t)k0 * TILE, 32, dkey.data() + k0, length, true);
          }
          for (int r = 0; r < TILE; r++)
            for (int i = 0; i < HEAD; i += 16) store16(dbase + (size_t)(q0 + r) * width + h * HEAD + i, _mm512_loadu_ps(&dquery[r * HEAD + i]));
        }
      }
      for (int t0 = 0; t0 < length; t0 += 16)
        for (int i = 0; i < HEAD; i++)
          for (int t = t0; t < t0 + 16; t++) {
            dbase[(size_t)t * width + (nQuery + kh) * HEAD + i] = narrow(dkey[(size_t)i * length + t]);
            dbase[(size_t)t * width + (nQuery + nKey + kh) * HEAD + i] = narrow(dvalue[(size_t)i * length + t]);
          }
    }
  }
}

// gateUp [rows, 2 * inner] bf16 -> h [rows, inner] = silu(gate) * up.
void swiglu_forward(const bf16* gateUp, bf16* h, int rows, int inner) {
#pragma omp parallel for
  for (int r = 0; r < rows; r++)
    for (int i = 0; i < inner; i += 16) {
      __m512 g = load16(gateUp + (size_t)r * 2 * inner + i), u = load16(gateUp + (size_t)r * 2 * inner + inner + i);
      __m512 s = _mm512_div_ps(g, _mm512_add_ps(_mm512_set1_ps(1.0f), exp16(_mm512_sub_ps(_mm512_setzero_ps(), _mm512_min_ps(g, _mm512_set1_ps(80.f))))));
      store16(h + (size_t)r * inner + i, _mm512_mul_ps(s, u));
    }
}
// dh [rows, inner] -> dGateUp [rows, 2 * inner] (may alias gateUp).
void swiglu_backward(const bf16* gateUp, const bf16* dh, bf16* dGateUp, int rows, int inner) {
  const __m512 one = _mm512_set1_ps(1.0f);
#pragma omp parallel for
  for (int r = 0; r < rows; r++)
    for (int i = 0; i < inner; i += 16) {
      const size_t at = (size_t)r * 2 * inner + i;
      __m512 g = load16(gateUp + at), u = load16(gateUp + at + inner), d = load16(dh + (size_t)r * inner + i);
      __m512 sig = _mm512_div_ps(one, _mm512_add_ps(one, exp16(_mm512_sub_ps(_mm512_setzero_ps(), _mm512_min_ps(g, _mm512_set1_ps(80.f))))));
      __m512 s = _mm512_mul_ps(g, sig);
      __m512 slope = _mm512_mul_ps(sig, _mm512_fmadd_ps(g, _mm512_sub_ps(one, sig), one));
      store16(dGateUp + at, _mm512_mul_ps(_mm512_mul_ps(d, u), slope));
      store16(dGateUp + at + inner, _mm512_mul_ps(d, s));
    }
}

// x [rows, dim] float = table [vocabulary, dim] float at ids.
void embed_forward(const float* table, const int32_t* ids, float* x, int rows, int dim) {
#pragma omp parallel for
  for (int r = 0; r < rows; r++) memcpy(x + (size_t)r * dim, table + (size_t)ids[r] * dim, dim * 4);
}
// One thread owns each table row (ids modulo threads), so that no two add to the same row.
void embed_backward(const float* dx, const int32_t* ids, float* dtable, int rows, int dim) {
#pragma omp parallel
  {
    const int me = omp_get_thread_num(), all = omp_get_num_threads();
    for (int r = 0; r < rows; r++)
      if (ids[r] % all == me)
        for (int i = 0; i < dim; i++) dtable[(size_t)ids[r] * dim + i] += dx[(size_t)r * dim + i];
  }
}

// logits [rows, vocabulary] bf16 become their gradient, (softmax - onehot) * weight; loss [rows] float unweighted, in nats.
void cross_entropy(bf16* logits, const int32_t* targets, const float* weight, float* loss, int rows, int vocabulary) {
#pragma omp parallel for
  for (int r = 0; r < rows; r++) {
    bf16* row = logits + (size_t)r * vocabulary;
    __m512 top = _mm512_set1_ps(-1e30f), sum = _mm512_setzero_ps();
    for (int i = 0; i < vocabulary; i += 16) top = _mm512_max_ps(top, load16(row + i));
    const __m512 highest = _mm512_set1_ps(_mm512_reduce_max_ps(top));
    for (int i = 0; i < vocabulary; i += 16) sum = _mm512_add_ps(sum, exp16(_mm512_sub_ps(load16(row + i), highest)));
    const float logTotal = _mm512_cvtss_f32(highest) + std::log(_mm512_reduce_add_ps(sum));
    loss[r] = logTotal - widen(row[targets[r]]);
    const float w = weight[r];
    const __m512 shift = _mm512_set1_ps(logTotal), factor = _mm512_set1_ps(w);
    const float hit = (std::exp(-loss[r]) - 1.0f) * w;
    for (int i = 0; i < vocabulary; i += 16) store16(row + i, _mm512_mul_ps(exp16(_mm512_sub_ps(load16(row + i), shift)), factor));
    row[targets[r]] = narrow(hit);
  }
}

// accumulator [n] float += value [n] bf16.
void add_narrow(float* accumulator, const bf16* value, int64_t n) {
#pragma omp parallel for
  for (int64_t i = 0; i < n; i += 16) _mm512_storeu_ps(accumulator + i, _mm512_add_ps(_mm512_loadu_ps(accumulator + i), load16(value + i)));
}

// AdamW in place, then the bf16 copy the GEMMs read (narrowCopy may be null).
void adamw(float* p, const float* g, float* m, float* v, bf16* narrowCopy, int64_t n, float gradScale, float rate, float beta1, float beta2, float eps, float decay, float correct1, float correct2) {
#pragma omp parallel for
  for (int64_t i = 0; i < n; i++) {
    const float gi = g[i] * gradScale;
    m[i] = beta1 * m[i] + (1 - beta1) * gi;
    v[i] = beta2 * v[i] + (1 - beta2) * gi * gi;
    p[i] -= rate * ((m[i] / correct1) / (std::sqrt(v[i] / correct2) + eps) + decay * p[i]);
    if (narrowCopy) narrowCopy[i] = narrow(p[i]);
  }
}
}
