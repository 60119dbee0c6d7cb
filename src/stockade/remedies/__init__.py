"""What the fixes of several controls have in common, in the model's words; it decides no verdict."""
