"""From a GraphQL document to bytes: compiled once into a plan, executed as batched calls, spliced."""
