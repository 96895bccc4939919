"""CodePipeline: from a push to what runs, in stages."""
