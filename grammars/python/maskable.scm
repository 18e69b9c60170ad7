; What can be masked and filled in, in Python. Captures as in ../typescript/maskable.scm; a block is its suite.

[
  (call)
  (binary_operator)
  (boolean_operator)
  (comparison_operator)
  (not_operator)
  (conditional_expression)
  (await)
  (list)
  (dictionary)
  (list_comprehension)
  (dictionary_comprehension)
] @expression
(return_statement (_) @expression)
(assignment right: (_) @expression)
(if_statement condition: (_) @expression)
(while_statement condition: (_) @expression)
(argument_list (_) @expression)

[
  (expression_statement)
  (return_statement)
  (raise_statement)
  (assert_statement)
] @statement

(if_statement consequence: (block) @block)
(elif_clause consequence: (block) @block)
(else_clause body: (block) @block)
(for_statement body: (block) @block)
(while_statement body: (block) @block)
(try_statement body: (block) @block)
(except_clause (block) @block)
(finally_clause (block) @block)
(with_statement body: (block) @block)
