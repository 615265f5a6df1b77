//! What the service does, from outside: a chapter a noun, sentences as names.
