"""Checks on what was performed: one small file a code.

A check gets sessions, the prescription in force and the limits as arguments; it never asks who prescribed.
"""
