; Names in Python code. Captures as in ../typescript/references.scm.

(call function: (identifier) @call)
(call function: (attribute attribute: (identifier) @call))

(identifier) @reference

(function_definition name: (_) @declared)
(class_definition name: (_) @declared)
(parameters (identifier) @declared)
(lambda_parameters (identifier) @declared)
(typed_parameter . (identifier) @declared)
(default_parameter name: (identifier) @declared)
(typed_default_parameter name: (identifier) @declared)
(list_splat_pattern (identifier) @declared)
(dictionary_splat_pattern (identifier) @declared)
(assignment left: (identifier) @declared)
(assignment left: (pattern_list (identifier) @declared))
(for_statement left: (identifier) @declared)
(for_in_clause left: (identifier) @declared)
(as_pattern_target (identifier) @declared)
(keyword_argument name: (identifier) @declared)
