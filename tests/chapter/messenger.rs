//! Conversations over messengers, from both sides: what a client writes there comes in, and what an
//! operator answers arrives there, in order, with its state in sight.

mod bench;
mod receiver;
mod restart;
mod telegram;
mod volume;
