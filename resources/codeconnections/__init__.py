"""Connections to where code is kept: CodeConnections, which was CodeStar Connections."""
