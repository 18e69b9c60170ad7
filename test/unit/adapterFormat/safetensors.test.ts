// safetensors: what is written is read back, and damaged files are refused before any tensor is touched.
import { describe, expect, it } from 'vitest';
import { toFloat32 } from '../../../server/adapterFormat/floatTensors.ts';
import { readHeader, writeSafetensors } from '../../../server/adapterFormat/safetensors.ts';

const tensors = [
  { name: 'a', shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
  { name: 'b', shape: [0], data: new Float32Array() },
  { name: 'c', shape: [], data: Float32Array.of(-0.5) },
];

describe('a safetensors file', () => {
  it('gives back what was written', () => {
    const file = writeSafetensors(tensors, { format: 'pt', note: 'é' });
    const { tensors: read, metadata } = readHeader(file);
    expect(metadata).toEqual({ format: 'pt', note: 'é' });
    expect([...read.keys()]).toEqual(['a', 'b', 'c']);
    for (const { name, shape, data } of tensors) {
      const tensor = read.get(name);
      expect(tensor).toMatchObject({ dtype: 'F32', shape });
      expect(toFloat32(file.subarray(tensor?.startBytes, tensor?.endBytes), 'F32')).toEqual(data);
    }
  });

  it('starts its data at a multiple of eight bytes', () => expect((readHeader(writeSafetensors(tensors)).tensors.get('a')?.startBytes ?? 1) % 8).toBe(0));

  const whole = writeSafetensors(tensors);
  const entry = (changes: object): object => ({ a: { dtype: 'F32', shape: [1], data_offsets: [0, 4], ...changes } });
  const damaged: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['empty', new Uint8Array(), /shorter/],
    ['cut within the length', whole.subarray(0, 5), /shorter/],
    ['cut within the header', whole.subarray(0, 40), /claims/],
    ['cut within the data', whole.subarray(0, whole.length - 1), /beyond its end/],
    ['a header of 2^63 bytes', withLength(whole, 2n ** 63n), /claims/],
    ['no JSON', fileOf('{"a":'), /not JSON/],
    ['an array as header', fileOf('[1]'), /not an object/],
    ['an entry without offsets', fileOf({ a: { dtype: 'F32', shape: [1] } }), /malformed/],
    ['negative offsets', fileOf(entry({ data_offsets: [-4, 0] })), /malformed/],
    ['offsets that run backwards', fileOf(entry({ data_offsets: [4, 0] }), 8), /beyond/],
    ['more elements than bytes', fileOf(entry({ shape: [2] }), 4), /4 bytes for 2/],
    ['overlapping tensors', fileOf({ ...entry({}), b: { dtype: 'F32', shape: [1], data_offsets: [2, 6] } }, 8), /overlaps/],
    ['metadata that are no strings', fileOf({ __metadata__: { a: 1 } }), /metadata/],
  ];
  it.each(damaged)('is refused: %s', (_title, file, message) => {
    expect(() => readHeader(file)).toThrow(expect.objectContaining({ code: 'safetensors.corrupt', message: expect.stringMatching(message) }));
  });
});

describe('half-precision numbers', () => {
  const cases: readonly (readonly ['F16' | 'BF16', number, number])[] = [
    ['F16', 0x3c00, 1],
    ['F16', 0xc000, -2],
    ['F16', 0x7bff, 65_504],
    ['F16', 0x0001, 2 ** -24],
    ['F16', 0x83ff, -(1023 * 2 ** -24)],
    ['F16', 0x7c00, Infinity],
    ['F16', 0x8000, -0],
    ['F16', 0x7e00, Number.NaN],
    ['BF16', 0x3f80, 1],
    ['BF16', 0xc2f7, -123.5],
    ['BF16', 0x0000, 0],
  ];
  it.each(cases)('%s %i is %d', (dtype, bits, value) => {
    expect(toFloat32(new Uint8Array(Uint16Array.of(bits).buffer), dtype)[0]).toBe(value);
  });

  it('are read from any alignment', () => {
    const bytes = new Uint8Array(7);
    bytes.set(new Uint8Array(Uint16Array.of(0x3c00, 0xc000, 0x3c00).buffer), 1);
    expect(toFloat32(bytes.subarray(1), 'F16')).toEqual(Float32Array.of(1, -2, 1));
  });
});

function fileOf(header: object | string, dataBytes = 0): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + dataBytes);
  file.set(text, 8);
  return withLength(file, BigInt(text.length));
}

function withLength(file: Uint8Array, length: bigint): Uint8Array {
  const copy = file.slice();
  new DataView(copy.buffer).setBigUint64(0, length, true);
  return copy;
}
