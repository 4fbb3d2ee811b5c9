"""Readers of official files: pure, streaming, from the publisher's file to the rows of a bulk door."""
