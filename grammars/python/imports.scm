; Imports of Python. Captures as in ../typescript/imports.scm.

(import_statement name: (dotted_name) @specifier @namespace) @import
(import_statement name: (aliased_import name: (dotted_name) @specifier alias: (identifier) @namespace)) @import
(import_from_statement module_name: (_) @specifier) @import

(import_from_statement module_name: (_) name: (dotted_name) @imported)
(import_from_statement module_name: (_) name: (aliased_import name: (dotted_name) @imported alias: (identifier) @local))
