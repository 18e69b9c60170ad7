; Names in JavaScript code. Captures as in ../typescript/references.scm.

(call_expression function: (identifier) @call)
(call_expression function: (member_expression property: (_) @call))
(new_expression constructor: (identifier) @call)
(new_expression constructor: (member_expression property: (property_identifier) @call))

[
  (identifier)
  (shorthand_property_identifier)
] @reference
(member_expression property: [(property_identifier) (private_property_identifier)] @reference)

(function_declaration name: (_) @declared)
(generator_function_declaration name: (_) @declared)
(function_expression name: (_) @declared)
(class_declaration name: (_) @declared)
(class name: (_) @declared)
(variable_declarator name: (identifier) @declared)
(formal_parameters (identifier) @declared)
(formal_parameters (assignment_pattern left: (identifier) @declared))
(rest_pattern (identifier) @declared)
(arrow_function parameter: (identifier) @declared)
(catch_clause parameter: (identifier) @declared)
(array_pattern (identifier) @declared)
(pair_pattern value: (identifier) @declared)
(for_in_statement left: (identifier) @declared)
