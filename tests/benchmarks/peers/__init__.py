"""What Carillon is measured against: each a function of its own, served by functions-framework."""
