"""The GraphQL types: the contract with front ends, and where each type and edge is read from."""
