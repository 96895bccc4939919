"""The types of CodeGuru Profiler."""
