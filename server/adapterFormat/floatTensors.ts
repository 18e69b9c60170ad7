// Stored floats (F32, F16, BF16) as f32. The widening is exact.

export const floatDtypes = ['F32', 'F16', 'BF16'] as const;
export type FloatDtype = (typeof floatDtypes)[number];

export function isFloatDtype(dtype: string): dtype is FloatDtype {
  return (floatDtypes as readonly string[]).includes(dtype);
}

/** `bytes` holds little-endian elements, at any alignment. */
export function toFloat32(bytes: Uint8Array, dtype: FloatDtype): Float32Array {
  // A copy by constructor: `slice` of a Node Buffer would be a view into its pool.
  const aligned = new Uint8Array(bytes);
  if (dtype === 'F32') return new Float32Array(aligned.buffer, 0, aligned.length / 4);
  const halves = new Uint16Array(aligned.buffer, 0, aligned.length / 2);
  const bits = new Uint32Array(halves.length);
  if (dtype === 'BF16') for (let index = 0; index < halves.length; index++) bits[index] = (halves[index] ?? 0) << 16;
  else for (let index = 0; index < halves.length; index++) bits[index] = float16Bits[halves[index] ?? 0] ?? 0;
  return new Float32Array(bits.buffer);
}

/** Every half-precision number as the bits of its f32 (IEEE 754): 65,536 entries beat arithmetic per element. */
const float16Bits: Uint32Array = Uint32Array.from({ length: 65_536 }, (_, half) => {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return sign | 0x7f800000 | (fraction << 13);
  if (exponent !== 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  const magnitude = new Uint32Array(new Float32Array([fraction * 2 ** -24]).buffer)[0] ?? 0;
  return sign | magnitude;
});
