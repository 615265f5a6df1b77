//! What the service does, from outside: a chapter a noun, sentences as names.

#[cfg(test)]
mod cost;
#[cfg(test)]
mod simulation;
