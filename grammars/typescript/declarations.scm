; Declarations of TypeScript (and tsx). Captures: the declaration under its kind, @name, and where they exist
; @body, @parameters, @returnType. @container: members take its @name as a prefix. @local: nothing inside is listed.

(function_declaration name: (identifier) @name parameters: (_) @parameters return_type: (_)? @returnType body: (_) @body) @function
(generator_function_declaration name: (identifier) @name parameters: (_) @parameters return_type: (_)? @returnType body: (_) @body) @function
(function_signature name: (identifier) @name parameters: (_) @parameters return_type: (_)? @returnType) @function

(variable_declarator name: (identifier) @name
  value: [(arrow_function parameters: (_) @parameters return_type: (_)? @returnType body: (_) @body)
          (arrow_function parameter: (_) @parameters body: (_) @body)
          (function_expression parameters: (_) @parameters return_type: (_)? @returnType body: (_) @body)
          (generator_function parameters: (_) @parameters return_type: (_)? @returnType body: (_) @body)]) @function
(variable_declarator name: (identifier) @name value: (class body: (_) @body)) @class @container
(variable_declarator name: (identifier) @name value: (_)? @body) @constant

(class_declaration name: (type_identifier) @name body: (_) @body) @class @container
(abstract_class_declaration name: (type_identifier) @name body: (_) @body) @class @container
(interface_declaration name: (type_identifier) @name body: (_) @body) @interface
(type_alias_declaration name: (type_identifier) @name value: (_) @body) @type
(enum_declaration name: (identifier) @name body: (_) @body) @enum
(internal_module name: (_) @name body: (_) @body) @container
(module name: (_) @name body: (_) @body) @container

(class_body (method_definition name: (_) @name parameters: (_) @parameters return_type: (_)? @returnType body: (_) @body) @method)
(class_body (method_signature name: (_) @name parameters: (_) @parameters return_type: (_)? @returnType) @method)
(class_body (abstract_method_signature name: (_) @name parameters: (_) @parameters return_type: (_)? @returnType) @method)
(class_body (public_field_definition name: (_) @name
  value: [(arrow_function parameters: (_) @parameters return_type: (_)? @returnType body: (_) @body)
          (function_expression parameters: (_) @parameters return_type: (_)? @returnType body: (_) @body)]) @method)

(export_statement "default" value: [
  (arrow_function parameters: (_) @parameters return_type: (_)? @returnType body: (_) @body)
  (function_expression parameters: (_) @parameters return_type: (_)? @returnType body: (_) @body)] @function)
(export_statement "default" value: (class body: (_) @body) @class @container)
(export_statement "default" value: [(object) (array) (call_expression) (new_expression) (as_expression) (satisfies_expression)] @constant @body)

[
  (function_declaration)
  (generator_function_declaration)
  (function_expression)
  (generator_function)
  (arrow_function)
  (method_definition)
  (object)
] @local
