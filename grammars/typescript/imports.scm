; Imports of TypeScript. Captures: @import with @specifier, and per imported name @imported (and @local where it is renamed),
; @default or @namespace.

(import_statement source: (string (string_fragment) @specifier)) @import
(export_statement source: (string (string_fragment) @specifier)) @import
(import_require_clause (identifier) @namespace source: (string (string_fragment) @specifier)) @import
(call_expression function: (import) arguments: (arguments . (string (string_fragment) @specifier))) @import
(call_expression function: (identifier) @require arguments: (arguments . (string (string_fragment) @specifier) .)
  (#eq? @require "require")) @import

(import_clause (identifier) @default)
(import_clause (namespace_import (identifier) @namespace))
(import_specifier name: (_) @imported alias: (_)? @local)
(export_statement (export_clause (export_specifier name: (_) @imported alias: (_)? @local)) source: (_))
