"""Human judgement: findings, verdict, stages, edits."""
