// The safetensors format over bytes: 8 bytes header length (little-endian), JSON header, tensor data. Reading trusts nothing: lengths, offsets,
// shapes and overlaps are checked before any tensor is touched (huggingface/safetensors, "Format").
import * as z from 'zod';
import { AdapterFormatError } from './errors.ts';

/** Bytes per element of the dtypes that we may meet; others are refused when they are read. */
const dtypeBytes: Readonly<Record<string, number>> = { F64: 8, F32: 4, F16: 2, BF16: 2, I64: 8, I32: 4, I16: 2, I8: 1, U8: 1, BOOL: 1 };

/** The Rust implementation refuses longer headers. */
const maxHeaderBytes = 100_000_000;

export interface StoredTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** From the start of the file, half-open. */
  readonly startBytes: number;
  readonly endBytes: number;
}

export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

const entry = z.strictObject({
  dtype: z.string(),
  shape: z.array(z.number().int().nonnegative()),
  data_offsets: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]),
});

/** Length of the header in bytes; the header follows these 8 bytes. */
export function headerLengthBytes(firstEightBytes: Uint8Array, fileBytes: number): number {
  if (firstEightBytes.length < 8 || fileBytes < 8) corrupt('it is shorter than a header');
  const length = Number(viewOf(firstEightBytes).getBigUint64(0, true));
  if (length > maxHeaderBytes || 8 + length > fileBytes) corrupt(`its header claims ${length} bytes`, { fileBytes });
  return length;
}

/** `header` is the JSON after the length, `fileBytes` the size of the whole file. */
export function parseHeader(header: Uint8Array, fileBytes: number): SafetensorsHeader {
  const { __metadata__: metadata, ...entries } = headerJson(header);
  const dataStart = 8 + header.length;
  const tensors = new Map<string, StoredTensor>();
  for (const [name, value] of Object.entries(entries)) {
    const result = entry.safeParse(value);
    if (!result.success) corrupt(`the entry of ${name} is malformed`, { tensor: name });
    const { dtype, shape, data_offsets: offsets } = result.data;
    const [startBytes, endBytes] = [dataStart + offsets[0], dataStart + offsets[1]];
    const size = dtypeBytes[dtype];
    if (endBytes < startBytes || endBytes > fileBytes) corrupt(`${name} lies beyond its end (bytes ${startBytes} to ${endBytes} of ${fileBytes})`, { tensor: name });
    const elements = shape.reduce((product, dim) => product * dim, 1);
    if (size !== undefined && endBytes - startBytes !== elements * size) corrupt(`${name} has ${endBytes - startBytes} bytes for ${elements} ${dtype}`, { tensor: name });
    tensors.set(name, { dtype, shape, startBytes, endBytes });
  }
  checkNoOverlap(tensors);
  const strings = z.record(z.string(), z.string()).safeParse(metadata ?? {});
  if (!strings.success) corrupt('its metadata are not strings');
  return { tensors, metadata: strings.data };
}

export function readHeader(file: Uint8Array): SafetensorsHeader {
  const length = headerLengthBytes(file.subarray(0, 8), file.length);
  return parseHeader(file.subarray(8, 8 + length), file.length);
}

export interface TensorToWrite {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A whole file of f32 tensors, in the given order; the same input gives the same bytes. */
export function writeSafetensors(tensors: readonly TensorToWrite[], metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  let offset = 0;
  const entries: [string, unknown][] = [];
  for (const { name, shape, data } of tensors) {
    entries.push([name, { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] }]);
    offset += data.byteLength;
  }
  const header = headerBytes(entries, metadata);
  const file = new Uint8Array(header.length + offset);
  file.set(header);
  let position = header.length;
  for (const { data } of tensors) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  return file;
}

/** Length and JSON, padded with spaces so that the data start at a multiple of `alignment`. */
export function headerBytes(entries: readonly [string, unknown][], metadata: Readonly<Record<string, string>>, alignment = 8): Uint8Array {
  const json = JSON.stringify({ ...(Object.keys(metadata).length > 0 && { __metadata__: metadata }), ...Object.fromEntries(entries) });
  const text = new TextEncoder().encode(json);
  const total = Math.ceil((8 + text.length) / alignment) * alignment;
  const bytes = new Uint8Array(total).fill(0x20);
  viewOf(bytes).setBigUint64(0, BigInt(total - 8), true);
  bytes.set(text, 8);
  return bytes;
}

function headerJson(header: Uint8Array): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(header));
  } catch (cause) {
    corrupt('its header is not JSON', {}, cause);
  }
  const result = z.record(z.string(), z.unknown()).safeParse(json);
  if (!result.success) corrupt('its header is not an object');
  return result.data;
}

function checkNoOverlap(tensors: ReadonlyMap<string, StoredTensor>): void {
  let end = 0;
  for (const [name, tensor] of [...tensors].sort(([, a], [, b]) => a.startBytes - b.startBytes || a.endBytes - b.endBytes)) {
    if (tensor.startBytes < end) corrupt(`${name} overlaps another tensor`, { tensor: name });
    end = Math.max(end, tensor.endBytes);
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function corrupt(reason: string, details: Readonly<Record<string, unknown>> = {}, cause?: unknown): never {
  throw new AdapterFormatError('safetensors.corrupt', `The safetensors file is damaged: ${reason}.`, { reason, ...details }, cause);
}
