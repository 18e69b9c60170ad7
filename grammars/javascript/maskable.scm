; What can be masked and filled in, in JavaScript: @expression, @statement (used where it fits on one line), @block (braces included).

[
  (call_expression)
  (new_expression)
  (binary_expression)
  (ternary_expression)
  (await_expression)
  (unary_expression)
  (template_string)
  (object)
  (array)
] @expression
(return_statement (_) @expression)
(variable_declarator value: (_) @expression)
(assignment_expression right: (_) @expression)
(if_statement condition: (parenthesized_expression (_) @expression))
(while_statement condition: (parenthesized_expression (_) @expression))
(arguments (_) @expression)
(arrow_function body: (_) @expression)

[
  (expression_statement)
  (lexical_declaration)
  (variable_declaration)
  (return_statement)
  (throw_statement)
  (if_statement)
] @statement
(class_body (field_definition) @statement)

(if_statement consequence: (statement_block) @block)
(else_clause (statement_block) @block)
(for_statement body: (statement_block) @block)
(for_in_statement body: (statement_block) @block)
(while_statement body: (statement_block) @block)
(do_statement body: (statement_block) @block)
(try_statement body: (statement_block) @block)
(catch_clause body: (statement_block) @block)
(finally_clause body: (statement_block) @block)
(arrow_function body: (statement_block) @block)
(function_expression body: (statement_block) @block)
