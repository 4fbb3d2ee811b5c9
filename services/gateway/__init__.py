"""The public door: GraphQL for front ends, REST for LMS and HRIS."""
