"""Holds a running server against the documents it serves of its APIs."""
