//! The behaviour of the service, from outside: a chapter a noun, sentences as names.

#[cfg(test)]
mod access;
#[cfg(test)]
mod administration;
#[cfg(test)]
mod amendment;
#[cfg(test)]
mod arrival;
#[cfg(test)]
mod assignment;
#[cfg(test)]
mod attachment;
#[cfg(test)]
mod authorization;
#[cfg(test)]
mod binding;
#[cfg(test)]
mod bounds;
#[cfg(test)]
mod clock;
#[cfg(test)]
mod closing;
#[cfg(test)]
mod cost;
#[cfg(test)]
mod counter;
#[cfg(test)]
mod delivery;
#[cfg(test)]
mod demo_people;
#[cfg(test)]
mod dialog;
#[cfg(test)]
mod document;
#[cfg(test)]
mod durability;
#[cfg(test)]
mod fault;
#[cfg(test)]
mod feed;
#[cfg(test)]
mod http;
#[cfg(test)]
mod list;
#[cfg(test)]
mod message;
#[cfg(test)]
mod messenger;
#[cfg(test)]
mod precedence;
#[cfg(test)]
mod presence;
#[cfg(test)]
mod rate;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod repetition;
#[cfg(test)]
mod rollback;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod search;
#[cfg(test)]
mod session;
#[cfg(test)]
mod shape;
#[cfg(test)]
mod sharing;
#[cfg(test)]
mod simulation;
#[cfg(test)]
mod socket;
#[cfg(test)]
mod template;
#[cfg(test)]
mod tenant;
#[cfg(test)]
mod text;
#[cfg(test)]
mod timeline;
#[cfg(test)]
mod typing;
#[cfg(test)]
mod webhook;
#[cfg(test)]
mod widget;
