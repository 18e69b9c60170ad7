; Declarations of Python. Captures as in ../typescript/declarations.scm.
; A function directly inside a class is turned into a method by the code, since a query cannot look upwards.

(function_definition name: (identifier) @name parameters: (_) @parameters return_type: (_)? @returnType body: (_) @body) @function
(class_definition name: (identifier) @name body: (_) @body) @class @container
(module (expression_statement . (assignment left: (identifier) @name right: (_) @body) .) @constant)
(module (expression_statement . (assignment left: (identifier) @name type: (_) right: (_) @body) .) @constant)
(module (type_alias_statement left: (type (identifier) @name) right: (_) @body) @type)

[
  (function_definition)
  (lambda)
  (dictionary)
] @local
