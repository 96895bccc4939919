"""CodeBuild: what makes artifacts of code."""
