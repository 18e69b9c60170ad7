// What a file's path alone gives away. The patterns are data; the first that matches names the reason.
import type { Refusal, RefusalReason } from './refusal.ts';

export function refuseByName(path: string): Refusal | null {
  for (const { reason, pattern, detail } of patterns) if (pattern.test(path)) return { reason, detail: `path matches ${detail}` };
  return null;
}

const patterns: readonly { readonly reason: RefusalReason; readonly pattern: RegExp; readonly detail: string }[] = [
  {
    reason: 'lockFile',
    pattern: /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|deno\.lock|poetry\.lock|Pipfile\.lock|uv\.lock|pdm\.lock|Cargo\.lock|Gemfile\.lock|composer\.lock|go\.sum|flake\.lock)$/,
    detail: 'a lock file',
  },
  {
    reason: 'vendored',
    pattern: /(?:^|\/)(?:node_modules|bower_components|jspm_packages|vendors?|third[-_]?party|site-packages|\.?venv|\.yarn|Pods|__pypackages__)\//i,
    detail: 'a folder of other people’s code',
  },
  // `build`, `out` and `target` name source folders too; at the top of a project or package they hold outputs.
  { reason: 'vendored', pattern: /(?:^|\/)(?:dist|\.next|\.nuxt|\.output|\.svelte-kit|__pycache__|coverage)\//, detail: 'a folder of build outputs' },
  { reason: 'vendored', pattern: /^(?:(?:packages|apps|libs)\/[^/]+\/)?(?:build|out|target)\//, detail: 'a folder of build outputs' },
  { reason: 'minified', pattern: /[.-]min\.(?:[cm]?js|css)$/i, detail: '*.min.js' },
  { reason: 'minified', pattern: /\.(?:bundle|chunk)\.[cm]?js$/i, detail: '*.bundle.js' },
  { reason: 'generated', pattern: /(?:^|\/)(?:__generated__|generated)\//i, detail: 'a folder of generated code' },
  { reason: 'generated', pattern: /\.(?:generated|gen|g)\.[cm]?[jt]sx?$|(?:_pb2(?:_grpc)?\.pyi?|_pb\.(?:d\.ts|[jt]s)|\.pb\.[jt]s)$/i, detail: 'a name that generators give' },
  {
    reason: 'binary',
    pattern: /\.(?:png|jpe?g|gif|webp|ico|bmp|avif|pdf|zip|gz|tgz|bz2|xz|7z|jar|wasm|node|so|dylib|dll|exe|bin|woff2?|ttf|otf|eot|mp[34]|wav|ogg|webm|mov|sqlite3?|db|onnx|safetensors|pyc)$/i,
    detail: 'a binary format',
  },
];
