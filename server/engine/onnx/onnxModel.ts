// ONNX models as plain data, and their protobuf bytes. Weights are never inside: an external initializer names a place
// in a file that the runtime memory-maps (ONNX, "External data").
import onnxProto from 'onnx-proto';
import type { onnx as Proto } from 'onnx-proto';

export type OnnxType = 'f32' | 'i32' | 'i64' | 'bool';

/** number: that size; string: a symbol, equal wherever it is used. */
export type OnnxDim = number | string;

export interface OnnxValueInfo {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly OnnxDim[];
}

export type OnnxAttribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly ints: readonly number[] }
  | { readonly string: string }
  | { readonly graph: OnnxGraph };

export interface OnnxNode {
  readonly op: string;
  /** '' is ONNX's own domain. */
  readonly domain: '' | 'com.microsoft';
  /** '' stands for an optional input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** A small constant that travels inside the model. */
export interface OnnxConstant {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data:
    | { readonly type: 'f32'; readonly values: Float32Array }
    | { readonly type: 'i32'; readonly values: Int32Array }
    | { readonly type: 'i64'; readonly values: BigInt64Array };
}

/** A tensor inside a file; `file` is relative to the folder that the session is told. */
export interface OnnxExternal {
  readonly name: string;
  readonly type: OnnxType;
  readonly shape: readonly number[];
  readonly file: string;
  readonly offsetBytes: number;
  readonly lengthBytes: number;
}

/** A subgraph (the body of a Scan) may read every name of the graph around it. */
export interface OnnxGraph {
  readonly name: string;
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
  readonly constants: readonly OnnxConstant[];
  readonly externals: readonly OnnxExternal[];
  readonly nodes: readonly OnnxNode[];
}

// A CommonJS module without statically visible names: only its default import works everywhere.
const { onnx } = onnxProto;

const opsetVersion = 23;
const irVersion = 11;

export function encodeOnnxModel(model: OnnxGraph): Uint8Array {
  const proto = onnx.ModelProto.create({
    irVersion,
    producerName: 'graft',
    opsetImport: [
      { domain: '', version: opsetVersion },
      { domain: 'com.microsoft', version: 1 },
    ],
    graph: graphProto(model),
  });
  return onnx.ModelProto.encode(proto).finish();
}

function graphProto(graph: OnnxGraph): Proto.IGraphProto {
  return {
    name: graph.name,
    input: graph.inputs.map(valueInfo),
    output: graph.outputs.map(valueInfo),
    initializer: [...graph.constants.map(constantTensor), ...graph.externals.map(externalTensor)],
    node: graph.nodes.map(nodeProto),
  };
}

function valueInfo(value: OnnxValueInfo): Proto.IValueInfoProto {
  const dim = value.shape.map((d) => (typeof d === 'number' ? { dimValue: d } : { dimParam: d }));
  return { name: value.name, type: { tensorType: { elemType: elementType[value.type], shape: { dim } } } };
}

function constantTensor(constant: OnnxConstant): Proto.ITensorProto {
  const { values, type } = constant.data;
  return {
    name: constant.name,
    dims: [...constant.shape],
    dataType: elementType[type],
    rawData: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  };
}

function externalTensor(external: OnnxExternal): Proto.ITensorProto {
  return {
    name: external.name,
    dims: [...external.shape],
    dataType: elementType[external.type],
    dataLocation: onnx.TensorProto.DataLocation.EXTERNAL,
    externalData: [
      { key: 'location', value: external.file },
      { key: 'offset', value: String(external.offsetBytes) },
      { key: 'length', value: String(external.lengthBytes) },
    ],
  };
}

function nodeProto(node: OnnxNode, index: number): Proto.INodeProto {
  return {
    name: `n${index}`,
    opType: node.op,
    domain: node.domain,
    input: [...node.inputs],
    output: [...node.outputs],
    attribute: Object.entries(node.attributes).map(([name, value]) => attributeProto(name, value)),
  };
}

function attributeProto(name: string, value: OnnxAttribute): Proto.IAttributeProto {
  const type = onnx.AttributeProto.AttributeType;
  if ('int' in value) return { name, type: type.INT, i: value.int };
  if ('float' in value) return { name, type: type.FLOAT, f: value.float };
  if ('ints' in value) return { name, type: type.INTS, ints: [...value.ints] };
  if ('graph' in value) return { name, type: type.GRAPH, g: graphProto(value.graph) };
  return { name, type: type.STRING, s: new TextEncoder().encode(value.string) };
}

const elementType: Readonly<Record<OnnxType, number>> = {
  f32: onnx.TensorProto.DataType.FLOAT,
  i32: onnx.TensorProto.DataType.INT32,
  i64: onnx.TensorProto.DataType.INT64,
  bool: onnx.TensorProto.DataType.BOOL,
};
