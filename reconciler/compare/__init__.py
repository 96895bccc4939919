"""Two environments side by side, as their YAML declares them: AWS is asked nothing."""
