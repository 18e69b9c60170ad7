; Declarations of JavaScript, CommonJS exports and prototype methods included.
; Captures as in ../typescript/declarations.scm.

(function_declaration name: (identifier) @name parameters: (_) @parameters body: (_) @body) @function
(generator_function_declaration name: (identifier) @name parameters: (_) @parameters body: (_) @body) @function

(variable_declarator name: (identifier) @name
  value: [(arrow_function parameters: (_) @parameters body: (_) @body)
          (arrow_function parameter: (_) @parameters body: (_) @body)
          (function_expression parameters: (_) @parameters body: (_) @body)
          (generator_function parameters: (_) @parameters body: (_) @body)]) @function
(variable_declarator name: (identifier) @name value: (class body: (_) @body)) @class @container
(variable_declarator name: (identifier) @name value: (_)? @body) @constant

(class_declaration name: (identifier) @name body: (_) @body) @class @container

(class_body (method_definition name: (_) @name parameters: (_) @parameters body: (_) @body) @method)
(class_body (field_definition property: (_) @name
  value: [(arrow_function parameters: (_) @parameters body: (_) @body)
          (function_expression parameters: (_) @parameters body: (_) @body)]) @method)

(export_statement "default" value: [
  (arrow_function parameters: (_) @parameters body: (_) @body)
  (function_expression parameters: (_) @parameters body: (_) @body)] @function)
(export_statement "default" value: (class body: (_) @body) @class @container)
(export_statement "default" value: [(object) (array) (call_expression) (new_expression)] @constant @body)

; exports.name = function …, module.exports.name = …
(expression_statement (assignment_expression
  left: (member_expression object: (identifier) @exports property: (property_identifier) @name)
  right: [(arrow_function parameters: (_) @parameters body: (_) @body)
          (function_expression parameters: (_) @parameters body: (_) @body)]) @function
  (#eq? @exports "exports"))
(expression_statement (assignment_expression
  left: (member_expression object: (member_expression) @exports property: (property_identifier) @name)
  right: [(arrow_function parameters: (_) @parameters body: (_) @body)
          (function_expression parameters: (_) @parameters body: (_) @body)]) @function
  (#eq? @exports "module.exports"))

; Type.prototype.name = function …
(expression_statement (assignment_expression
  left: (member_expression
    object: (member_expression object: (identifier) @owner property: (property_identifier) @prototype)
    property: (property_identifier) @name)
  right: (function_expression parameters: (_) @parameters body: (_) @body)) @method
  (#eq? @prototype "prototype"))

[
  (function_declaration)
  (generator_function_declaration)
  (function_expression)
  (generator_function)
  (arrow_function)
  (method_definition)
  (object)
] @local
