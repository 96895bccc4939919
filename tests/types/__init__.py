"""What the facts of types are held against: their schemas, botocore's models, CloudFormation."""
