"""The argument of a verdict as a graph (``graph``), and the graph drawn (``drawn``)."""

from __future__ import annotations

from advisor.picture.drawing import WIDE, Box, Curve, Drawing, Heading, drawn
from advisor.picture.graph import Edge, EdgeKind, Graph, Node, NodeKind, graph

__all__ = [
    "WIDE",
    "Box",
    "Curve",
    "Drawing",
    "Edge",
    "EdgeKind",
    "Graph",
    "Heading",
    "Node",
    "NodeKind",
    "drawn",
    "graph",
]
